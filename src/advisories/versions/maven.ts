// SPDX-License-Identifier: Apache-2.0
// Maven: the "Version Order Specification" of the POM reference (what org.apache.maven.artifact.versioning.ComparableVersion does) and
// ranges such as `[1.0,2.0)`.
import { type Alternatives, holds, holdsConstraint } from '../version-text/constraint.ts';
import { type Count, compareCounts, compareTexts, countOf, isDigit, skipDigits } from '../version-text/counts.ts';
import { parseIntervals } from '../version-text/interval-notation.ts';
import { remember } from '../version-text/memo.ts';
import { defineVersionOrder } from './order.ts';

interface Token {
  readonly prefix: '.' | '-';
  /** A number, or a qualifier in lower case with its aliases resolved; the release qualifiers are ''. */
  readonly value: Count | { readonly qualifier: string };
}

const known: readonly string[] = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const aliases: ReadonlyMap<string, string> = new Map([
  ['cr', 'rc'],
  ['ga', ''],
  ['final', ''],
  ['release', ''],
]);
const shortForms: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);

const parse = remember((version: string): readonly Token[] => {
  const text = version.trim().toLowerCase();
  const tokens: Token[] = [];
  let prefix: '.' | '-' = '.';
  let at = 0;
  do {
    const code = text.charCodeAt(at);
    const to = isDigit(code) ? skipDigits(text, at) : skipQualifier(text, at);
    const isQualifier = to > at && !isDigit(code);
    const value = isQualifier
      ? { qualifier: qualifierOf(text.slice(at, to), isDigit(text.charCodeAt(to))) }
      : countOf(text.slice(at, to));
    // `.qualifier` and `-qualifier` are the same; only numbers distinguish.
    tokens.push({ prefix: isQualifier ? '-' : prefix, value });
    at = to;
    const separator = text.charAt(at);
    const isSeparator = separator === '.' || separator === '-';
    prefix = separator === '.' ? '.' : '-';
    if (isSeparator) at += 1;
    // A separator at the very end is followed by an empty token, which is 0 and would be trimmed.
  } while (at < text.length);
  return trim(tokens);
});

function skipQualifier(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isDigit(text.charCodeAt(at)) && text.charAt(at) !== '.' && text.charAt(at) !== '-')
    at += 1;
  return at;
}

function qualifierOf(word: string, isBeforeDigit: boolean): string {
  return (isBeforeDigit ? shortForms.get(word) : undefined) ?? aliases.get(word) ?? word;
}

/** Drops "null" values (0, '', final, ga) at the end, and before each hyphen. */
function trim(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    if (token.prefix === '-') dropNulls(kept);
    kept.push(token);
  }
  dropNulls(kept);
  return kept;
}

function dropNulls(tokens: Token[]): void {
  for (let last = tokens.at(-1); last !== undefined && isNull(last.value) && tokens.length > 1; last = tokens.at(-1))
    tokens.pop();
}

function isNull(value: Token['value']): boolean {
  return typeof value === 'object' ? value.qualifier === '' : value === 0;
}

function compare(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const x = left[at] ?? nullLike(right[at]);
    const y = right[at] ?? nullLike(left[at]);
    const difference = compareTokens(x, y);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Padding: 0 where the other side has a dot, '' where it has a hyphen. */
function nullLike(other: Token | undefined): Token {
  return other?.prefix === '-' ? { prefix: '-', value: { qualifier: '' } } : { prefix: '.', value: 0 };
}

/** Qualifiers, then `-number`, then `.number`. */
function compareTokens(a: Token, b: Token): number {
  const difference = kind(a) - kind(b);
  if (difference !== 0) return difference;
  if (typeof a.value === 'object' && typeof b.value === 'object')
    return compareQualifiers(a.value.qualifier, b.value.qualifier);
  if (typeof a.value === 'object' || typeof b.value === 'object') return 0;
  return compareCounts(a.value, b.value);
}

function kind(token: Token): number {
  if (typeof token.value === 'object') return 0;
  return token.prefix === '-' ? 1 : 2;
}

function compareQualifiers(a: string, b: string): number {
  const x = known.indexOf(a);
  const y = known.indexOf(b);
  if (x !== -1 && y !== -1) return x - y;
  if (x === -1 && y === -1) return compareTexts(a, b);
  return x === -1 ? 1 : -1;
}

/** `12.10.2.jre11` is `12.10.2` built for Java 11: the qualifier at the end says nothing about the code. */
export function withoutJavaRuntime(version: string): string {
  return version.replace(/[.-](?:jre|jdk)\d{1,9}$/i, '');
}

/** Builds for different Java runtimes of one version stand alike to a bound (matches Grype because advisories name one of them). */
function compareToBound(installed: string, bound: string): number {
  return compare(withoutJavaRuntime(installed), withoutJavaRuntime(bound));
}

const parseRange = remember((range: string): Alternatives | undefined => {
  const text = range.trim();
  if (text.startsWith('[') || text.startsWith('(')) return parseIntervals(text);
  // A soft requirement: any version satisfies it, the resolver only prefers the named one.
  return /^[\w.+-]{1,512}$/.test(text) ? [[]] : undefined;
});

function satisfies(version: string, range: string): boolean | undefined {
  const alternatives = parseRange(range);
  return alternatives === undefined ? undefined : holds(alternatives, (bound) => compare(version, bound));
}

function affects(version: string, constraint: string): boolean | undefined {
  const intervals = parseIntervals(constraint);
  if (intervals !== undefined) return holds(intervals, (bound) => compareToBound(version, bound));
  return holdsConstraint(constraint, (bound) => compareToBound(version, bound));
}

export const maven = defineVersionOrder({
  id: 'maven',
  ecosystems: ['Maven'],
  compare,
  compareToBound,
  isValid: (version) => /^[0-9][\w.+-]{0,511}$/.test(version),
  satisfies,
  affects,
});
