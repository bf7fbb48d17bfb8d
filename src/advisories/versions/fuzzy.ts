// SPDX-License-Identifier: Apache-2.0
// Versions of no known scheme (binaries, C libraries): parts between separators, each a number and what follows it, in natural order.
import { holdsConstraint } from '../version-text/constraint.ts';
import { compareCounts, compareTexts, countOf, isDigit, skipDigits } from '../version-text/counts.ts';
import { withoutLeadingV } from '../version-text/leading-v.ts';
import { remember } from '../version-text/memo.ts';
import { compareSemver, parseSemver } from '../version-text/semver-text.ts';
import { defineVersionOrder } from './order.ts';

const parse = remember((version: string): readonly string[] => withoutLeadingV(version.trim()).split(/[.\-_+:~^]/));

function compare(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = comparePart(left[at] ?? '', right[at] ?? '');
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** A part without a number in front comes first; then numbers and texts in turn. */
function comparePart(a: string, b: string): number {
  let i = 0;
  let j = 0;
  const leading = Number(isDigit(a.charCodeAt(0))) - Number(isDigit(b.charCodeAt(0)));
  if (leading !== 0) return leading;
  while (i < a.length || j < b.length) {
    const endI = skipDigits(a, i);
    const endJ = skipDigits(b, j);
    const number = compareCounts(countOf(a.slice(i, endI)), countOf(b.slice(j, endJ)));
    if (number !== 0) return number;
    const nextI = skipText(a, endI);
    const nextJ = skipText(b, endJ);
    const text = compareTexts(a.slice(endI, nextI), b.slice(endJ, nextJ));
    if (text !== 0) return text;
    i = nextI;
    j = nextJ;
  }
  return 0;
}

function skipText(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

const semverLike =
  /^[vV]?\d{1,18}(?:\.\d{1,18}){0,2}(?:(?:-|alpha|beta|rc)[0-9A-Za-z.-]{0,256})?(?:\+[0-9A-Za-z.-]{1,256})?$/;

/** One to three numbers, and only a prerelease or build after them: such texts compare as semver. */
export function isSemverLike(version: string): boolean {
  return semverLike.test(version.trim());
}

function compareToBound(installed: string, bound: string): number {
  if (isSemverLike(installed) && isSemverLike(bound)) return compareSemver(parseSemver(installed), parseSemver(bound));
  return compare(installed, bound);
}

function satisfies(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compareToBound(version, bound));
}

export const fuzzy = defineVersionOrder({
  id: 'fuzzy',
  ecosystems: ['OSS-Fuzz', 'GIT', 'Linux', 'FreeBSD', 'GSD', 'CPE'],
  compare,
  compareToBound,
  isValid: (version) => /\d/.test(version),
  satisfies,
  affects: satisfies,
});
