// SPDX-License-Identifier: Apache-2.0
// Arch Linux: `[epoch:]version[-release]` as vercmp(8) of pacman orders it. Unlike rpm, letters at the end are before the end
// (`1.0rc < 1.0`), `~` is no more than a separator, and the length of separators counts.
import { holdsConstraint } from '../version-text/constraint.ts';
import {
  compareCounts,
  compareTexts,
  countOf,
  isDigit,
  isLetter,
  skipDigits,
  skipLetters,
} from '../version-text/counts.ts';
import { remember } from '../version-text/memo.ts';
import { parseEvr } from '../version-text/rpm-segments.ts';
import { defineVersionOrder } from './order.ts';

const parse = remember(parseEvr);

function compareUpstream(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  return (
    compareCounts(countOf(left.epoch ?? ''), countOf(right.epoch ?? '')) || compareText(left.version, right.version)
  );
}

function compare(a: string, b: string): number {
  const difference = compareUpstream(a, b);
  if (difference !== 0) return difference;
  const left = parse(a).release;
  const right = parse(b).release;
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  return compareText(left, right);
}

/** vercmp(8): releases are compared only when both sides have one. */
function compareToBound(installed: string, bound: string): number {
  return parse(bound).release === undefined ? compareUpstream(installed, bound) : compare(installed, bound);
}

function compareText(a: string, b: string): number {
  let i = 0;
  let j = 0;
  if (a === b) return 0;
  for (;;) {
    const startI = skipSeparators(a, i);
    const startJ = skipSeparators(b, j);
    const difference = startI - i - (startJ - j) || kindAt(a, startI) - kindAt(b, startJ);
    if (difference !== 0) return difference;
    if (startI >= a.length) return 0;
    const skip = isDigit(a.charCodeAt(startI)) ? skipDigits : skipLetters;
    i = skip(a, startI);
    j = skip(b, startJ);
    const x = a.slice(startI, i);
    const y = b.slice(startJ, j);
    const order = skip === skipDigits ? compareCounts(countOf(x), countOf(y)) : compareTexts(x, y);
    if (order !== 0) return order;
  }
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isDigit(text.charCodeAt(at)) && !isLetter(text.charCodeAt(at))) at += 1;
  return at;
}

/** Letters, then the end, then digits. */
function kindAt(text: string, at: number): number {
  if (at >= text.length) return 1;
  return isDigit(text.charCodeAt(at)) ? 2 : 0;
}

function satisfies(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compareToBound(version, bound));
}

export const pacman = defineVersionOrder({
  id: 'pacman',
  ecosystems: ['Arch Linux'],
  compare,
  compareToBound,
  isValid: (version) => /^(?:\d{1,10}:)?[^\s:-]{1,256}(?:-\d[\d.]{0,32})?$/.test(version),
  satisfies,
  affects: satisfies,
});
