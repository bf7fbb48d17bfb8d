// SPDX-License-Identifier: Apache-2.0
// The members of GitHub's contexts that somebody outside writes freely, and where their text reaches the result of an expression.
// docs.github.com, "Secure use reference", script injection; securitylab.github.com/research/github-actions-untrusted-input.
// How much of any other context can be chosen: github/context-trust.ts.
import type { ExpressionNode } from '../../formats/github-expression/ast.ts';
import { childrenOf } from '../../formats/github-expression/ast.ts';
import type { ReferenceStep } from '../../formats/github-expression/references.ts';
import { referenceOf } from '../../formats/github-expression/references.ts';

/** Steps in lower case; `*` is an element of a list or a member with a name of the sender's choice, `**` at the end everything below. */
export type UntrustedPath = readonly string[];

/** Everybody who can open an issue, comment, or propose a change. */
export const outsiderPaths: readonly UntrustedPath[] = [
  'github.event.issue.title',
  'github.event.issue.body',
  'github.event.pull_request.title',
  'github.event.pull_request.body',
  'github.event.pull_request.head.ref',
  'github.event.pull_request.head.label',
  'github.event.pull_request.head.repo.default_branch',
  'github.event.comment.body',
  'github.event.review.body',
  'github.event.review_comment.body',
  'github.event.pages.*.page_name',
  'github.event.commits.*.message',
  'github.event.commits.*.author.email',
  'github.event.commits.*.author.name',
  'github.event.head_commit.message',
  'github.event.head_commit.author.email',
  'github.event.head_commit.author.name',
  'github.event.discussion.title',
  'github.event.discussion.body',
  'github.event.workflow_run.head_branch',
  'github.event.workflow_run.display_title',
  'github.event.workflow_run.head_commit.message',
  'github.event.workflow_run.head_commit.author.email',
  'github.event.workflow_run.head_commit.author.name',
  'github.event.workflow_run.head_repository.description',
  'github.event.workflow_run.head_repository.owner.email',
  'github.event.workflow_run.pull_requests.*.head.ref',
  'github.event.workflow_run.pull_requests.*.head.repo.name',
  'github.head_ref',
].map(pathOf);

/** Who starts a workflow by hand or by the API: a member, or whatever program has the token. */
export const callerPaths: readonly UntrustedPath[] = ['github.event.inputs.*', 'github.event.client_payload.**'].map(
  pathOf,
);

function pathOf(text: string): UntrustedPath {
  return text.split('.');
}

/** What they give is a truth value or a digest, which says nothing of the text. */
const harmlessFunctions = new Set(['contains', 'startswith', 'endswith', 'hashfiles']);

export interface UntrustedUse {
  /** The paths it may stand for: several behind `.*`. */
  readonly paths: readonly string[];
  /** As it is written, in lower case; elements of lists as `*`. */
  readonly written: string;
  readonly node: ExpressionNode;
}

/** The uses of values under `untrusted` that reach the result of the expression. */
export function untrustedUses(
  root: ExpressionNode,
  untrusted: readonly UntrustedPath[] = outsiderPaths,
): readonly UntrustedUse[] {
  const found: UntrustedUse[] = [];
  collect(root, { untrusted, found });
  return found;
}

interface Search {
  readonly untrusted: readonly UntrustedPath[];
  readonly found: UntrustedUse[];
}

function collect(node: ExpressionNode, search: Search): void {
  if (node.kind === 'call' && harmlessFunctions.has(node.name.toLowerCase())) return;
  // A comparison is true or false, whatever is compared.
  if (node.kind === 'comparison' || node.kind === 'not') return;
  const steps = stepsOf(node);
  if (steps === undefined) {
    for (const child of childrenOf(node)) collect(child, search);
    return;
  }
  const paths = search.untrusted.filter((path) => matches(path, steps)).map((path) => path.join('.'));
  if (paths.length > 0) search.found.push({ paths, written: writtenOf(steps), node });
  collectIndexes(node, search);
}

function writtenOf(steps: readonly ReferenceStep[]): string {
  return steps.map((step) => step ?? '*').join('.');
}

/** The names of a chain; an index into what `.*` gave picks one of the values and is left out. */
function stepsOf(node: ExpressionNode): readonly ReferenceStep[] | undefined {
  let isFiltered = false;
  return referenceOf(node)?.filter((step) => {
    const isPick = isFiltered && step === undefined;
    isFiltered = step === '*' || (isFiltered && step !== undefined);
    return !isPick;
  });
}

/** Computed indexes in a chain are expressions of their own. */
function collectIndexes(node: ExpressionNode, search: Search): void {
  let at = node;
  while (at.kind === 'property' || at.kind === 'index' || at.kind === 'star') {
    if (at.kind === 'index') collect(at.index, search);
    at = at.receiver;
  }
}

/** A star stands for any name; an index that is a number or is computed, for one element of a list. */
function matches(path: UntrustedPath, steps: readonly ReferenceStep[]): boolean {
  const isWithin = path.at(-1) === '**' ? steps.length >= path.length : steps.length === path.length;
  return (
    isWithin &&
    path.every((name, at) => {
      const step = steps[at];
      if (step === '*') return at >= 2;
      return step === name || name === '*' || name === '**';
    })
  );
}
