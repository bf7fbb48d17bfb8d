// SPDX-License-Identifier: Apache-2.0
// Values that an outsider writes freely (docs.github.com, "Secure use reference", script injection), looked for in an expression that becomes
// part of a script. Which checks apply elsewhere is no concern of it.
import type { ExpressionNode } from '../../../../formats/github-expression/ast.ts';
import { childrenOf } from '../../../../formats/github-expression/ast.ts';
import type { ReferenceStep } from '../../../../formats/github-expression/references.ts';
import { referenceOf } from '../../../../formats/github-expression/references.ts';

const untrustedPaths: readonly (readonly string[])[] = [
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
  'github.event.workflow_run.head_commit.message',
  'github.event.workflow_run.head_commit.author.email',
  'github.event.workflow_run.head_commit.author.name',
  'github.head_ref',
].map((path) => path.split('.'));

/** What they give is a truth value, which says nothing of the text. */
const harmlessFunctions = new Set(['contains', 'startswith', 'endswith', 'hashfiles']);

export interface UntrustedUse {
  /** The paths it may stand for: several behind `.*`. */
  readonly paths: readonly string[];
  readonly node: ExpressionNode;
}

/** The uses of untrusted values that reach the result of the expression. */
export function untrustedUses(root: ExpressionNode): readonly UntrustedUse[] {
  const found: UntrustedUse[] = [];
  collect(root, found);
  return found;
}

function collect(node: ExpressionNode, found: UntrustedUse[]): void {
  if (node.kind === 'call' && harmlessFunctions.has(node.name.toLowerCase())) return;
  // A comparison is true or false, whatever is compared.
  if (node.kind === 'comparison' || node.kind === 'not') return;
  const steps = pathOf(node);
  if (steps === undefined) {
    for (const child of childrenOf(node)) collect(child, found);
    return;
  }
  const paths = untrustedPaths.filter((path) => matches(path, steps)).map((path) => path.join('.'));
  if (paths.length > 0) found.push({ paths, node });
  collectIndexes(node, found);
}

/** The names of a chain; an index into what `.*` gave picks one of the values and is left out. */
function pathOf(node: ExpressionNode): readonly ReferenceStep[] | undefined {
  let isFiltered = false;
  return referenceOf(node)?.filter((step) => {
    const isPick = isFiltered && step === undefined;
    isFiltered = step === '*' || (isFiltered && step !== undefined);
    return !isPick;
  });
}

/** Computed indexes in a chain are expressions of their own. */
function collectIndexes(node: ExpressionNode, found: UntrustedUse[]): void {
  let at = node;
  while (at.kind === 'property' || at.kind === 'index' || at.kind === 'star') {
    if (at.kind === 'index') collect(at.index, found);
    at = at.receiver;
  }
}

/** A star stands for any name; an index that is a number or is computed, for one element of a list. */
function matches(path: readonly string[], steps: readonly ReferenceStep[]): boolean {
  return (
    path.length === steps.length &&
    path.every((name, at) => {
      const step = steps[at];
      if (step === '*') return at >= 2;
      return step === name || name === '*';
    })
  );
}
