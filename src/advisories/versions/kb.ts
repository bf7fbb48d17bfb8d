// SPDX-License-Identifier: Apache-2.0
// Updates of Windows by knowledge base number (`KB4562562`): advisories list numbers, they state no ranges.
import { holdsConstraint } from '../version-text/constraint.ts';
import { compareCounts, compareTexts, countOf, isDigits } from '../version-text/counts.ts';
import { defineVersionOrder } from './order.ts';

/** Numbers before other texts, so that the order is total. */
function compare(a: string, b: string): number {
  const left = withoutPrefix(a);
  const right = withoutPrefix(b);
  if (isDigits(left) && isDigits(right)) return compareCounts(countOf(left), countOf(right));
  return Number(isDigits(right)) - Number(isDigits(left)) || compareTexts(left, right);
}

function withoutPrefix(version: string): string {
  return version.trim().replace(/^kb(?=\d)/i, '');
}

function satisfies(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compare(version, bound));
}

export const kb = defineVersionOrder({
  id: 'kb',
  ecosystems: [],
  compare,
  isValid: (version) => isDigits(withoutPrefix(version)),
  satisfies,
  affects: satisfies,
});
