// SPDX-License-Identifier: Apache-2.0
// Versions that look like semver.org 2.0.0, read leniently: any number of numeric parts, a leading `v` or `=`, a prerelease
// without its hyphen. Precedence is section 11 of the specification; numbers may have any length.
import { type Count, compareCounts, compareTexts, countOf, isDigit, isDigits } from './counts.ts';
import { remember } from './memo.ts';

export interface SemverText {
  /** Numeric parts as written: `1.2` has two; missing ones count as 0. */
  readonly numbers: readonly Count[];
  /** Identifiers of the prerelease; empty for a release. */
  readonly prerelease: readonly PrereleaseIdentifier[];
  /** After `+`, which precedence ignores. */
  readonly build: string;
}

/** A Count for numeric identifiers, text with a marker for others: numbers sort before text (section 11.4.3). */
export type PrereleaseIdentifier = { readonly number: Count } | { readonly text: string };

/** Never fails: text that starts with no number has no numeric parts and is all prerelease. */
export const parseSemver = remember((version: string): SemverText => {
  let at = 0;
  const text = version.trim();
  if (text.charAt(at) === '=') at += 1;
  if (text.charAt(at) === 'v' || text.charAt(at) === 'V') at += 1;
  const numbers: Count[] = [];
  let start = at;
  for (; at < text.length; at += 1) {
    if (isDigit(text.charCodeAt(at))) continue;
    if (at > start) numbers.push(countOf(text.slice(start, at)));
    start = at + 1;
    if (text.charAt(at) !== '.') break;
  }
  if (at === text.length) {
    if (at > start) numbers.push(countOf(text.slice(start)));
    return { numbers, prerelease: [], build: '' };
  }
  return { numbers, ...parseRest(text.slice(at), text.charAt(at - 1) === '.') };
});

/** `-alpha.1+build`, `rc1`, `alpha.beta` (after a dot: the gem form `1.0.0.alpha.beta`, whose stages are one identifier). */
function parseRest(rest: string, afterDot: boolean): Pick<SemverText, 'prerelease' | 'build'> {
  const plus = rest.indexOf('+');
  let label = plus === -1 ? rest : rest.slice(0, plus);
  if (label.startsWith('-')) label = label.slice(1);
  else if (afterDot) label = label.replaceAll('.alpha', '-alpha').replaceAll('.beta', '-beta').replaceAll('.rc', '-rc');
  const build = plus === -1 ? '' : rest.slice(plus + 1);
  return { prerelease: label === '' ? [] : label.split('.').map(identifierOf), build };
}

function identifierOf(text: string): PrereleaseIdentifier {
  return isDigits(text) ? { number: countOf(text) } : { text };
}

/** Precedence of two versions, section 11, with missing numeric parts as 0. */
export function compareSemver(a: SemverText, b: SemverText): number {
  return compareNumbers(a.numbers, b.numbers) || comparePrereleases(a.prerelease, b.prerelease);
}

/** Numeric parts from left to right, missing ones as 0. */
export function compareNumbers(a: readonly Count[], b: readonly Count[]): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = compareCounts(a[at] ?? 0, b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A release sorts after its prereleases; identifiers from left to right, the longer list last. */
export function comparePrereleases(a: readonly PrereleaseIdentifier[], b: readonly PrereleaseIdentifier[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  return compareIdentifiers(a, b);
}

/** Section 11.4: numbers numerically and before text, text by code, fewer identifiers first. */
export function compareIdentifiers(a: readonly PrereleaseIdentifier[], b: readonly PrereleaseIdentifier[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a[at];
    const right = b[at];
    if (left === undefined || right === undefined) break;
    const difference = compareIdentifier(left, right);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareIdentifier(a: PrereleaseIdentifier, b: PrereleaseIdentifier): number {
  if ('number' in a) return 'number' in b ? compareCounts(a.number, b.number) : -1;
  return 'number' in b ? 1 : compareTexts(a.text, b.text);
}

/** Identifiers of build metadata or another dotted list. */
export function identifiersOf(dotted: string): readonly PrereleaseIdentifier[] {
  return dotted === '' ? [] : dotted.split('.').map(identifierOf);
}

const strict =
  /^[vV]?(?:0|[1-9]\d{0,30})\.(?:0|[1-9]\d{0,30})\.(?:0|[1-9]\d{0,30})(?:-[0-9A-Za-z-]{1,256}(?:\.[0-9A-Za-z-]{1,256}){0,63})?(?:\+[0-9A-Za-z.-]{1,256})?$/;

/** Strictly three numbers and what section 9 and 10 allow after them; a leading `v` is tolerated. */
export function isStrictSemver(version: string): boolean {
  return version.length <= 512 && strict.test(version);
}
