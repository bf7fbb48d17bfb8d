// SPDX-License-Identifier: Apache-2.0
// What the reports of commands that run checks over files have in common.
import type { Problem } from '../../model/problem.ts';

export interface CheckReport {
  /** As it was typed. */
  readonly target: string;
  readonly problems: readonly Problem[];
}

export interface RowFolding<T> {
  /** Findings with the same key stand together. */
  readonly key: (finding: T) => string;
  /** How many of a key get a row of their own. */
  readonly shown: number;
  readonly row: (finding: T) => readonly string[];
  /** The row for the others: `and 12 more` with the remedy that they share. */
  readonly rest: (first: T, more: string) => readonly string[];
}

/** Rows of findings in their order, with those of one key together, so that a check that is met everywhere does not hide the others. */
export function foldedRows<T>(
  findings: readonly T[],
  { key, shown, row, rest }: RowFolding<T>,
): readonly (readonly string[])[] {
  return [...Map.groupBy(findings, key).values()].flatMap((group) => {
    const rows = group.slice(0, shown).map(row);
    const [first] = group;
    const more = group.length - shown;
    return more > 0 && first !== undefined ? [...rows, rest(first, `and ${more} more`)] : rows;
  });
}
