// SPDX-License-Identifier: Apache-2.0
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import { childrenOf } from '../../../formats/github-expression/ast.ts';
import { findTrigger } from '../../../formats/github-workflow/triggers.ts';
import type { Workflow } from '../../../formats/github-workflow/workflow.ts';
import type { Fix } from '../../../model/text-edit.ts';
import { conditionsOf } from '../github/conditions.ts';
import type { FileExpression } from '../github/expressions.ts';
import { isContext } from '../github/flow.ts';
import { replaceSpan } from '../github/yaml-edits.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const botConditions = defineGithubCheck({
  id: 'bot-conditions',
  aliases: ['zizmor/bot-conditions'],
  title: 'A condition that takes the actor for the author',
  principle: 'injection',
  why: 'The actor is who did the last thing: an attacker lets the bot touch the pull request, and the check holds for the code of the attacker.',
  remediation: 'Ask who wrote what is worked on: github.event.pull_request.user.login.',
  urls: ['https://www.synacktiv.com/publications/github-actions-exploitation-dependabot'],
  kinds: ['workflow'],
  example: {
    good: "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    if: github.event.pull_request.user.login == 'dependabot[bot]'\n    steps: []\n",
    bad: "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    if: github.actor == 'dependabot[bot]'\n    steps: []\n",
  },
  run(file, { expressions }) {
    const author = file.kind === 'workflow' ? authorOf(file) : undefined;
    if (author === undefined) return [];
    return conditionsOf(file).flatMap(({ text, around, ...names }): GithubFault[] => {
      const [expression] = expressions.ofCondition(text.node);
      const checks = expression === undefined ? [] : botChecks(expression.node, 'decides');
      const [first] = checks;
      if (expression === undefined || first === undefined) return [];
      const fix: Fix = {
        title: `Ask for ${author}`,
        safety: 'safe',
        edits: checks.map((check) => replaceSpan(file.tree, placeOf(expression, check), `${author}.${check.member}`)),
      };
      const isSure = checks.some(({ weight }) => weight === 'decides');
      return [
        {
          message: `${expression.written(first.context).trim()} is whoever acted last and not who wrote what is worked on`,
          severity: 'high',
          confidence: isSure ? 'high' : 'medium',
          places: [placeOf(expression, first), text.entry?.span ?? text.node.place],
          around: [around],
          ...names,
          ...(text.node.alias === undefined ? { fix } : {}),
        },
      ];
    });
  },
});

/** Events that others can bring about, with who wrote what the event is about. */
const authors: Readonly<Record<string, string>> = {
  pull_request_target: 'github.event.pull_request.user',
  workflow_run: 'github.event.workflow_run.actor',
  issue_comment: 'github.event.comment.user',
  pull_request_review: 'github.event.review.user',
  pull_request_review_comment: 'github.event.comment.user',
  issues: 'github.event.issue.user',
  discussion: 'github.event.discussion.user',
  discussion_comment: 'github.event.comment.user',
};

function authorOf(workflow: Workflow): string | undefined {
  const event = Object.keys(authors).find((name) => findTrigger(workflow.triggers, name) !== undefined);
  return event === undefined || !Object.hasOwn(authors, event) ? undefined : authors[event];
}

type Weight = 'decides' | 'among-others';

interface BotCheck {
  readonly context: ExpressionNode;
  readonly member: 'login' | 'id';
  /** `decides`: nothing else in the condition can make it false. */
  readonly weight: Weight;
}

const nameContexts = [
  'github.actor',
  'github.triggering_actor',
  'github.event.pull_request.sender.login',
  'github.event.sender.login',
];
const idContexts = ['github.actor_id', 'github.event.pull_request.sender.id', 'github.event.sender.id'];

/** Account and installation ids of well-known bots: dependabot, its predecessor, renovate, github-actions. */
const botIds: ReadonlySet<string> = new Set(['29110', '49699333', '27856297', '29139614', '41898282']);

function botChecks(node: ExpressionNode, weight: Weight): readonly BotCheck[] {
  if (node.kind === 'comparison' && node.operator === '==') {
    const found = botCheck(node.left, node.right) ?? botCheck(node.right, node.left);
    if (found !== undefined) return [{ ...found, weight }];
  }
  const isChoice = node.kind === 'logical' && node.operator === '||';
  return childrenOf(node).flatMap((child) => botChecks(child, isChoice ? weight : 'among-others'));
}

function botCheck(context: ExpressionNode, value: ExpressionNode): Omit<BotCheck, 'weight'> | undefined {
  if (value.kind !== 'string' && value.kind !== 'number') return undefined;
  const text = value.kind === 'string' ? value.value : value.text;
  if (text.endsWith('[bot]') && nameContexts.some((dotted) => isContext(context, dotted)))
    return { context, member: 'login' };
  return botIds.has(text) && idContexts.some((dotted) => isContext(context, dotted))
    ? { context, member: 'id' }
    : undefined;
}

function placeOf(expression: FileExpression, { context }: BotCheck): { readonly start: number; readonly end: number } {
  return expression.place(context);
}
