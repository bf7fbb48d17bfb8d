// SPDX-License-Identifier: Apache-2.0
// Gentoo: `1.2.3b_rc1_p2-r4` as the Package Manager Specification, section 3.3, orders versions.
import { holdsConstraint } from '../version-text/constraint.ts';
import { compareCounts, compareTexts, countOf, isDigit, skipDigits, skipLetters } from '../version-text/counts.ts';
import { remember } from '../version-text/memo.ts';
import { defineVersionOrder } from './order.ts';

interface PortageVersion {
  readonly numbers: readonly string[];
  readonly letter: string;
  readonly suffixes: readonly { readonly rank: number; readonly number: string }[];
  readonly revision: string;
  /** What is not of the grammar; empty for a valid version. */
  readonly rest: string;
}

/** `_p` sorts after no suffix, the others before it. */
const suffixRanks: ReadonlyMap<string, number> = new Map([
  ['alpha', -4],
  ['beta', -3],
  ['pre', -2],
  ['rc', -1],
  ['p', 1],
]);

const parse = remember((version: string): PortageVersion => {
  const text = version.trim();
  const numbers: string[] = [];
  let at = 0;
  for (;;) {
    const to = skipDigits(text, at);
    numbers.push(text.slice(at, to));
    at = to;
    if (text.charAt(at) !== '.' || !isDigit(text.charCodeAt(at + 1))) break;
    at += 1;
  }
  const letter = /^[a-z]$/.test(text.charAt(at)) ? text.charAt(at) : '';
  at += letter.length;
  const suffixes: { rank: number; number: string }[] = [];
  while (text.charAt(at) === '_') {
    const endOfWord = skipLetters(text, at + 1);
    const rank = suffixRanks.get(text.slice(at + 1, endOfWord));
    if (rank === undefined) break;
    at = skipDigits(text, endOfWord);
    suffixes.push({ rank, number: text.slice(endOfWord, at) });
  }
  let revision = '';
  if (text.startsWith('-r', at) && isDigit(text.charCodeAt(at + 2))) {
    const to = skipDigits(text, at + 2);
    revision = text.slice(at + 2, to);
    at = to;
  }
  return { numbers, letter, suffixes, revision, rest: text.slice(at) };
});

function compare(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  return (
    compareNumbers(left.numbers, right.numbers) ||
    compareTexts(left.letter, right.letter) ||
    compareSuffixes(left.suffixes, right.suffixes) ||
    compareCounts(countOf(left.revision), countOf(right.revision)) ||
    compareTexts(left.rest, right.rest)
  );
}

/** The first number numerically; later ones as text without trailing zeros when one begins with 0 (algorithm 3.3). */
function compareNumbers(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const x = a[at] ?? '';
    const y = b[at] ?? '';
    const isZeroLed = at > 0 && (x.startsWith('0') || y.startsWith('0'));
    const difference = isZeroLed
      ? compareTexts(withoutTrailingZeros(x), withoutTrailingZeros(y))
      : compareCounts(countOf(x), countOf(y));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end -= 1;
  return digits.slice(0, end);
}

function compareSuffixes(a: PortageVersion['suffixes'], b: PortageVersion['suffixes']): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference =
      (a[at]?.rank ?? 0) - (b[at]?.rank ?? 0) ||
      compareCounts(countOf(a[at]?.number ?? ''), countOf(b[at]?.number ?? ''));
    if (difference !== 0) return difference;
  }
  return 0;
}

function satisfies(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compare(version, bound));
}

export const portage = defineVersionOrder({
  id: 'portage',
  ecosystems: ['Gentoo'],
  compare,
  isValid: (version) => parse(version).rest === '' && parse(version).numbers[0] !== '',
  satisfies,
  affects: satisfies,
});
