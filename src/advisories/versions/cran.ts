// SPDX-License-Identifier: Apache-2.0
// R (CRAN, Bioconductor): numbers separated by `.` or `-`, as package_version() orders them: a missing part comes first.
import { holdsConstraint } from '../version-text/constraint.ts';
import { compareNumbers, numbersOf } from '../version-text/lists.ts';
import { remember } from '../version-text/memo.ts';
import { defineVersionOrder } from './order.ts';

const parse = remember((version: string) => numbersOf(version, /[.-]/));

function compare(a: string, b: string): number {
  return compareNumbers(parse(a), parse(b));
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
