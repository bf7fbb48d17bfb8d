// SPDX-License-Identifier: Apache-2.0
// R (CRAN, Bioconductor): numbers separated by `.` or `-`, as package_version() orders them: a missing part comes first.
import { holdsConstraint } from '../version-text/constraint.ts';
import { type Count, compareCounts, countOf } from '../version-text/counts.ts';
import { remember } from '../version-text/memo.ts';
import { defineVersionOrder } from './order.ts';

const parse = remember((version: string): readonly Count[] =>
  version
    .trim()
    .split(/[.-]/)
    .map((part) => countOf(/^\d{0,512}/.exec(part)?.[0] ?? '')),
);

function compare(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = compareCounts(left[at] ?? 0, right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** `>= 3.5.0`, also with the parentheses of a DESCRIPTION file. */
function satisfies(version: string, constraint: string): boolean | undefined {
  const inner = /^\s*\(([^()]{0,512})\)\s*$/.exec(constraint)?.[1] ?? constraint;
  return holdsConstraint(inner, (bound) => compare(version, bound));
}

export const cran = defineVersionOrder({
  id: 'cran',
  ecosystems: ['CRAN', 'Bioconductor'],
  compare,
  isValid: (version) => /^\d{1,18}(?:[.-]\d{1,18}){1,31}$/.test(version),
  satisfies,
  affects: satisfies,
});
