// SPDX-License-Identifier: Apache-2.0
// Range syntax of the semver family (npm, Cargo, Pub, Julia, Conan ...): partial versions, `^`, `~`, hyphen ranges and the rule
// that a prerelease is only chosen by a range that names one. The grammar is that of node-semver's README.
import type { Alternatives, Comparator, Operator } from './constraint.ts';
import { isDigits } from './counts.ts';
import { compareSemver, parseSemver } from './semver-text.ts';

/** How a family member reads what npm reads differently. */
export interface RangeDialect {
  /** What a version without operator means: `=1.2.3` (npm) or `^1.2.3` (Cargo, Julia). */
  readonly bare: 'equal' | 'caret';
  /** `^0.0.3` ends at `0.0.4` (npm) or at `0.1.0` (Pub). */
  readonly caretOfZero: 'leftmost' | 'minor';
}

/** `1`, `1.2`, `1.x`, `*`, `1.2.3-rc.1+build`: undefined parts are left open. */
export interface PartialVersion {
  readonly major?: string;
  readonly minor?: string;
  readonly patch?: string;
  /** With its hyphen, or empty. */
  readonly prerelease: string;
}

/** Reads a partial version; undefined when it is none. */
export function parsePartial(text: string): PartialVersion | undefined {
  let rest = text.trim();
  if (rest === '' || rest === '*' || rest === 'x' || rest === 'X') return { prerelease: '' };
  if (/^[vV=]/.test(rest)) rest = rest.replace(/^[v=V\s]{1,4}/, '');
  const plus = rest.indexOf('+');
  if (plus !== -1) rest = rest.slice(0, plus);
  const core = /^(\d{1,256}|[xX*])(?:\.(\d{1,256}|[xX*]))?(?:\.(\d{1,256}|[xX*]))?(.{0,256})$/.exec(rest);
  if (core === null) return undefined;
  const [, major, minor, patch, tail = ''] = core;
  // node-semver's loose mode takes `1.2.3beta`; a tail after a partial version is no version.
  if (tail !== '' && (patch === undefined || !/^-?[0-9A-Za-z.-]{1,256}$/.test(tail) || tail === '-')) return undefined;
  const numeric = (part: string | undefined): string | undefined =>
    part !== undefined && isDigits(part) ? part : undefined;
  const prerelease = tail === '' || tail.startsWith('-') ? tail : `-${tail}`;
  const open = {
    major: numeric(major),
    minor: numeric(major) === undefined ? undefined : numeric(minor),
    patch: numeric(minor) === undefined || numeric(major) === undefined ? undefined : numeric(patch),
  };
  return {
    ...(open.major === undefined ? {} : { major: open.major }),
    ...(open.minor === undefined ? {} : { minor: open.minor }),
    ...(open.patch === undefined ? {} : { patch: open.patch, prerelease }),
    prerelease: open.patch === undefined ? '' : prerelease,
  };
}

/** Adds one to a number of any length. */
export function nextNumber(digits: string): string {
  return String(BigInt(digits) + 1n);
}

const everything: readonly Comparator[] = [];
const nothing: readonly Comparator[] = [{ operator: '<', version: '0.0.0-0' }];

/**
 * One comparator of a range (`^1.2`, `~1.2.3`, `>=1.x`, `1.2`) as plain comparisons. Upper bounds made from an open part end in
 * `-0`, which leaves out the prereleases of the next version.
 */
export function expandComparator(
  operator: string,
  partial: PartialVersion,
  dialect: RangeDialect,
): readonly Comparator[] | undefined {
  switch (operator) {
    case '^':
      return expandCaret(partial, dialect);
    case '~':
    case '~>':
      return expandTilde(partial);
    case '':
      return dialect.bare === 'caret' ? expandCaret(partial, dialect) : expandEqual(partial);
    case '=':
    case '==':
      return expandEqual(partial);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return expandInequality(operator, partial);
    default:
      return undefined;
  }
}

/** `1.2` means `>=1.2.0 <1.3.0-0`; a full version means itself. */
export function expandEqual(partial: PartialVersion): readonly Comparator[] {
  const { major, minor, patch } = partial;
  if (major === undefined) return everything;
  if (minor === undefined) return between(`${major}.0.0`, `${nextNumber(major)}.0.0-0`);
  if (patch === undefined) return between(`${major}.${minor}.0`, `${major}.${nextNumber(minor)}.0-0`);
  return [{ operator: '=', version: lowest(partial) }];
}

function expandTilde(partial: PartialVersion): readonly Comparator[] {
  const { major, minor } = partial;
  if (major === undefined) return everything;
  if (minor === undefined) return between(`${major}.0.0`, `${nextNumber(major)}.0.0-0`);
  return between(lowest(partial), `${major}.${nextNumber(minor)}.0-0`);
}

function expandCaret(partial: PartialVersion, dialect: RangeDialect): readonly Comparator[] {
  const { major, minor, patch } = partial;
  if (major === undefined) return everything;
  const from = lowest(partial);
  if (Number(major) !== 0 || minor === undefined) return between(from, `${nextNumber(major)}.0.0-0`);
  if (Number(minor) !== 0 || patch === undefined || dialect.caretOfZero === 'minor') {
    return between(from, `${major}.${nextNumber(minor)}.0-0`);
  }
  return between(from, `${major}.${minor}.${nextNumber(patch)}-0`);
}

function expandInequality(operator: Operator, partial: PartialVersion): readonly Comparator[] {
  const { major, minor, patch } = partial;
  if (major === undefined) return operator === '<' || operator === '>' ? nothing : everything;
  if (patch !== undefined) return [{ operator, version: lowest(partial) }];
  const above = minor === undefined ? `${nextNumber(major)}.0.0` : `${major}.${nextNumber(minor)}.0`;
  if (operator === '>') return [{ operator: '>=', version: above }];
  if (operator === '<=') return [{ operator: '<', version: `${above}-0` }];
  return [{ operator, version: operator === '<' ? `${lowest(partial)}-0` : lowest(partial) }];
}

/** `1.2 - 2.3`: an open upper end covers all versions that begin so. */
export function expandHyphen(low: PartialVersion, high: PartialVersion): readonly Comparator[] {
  const from: readonly Comparator[] = low.major === undefined ? [] : [{ operator: '>=', version: lowest(low) }];
  if (high.major === undefined) return from;
  return [...from, ...expandInequality('<=', high)];
}

function lowest(partial: PartialVersion): string {
  return `${partial.major ?? 0}.${partial.minor ?? 0}.${partial.patch ?? 0}${partial.prerelease}`;
}

function between(from: string, to: string): readonly Comparator[] {
  return [
    { operator: '>=', version: from },
    { operator: '<', version: to },
  ];
}

/**
 * Whether some alternative admits the version by the installer's rule: a prerelease is admitted only where a bound of the same
 * alternative is a prerelease of the same major.minor.patch.
 */
export function admitsPrerelease(version: string, all: readonly Comparator[]): boolean {
  const candidate = parseSemver(version);
  if (candidate.prerelease.length === 0) return true;
  const release = { ...candidate, prerelease: [] };
  return all.some(({ version: bound }) => {
    const parsed = parseSemver(bound);
    return parsed.prerelease.length > 0 && compareSemver({ ...parsed, prerelease: [] }, release) === 0;
  });
}

/** Splits the words of one alternative into operator and version, joining an operator with the version after a blank. */
export function splitComparators(text: string): { readonly operator: string; readonly version: string }[] {
  const parts: { operator: string; version: string }[] = [];
  let pending = '';
  for (const word of text.split(/[\s,]+/)) {
    if (word === '') continue;
    let at = 0;
    while (at < word.length && '<>=~^!'.includes(word.charAt(at))) at += 1;
    const operator = pending + word.slice(0, at);
    const version = word.slice(at);
    if (version === '') pending = operator;
    else {
      parts.push({ operator, version });
      pending = '';
    }
  }
  if (pending !== '') parts.push({ operator: pending, version: '' });
  return parts;
}

/** All comparators of one alternative (`>=1.2 <3`), or undefined when one is not of the syntax. */
export function parseAll(text: string, dialect: RangeDialect): readonly Comparator[] | undefined {
  const comparators: Comparator[] = [];
  for (const { operator, version } of splitComparators(text)) {
    const partial = parsePartial(version);
    // A bare `1.2.*` is a wildcard also where a bare `1.2` is a caret requirement (Cargo).
    const meant = operator === '' && /(?:^|\.)[*xX]/.test(version) ? '=' : operator;
    const expanded = partial === undefined ? undefined : expandComparator(meant, partial, dialect);
    if (expanded === undefined) return undefined;
    comparators.push(...expanded);
  }
  return comparators;
}

/** npm's whole grammar: `||`, hyphen ranges, blanks or commas between comparators. Undefined when it is not of the syntax. */
export function parseRange(range: string, dialect: RangeDialect): Alternatives | undefined {
  const alternatives: (readonly Comparator[])[] = [];
  for (const text of range.split('||')) {
    const hyphen = /^\s*(\S{1,256})\s+-\s+(\S{1,256})\s*$/.exec(text);
    const low = hyphen?.[1] === undefined ? undefined : parsePartial(hyphen[1]);
    const high = hyphen?.[2] === undefined ? undefined : parsePartial(hyphen[2]);
    const all = hyphen === null ? parseAll(text, dialect) : low && high ? expandHyphen(low, high) : undefined;
    if (all === undefined) return undefined;
    alternatives.push(all);
  }
  return alternatives;
}
