// SPDX-License-Identifier: Apache-2.0
// Debian and its children: `[epoch:]upstream[-revision]`, Debian Policy 5.6.12 and deb-version(7).

import { holdsConstraint } from '../version-text/constraint.ts';
import { compareCounts, countOf, isDigit, isLetter, skipDigits } from '../version-text/counts.ts';
import { remember } from '../version-text/memo.ts';
import { parseEvr } from '../version-text/rpm-segments.ts';
import { defineVersionOrder } from './order.ts';

const parse = remember(parseEvr);

function compare(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  return (
    compareCounts(countOf(left.epoch ?? ''), countOf(right.epoch ?? '')) ||
    comparePart(left.version, right.version) ||
    comparePart(left.release ?? '', right.release ?? '')
  );
}

/** dpkg's verrevcmp: runs of non-digits by `weight`, runs of digits as numbers, in turn. */
function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while (weight(a, i) !== 0 || weight(b, j) !== 0) {
      const difference = weight(a, i) - weight(b, j);
      if (difference !== 0) return difference;
      i += 1;
      j += 1;
    }
    const nextI = skipDigits(a, i);
    const nextJ = skipDigits(b, j);
    const difference = compareCounts(countOf(a.slice(i, nextI)), countOf(b.slice(j, nextJ)));
    if (difference !== 0) return difference;
    i = nextI;
    j = nextJ;
  }
  return 0;
}

/** `~` before the end and digits, then letters, then everything else. */
function weight(text: string, at: number): number {
  if (at >= text.length) return 0;
  const code = text.charCodeAt(at);
  if (isDigit(code)) return 0;
  if (code === 126) return -1;
  return isLetter(code) ? code : code + 256;
}

function satisfies(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compare(version, bound));
}

export const dpkg = defineVersionOrder({
  id: 'dpkg',
  ecosystems: ['Debian', 'Ubuntu', 'Echo', 'Docker Hardened Images'],
  compare,
  isValid: (version) => /^(?:\d{1,10}:)?\d[0-9A-Za-z.+~:-]{0,511}$/.test(version),
  satisfies,
  affects: satisfies,
});
