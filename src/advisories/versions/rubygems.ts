// SPDX-License-Identifier: Apache-2.0
// RubyGems: Gem::Version and Gem::Requirement. A platform behind the version (`1.9.25-x86-mingw32`) does not count.
import { type Comparator, holds, holdsConstraint, parseComparator } from '../version-text/constraint.ts';
import {
  type Count,
  compareCounts,
  compareTexts,
  countOf,
  isDigit,
  isDigits,
  skipDigits,
  skipLetters,
} from '../version-text/counts.ts';
import { alternativesOf, comparePadded } from '../version-text/lists.ts';
import { remember } from '../version-text/memo.ts';
import { defineVersionOrder } from './order.ts';

/** A number, or a word: words sort before numbers. */
export type GemSegment = Count | { readonly word: string };

const platforms =
  /-(?:x86(?:_64)?|x64|i[3-6]86|amd64|arm(?:v\d{1,2}[a-z]{0,2}|64)?|aarch64|ppc64(?:le)?|powerpc|s390x|riscv64|sparc|universal|java|jruby|mswin(?:32|64)?|mingw(?:32)?|dotnet|darwin|linux|wasm32)(?=-|$)/;

function withoutPlatform(version: string): string {
  const platform = platforms.exec(version);
  return platform === null ? version : version.slice(0, platform.index);
}

/** Segments as `Gem::Version#segments` gives them, without a platform; an empty version is 0. */
export const gemSegments = remember((version: string): readonly GemSegment[] => {
  const text = withoutPlatform(version.trim());
  const segments: GemSegment[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const to = isDigit(code) ? skipDigits(text, at) : skipLetters(text, at);
    if (to > at) segments.push(isDigit(code) ? countOf(text.slice(at, to)) : { word: text.slice(at, to) });
    else if (text.charAt(at) === '-') segments.push({ word: 'pre' });
    at = Math.max(to, at + 1);
  }
  return segments.length === 0 ? [0] : segments;
});

/** Without the zeros that do not matter: at the end, and before the first word. */
export const canonicalGemSegments = remember((version: string): readonly GemSegment[] => {
  const segments = gemSegments(version);
  const word = segments.findIndex((segment) => typeof segment === 'object');
  const start = word === -1 ? segments.length : word;
  return [...withoutTrailingZeros(segments.slice(0, start)), ...withoutTrailingZeros(segments.slice(start))];
});

function withoutTrailingZeros(segments: readonly GemSegment[]): readonly GemSegment[] {
  let end = segments.length;
  while (end > 0 && segments[end - 1] === 0) end -= 1;
  return segments.slice(0, end);
}

function compare(a: string, b: string): number {
  return comparePadded(canonicalGemSegments(a), canonicalGemSegments(b), { padding: 0, compare: compareSegments });
}

function compareSegments(a: GemSegment, b: GemSegment): number {
  if (typeof a === 'object') return typeof b === 'object' ? compareTexts(a.word, b.word) : -1;
  return typeof b === 'object' ? 1 : compareCounts(a, b);
}

const parseRequirement = remember((requirement: string) =>
  alternativesOf(requirement, { or: '||', and: ',', part: parsePart }),
);

function parsePart(text: string): readonly Comparator[] | undefined {
  if (text.length > 512) return undefined;
  const part = text.startsWith('~>') ? expandPessimistic(text.slice(2).trim()) : parseComparator(text);
  if (part === undefined) return undefined;
  const parts = Array.isArray(part) ? part : [part];
  return parts.every((one) => isValid(one.version)) ? parts : undefined;
}

/** `~> 2.2.1` ends before 2.3, `~> 2.2` before 3: the last segment is dropped and the one before raised (`Gem::Version#bump`). */
function expandPessimistic(text: string): Comparator[] {
  const numbers = text.split(/[.-]/);
  const word = numbers.findIndex((part) => !isDigits(part));
  const release = word === -1 ? numbers : numbers.slice(0, word);
  if (release.length > 1) release.pop();
  const last = BigInt(release.pop() ?? '0') + 1n;
  // The bump is compared with the release of the version, which leaves out prereleases of the bump: lowest prerelease `.a`.
  const bump = [...release, String(last)].join('.');
  return [
    { operator: '>=', version: text },
    { operator: '<', version: `${bump}.A` },
  ];
}

/** Gem::Version::VERSION_PATTERN, with or without a platform; the empty version is 0. */
function isValid(version: string): boolean {
  const text = withoutPlatform(version.trim());
  if (text.length > 512) return false;
  return text === '' || /^\d+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.test(text);
}

function satisfies(version: string, constraint: string): boolean | undefined {
  const alternatives = parseRequirement(constraint);
  return alternatives === undefined ? undefined : holds(alternatives, (bound) => compare(version, bound));
}

function affects(version: string, constraint: string): boolean | undefined {
  return satisfies(version, constraint) ?? holdsConstraint(constraint, (bound) => compare(version, bound));
}

export const rubygems = defineVersionOrder({
  id: 'rubygems',
  ecosystems: ['RubyGems', 'CocoaPods'],
  compare,
  isValid,
  satisfies,
  affects,
});
