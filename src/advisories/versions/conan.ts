// SPDX-License-Identifier: Apache-2.0
// Conan (C and C++): any number of parts, letters after numbers (`1.1.1w`), prereleases after `-`; ranges in brackets: `[>=1.0 <2.0 || ~3.1]`.
import { type Alternatives, holds, holdsConstraint } from '../version-text/constraint.ts';
import { compareCounts, compareTexts, countOf, isDigits } from '../version-text/counts.ts';
import { remember } from '../version-text/memo.ts';
import { parseRange } from '../version-text/semver-range.ts';
import { comparePrereleases, identifiersOf, type PrereleaseIdentifier } from '../version-text/semver-text.ts';
import { defineVersionOrder } from './order.ts';

interface ConanVersion {
  readonly parts: readonly string[];
  readonly prerelease: readonly PrereleaseIdentifier[];
}

/** Parts as Conan's Version class splits them; the build after `+` does not count. */
const parseVersion = remember((text: string): ConanVersion => {
  const version = text.trim().split('+', 1)[0] ?? '';
  const hyphen = version.indexOf('-');
  const main = hyphen === -1 ? version : version.slice(0, hyphen);
  const parts = main.replace(/^v(?=\d)/, '').split('.');
  while (parts.length > 1 && isDigits(parts.at(-1) ?? '') && Number(parts.at(-1)) === 0) parts.pop();
  return { parts, prerelease: identifiersOf(hyphen === -1 ? '' : version.slice(hyphen + 1)) };
});

const parseRanges = remember((constraint: string): Alternatives | undefined => {
  const bracket = /^\[([^\]]{0,512})\]$/.exec(constraint.trim());
  if (bracket?.[1] === undefined) return undefined;
  const [range = ''] = bracket[1].split(/,\s*(?:include_prerelease|loose)/, 1);
  return parseRange(range, { bare: 'equal', caretOfZero: 'leftmost' });
});

function compare(a: string, b: string): number {
  const left = parseVersion(a);
  const right = parseVersion(b);
  const length = Math.max(left.parts.length, right.parts.length);
  for (let at = 0; at < length; at += 1) {
    const difference = comparePart(left.parts[at], right.parts[at]);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(left.prerelease, right.prerelease);
}

/** A missing part comes first; numbers before text, and the number in front of text first (`1w` after `1`). */
function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  const leading = (part: string): string => /^\d{0,512}/.exec(part)?.[0] ?? '';
  const [x, y] = [leading(a), leading(b)];
  if ((x === '') !== (y === '')) return x === '' ? 1 : -1;
  return compareCounts(countOf(x), countOf(y)) || compareTexts(a.slice(x.length), b.slice(y.length));
}

function satisfies(version: string, constraint: string): boolean | undefined {
  const alternatives = parseRanges(constraint);
  if (alternatives === undefined) return constraint.includes('[') ? undefined : compare(version, constraint) === 0;
  return holds(alternatives, (bound) => compare(version, bound));
}

function affects(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compare(version, bound)) ?? satisfies(version, constraint);
}

export const conan = defineVersionOrder({
  id: 'conan',
  ecosystems: ['ConanCenter'],
  compare,
  isValid: (version) => /^v?\d[^\s]{0,255}$/.test(version),
  satisfies,
  affects,
});
