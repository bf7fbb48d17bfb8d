// SPDX-License-Identifier: Apache-2.0
// What a rule of the workflow lint says: a kind, a sentence, and an offset in the file. finding-of.ts makes findings of them.

/** The names are those of actionlint, so that ignores and habits carry over. */
export const lintKinds = [
  'syntax-check',
  'expression',
  'events',
  'action',
  'glob',
  'matrix',
  'id',
  'if-cond',
  'job-needs',
  'permissions',
  'credentials',
  'runner-label',
  'shell-name',
  'env-var',
  'workflow-call',
  'deprecated-commands',
] as const;
export type LintKind = (typeof lintKinds)[number];

export interface LintFault {
  readonly kind: LintKind;
  /** Worded as actionlint words it, because the ignore patterns of its configuration are matched against the sentence. */
  readonly message: string;
  /** UTF-16 offset in the text of the file. */
  readonly offset: number;
  /** Of an expression in a text of several lines: offset at which the text begins. */
  readonly textOffset?: number;
  /** What an outsider writes reaches a script: rated higher than other faults of its kind. */
  readonly isInjection?: true;
}

/** Where rules leave faults. */
export type Report = (fault: LintFault) => void;

/** `"a", "b", "c"`, sorted. */
export function quotedList(names: Iterable<string>): string {
  return [...names]
    .sort()
    .map((name) => JSON.stringify(name))
    .join(', ');
}
