// SPDX-License-Identifier: Apache-2.0
// The fix for a template in a script: an environment variable in its place, which the shell reads as a text and not as code.
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import type { RunStep } from '../../../formats/github-workflow/step.ts';
import type { YamlTree } from '../../../formats/yaml-tree.ts';
import { entryOf } from '../../../formats/yaml-tree.ts';
import type { Fix } from '../../../model/text-edit.ts';
import type { FileExpression } from './expressions.ts';
import { shellName } from './shell-commands.ts';
import { replaceSpan, setMembers } from './yaml-edits.ts';

/**
 * Variables that the runner always sets from the member of `github` of the same name.
 * https://docs.github.com/actions/reference/workflows-and-actions/variables#default-environment-variables
 */
const defaultVariables: ReadonlySet<string> = new Set(
  `GITHUB_ACTION GITHUB_ACTION_PATH GITHUB_ACTION_REPOSITORY GITHUB_ACTOR GITHUB_ACTOR_ID GITHUB_API_URL GITHUB_BASE_REF GITHUB_EVENT_NAME
  GITHUB_EVENT_PATH GITHUB_GRAPHQL_URL GITHUB_HEAD_REF GITHUB_JOB GITHUB_REF GITHUB_REF_NAME GITHUB_REF_PROTECTED GITHUB_REF_TYPE
  GITHUB_REPOSITORY GITHUB_REPOSITORY_ID GITHUB_REPOSITORY_OWNER GITHUB_REPOSITORY_OWNER_ID GITHUB_RETENTION_DAYS GITHUB_RUN_ATTEMPT
  GITHUB_RUN_ID GITHUB_RUN_NUMBER GITHUB_SERVER_URL GITHUB_SHA GITHUB_TRIGGERING_ACTOR GITHUB_WORKFLOW GITHUB_WORKFLOW_REF
  GITHUB_WORKFLOW_SHA GITHUB_WORKSPACE RUNNER_ARCH RUNNER_DEBUG RUNNER_ENVIRONMENT RUNNER_NAME RUNNER_OS RUNNER_TEMP RUNNER_TOOL_CACHE`.split(
    /\s+/,
  ),
);

/** Undefined where the expression is more than one context, the shell has no such variables, or the text does not allow the change. */
export function variableFix(
  tree: YamlTree,
  step: RunStep,
  template: { readonly expression: FileExpression; readonly shell: string },
): Fix | undefined {
  const { expression } = template;
  const variable = variableOf(expression.node);
  const reference = variable === undefined ? undefined : referenceIn(template.shell, variable.name);
  if (variable === undefined || reference === undefined || step.run.node.alias !== undefined) return undefined;
  const replaced = replaceSpan(tree, expression.span, reference);
  const title = `Use the environment variable ${variable.name}`;
  const isSet = variable.isSet || entryOf(entryOf(step.node, 'env')?.value, variable.name) !== undefined;
  if (isSet) return { title, safety: 'unsafe', edits: [replaced] };
  const written = `\${{${expression.source}}}`;
  if (/[\n'"]/.test(written)) return undefined;
  const added = setMembers(tree, step.node, { key: 'env', members: { [variable.name]: written } });
  return added === undefined ? undefined : { title, safety: 'unsafe', edits: [replaced, ...added] };
}

/** `github.event.issue.title` becomes GITHUB_EVENT_ISSUE_TITLE; `env.NAME` is a variable already. */
function variableOf(node: ExpressionNode): { readonly name: string; readonly isSet: boolean } | undefined {
  const names = namesIn(node);
  if (names === undefined) return undefined;
  const [root, ...rest] = names;
  if (root?.toLowerCase() === 'env')
    return rest.length === 1 && isName(rest[0] ?? '') ? { name: rest[0] ?? '', isSet: true } : undefined;
  const name = names.join('_').replaceAll('-', '_').toUpperCase();
  return isName(name) ? { name, isSet: names.length === 2 && defaultVariables.has(name) } : undefined;
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w{0,200}$/.test(text);
}

const ordinals = ['FIRST', 'SECOND', 'THIRD'];

/** Names as written; `labels[0].name` gives `FIRST` before `labels`, `labels.*.name` gives `ANY`. */
function namesIn(node: ExpressionNode): readonly string[] | undefined {
  if (node.kind === 'variable') return [node.name];
  if (node.kind !== 'property' && node.kind !== 'index' && node.kind !== 'star') return undefined;
  const before = namesIn(node.receiver);
  if (before === undefined) return undefined;
  if (node.kind === 'property') return [...before, node.name];
  const last = before.at(-1) ?? '';
  if (node.kind === 'star') return [...before.slice(0, -1), 'ANY', last];
  if (node.index.kind === 'string') return [...before, node.index.value];
  if (node.index.kind !== 'number') return undefined;
  return [...before.slice(0, -1), ordinals[node.index.value] ?? `${node.index.value + 1}TH`, last];
}

function referenceIn(shell: string, name: string): string | undefined {
  switch (shellName(shell)) {
    case 'bash':
    case 'sh':
    case 'zsh':
      return `\${${name}}`;
    case 'pwsh':
    case 'powershell':
      return `$env:${name}`;
    case 'cmd':
      return `%${name}%`;
    default:
      return undefined;
  }
}
