// SPDX-License-Identifier: Apache-2.0
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import { nodesOf } from '../../../formats/github-expression/ast.ts';
import { conditionsOf } from '../github/conditions.ts';
import { contextPath } from '../github/flow.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const unsoundContains = defineGithubCheck({
  id: 'unsound-contains',
  aliases: ['zizmor/unsound-contains'],
  title: 'A condition that any part of a text fulfils',
  principle: 'injection',
  why: 'contains() of a text looks for a part of it: a branch named "ma" is contained in "main develop".',
  remediation: 'Compare with each value by ==, or give contains() a list: fromJSON(\'["main"]\').',
  urls: ['https://docs.github.com/actions/reference/workflows-and-actions/expressions#contains'],
  kinds: ['workflow', 'action'],
  example: {
    good: "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    if: github.ref_name == 'main'\n    steps: []\n",
    bad: "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    if: contains('main develop', github.ref_name)\n    steps: []\n",
  },
  run(file, { expressions }) {
    return conditionsOf(file).flatMap(({ text, around, ...names }) =>
      expressions.ofCondition(text.node).flatMap((expression) =>
        nodesOf(expression.node).flatMap((node): GithubFault[] => {
          const searched = searchedContext(node);
          if (searched === undefined) return [];
          const isChosen = isChosenByOthers(contextPath(searched)?.join('.') ?? '');
          return [
            {
              message: `the condition holds for any part of the text, also for one that is chosen as ${expression.written(searched).trim()}`,
              severity: isChosen ? 'high' : 'negligible',
              confidence: 'high',
              places: [text.entry?.span ?? text.node.place, expression.place(searched)],
              around: [around],
              ...names,
            },
          ];
        }),
      ),
    );
  },
});

/** `contains('a text', a.context)` */
function searchedContext(node: ExpressionNode): ExpressionNode | undefined {
  if (node.kind !== 'call' || node.name.toLowerCase() !== 'contains') return undefined;
  const [text, searched, ...more] = node.arguments;
  if (text?.kind !== 'string' || searched === undefined || more.length > 0) return undefined;
  return contextPath(searched) === undefined ? undefined : searched;
}

function isChosenByOthers(path: string): boolean {
  if (path.startsWith('env.') || path.startsWith('inputs.')) return true;
  return /^github\.(?:actor|base_ref|head_ref|ref|ref_name|sha|triggering_actor)$/.test(path);
}
