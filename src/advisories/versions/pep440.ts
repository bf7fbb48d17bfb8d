// SPDX-License-Identifier: Apache-2.0
// Python: PEP 440 (PyPA "Version specifiers"). Texts that are no PEP 440 versions sort before all that are, as osv.dev does.
import {
  type Alternatives,
  type Comparator,
  holds,
  holdsComparator,
  holdsConstraint,
} from '../version-text/constraint.ts';
import { compareCounts } from '../version-text/counts.ts';
import { remember } from '../version-text/memo.ts';
import {
  compareLegacyVersions,
  comparePublicVersions,
  comparePythonVersions,
  compareReleases,
  type PythonVersion,
  parsePythonVersion,
} from '../version-text/python-version.ts';
import { defineVersionOrder } from './order.ts';

function compare(a: string, b: string): number {
  const left = parsePythonVersion(a);
  const right = parsePythonVersion(b);
  if (left !== undefined && right !== undefined) return comparePythonVersions(left, right);
  if (left === undefined && right === undefined) return compareLegacyVersions(a, b);
  return left === undefined ? -1 : 1;
}

/** `2.0.0+cgr.1` is 2.0.0 to a bound that names no local version ("Version matching": local labels are ignored). */
function compareToBound(installed: string, bound: string): number {
  const left = parsePythonVersion(installed);
  const right = parsePythonVersion(bound);
  if (left === undefined || right === undefined || right.local.length > 0) return compare(installed, bound);
  return comparePublicVersions(left, right);
}

type Operator = '~=' | '==' | '!=' | '<=' | '>=' | '<' | '>' | '===';

interface Clause {
  readonly operator: Operator;
  /** Without the `.*` of a prefix match. */
  readonly text: string;
  readonly version: PythonVersion | undefined;
  readonly isPrefix: boolean;
}

/** A specifier set: clauses separated by commas, all of which must hold. Undefined when one is not of the grammar. */
const parseSpecifier = remember((specifier: string): readonly Clause[] | undefined => {
  const clauses: Clause[] = [];
  for (const phrase of specifier.split(',')) {
    const text = phrase.trim();
    if (text === '' || text === '*') continue;
    const operator = (['===', '~=', '==', '!=', '<=', '>=', '<', '>'] as const).find((one) => text.startsWith(one));
    if (operator === undefined) return undefined;
    const written = text.slice(operator.length).trim();
    const isPrefix = written.endsWith('.*') && (operator === '==' || operator === '!=');
    const bound = isPrefix ? written.slice(0, -2) : written;
    const version = parsePythonVersion(bound);
    if (version === undefined && operator !== '===') return undefined;
    if (operator === '~=' && (version?.release.length ?? 0) < 2) return undefined;
    clauses.push({ operator, text: bound, version, isPrefix });
  }
  return clauses;
});

function satisfies(version: string, specifier: string): boolean | undefined {
  const clauses = parseSpecifier(specifier);
  if (clauses === undefined) return undefined;
  const candidate = parsePythonVersion(version);
  if (candidate === undefined) {
    return clauses.every(
      (clause) => clause.operator === '===' && clause.text.toLowerCase() === version.trim().toLowerCase(),
    );
  }
  // "Handling of pre-releases": implicitly excluded unless a clause names one.
  const namesPrerelease = clauses.some(
    ({ version: bound, operator }) => operator !== '!=' && bound && isPrerelease(bound),
  );
  if (isPrerelease(candidate) && !namesPrerelease) return false;
  return clauses.every((clause) => matches(candidate, clause, version));
}

function isPrerelease(version: PythonVersion): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

function matches(candidate: PythonVersion, clause: Clause, text: string): boolean {
  const bound = clause.version;
  if (clause.operator === '===' || bound === undefined) return clause.text.toLowerCase() === text.trim().toLowerCase();
  const difference = comparePublicVersions(candidate, bound);
  switch (clause.operator) {
    case '==':
      return clause.isPrefix ? hasPrefix(candidate, bound) : equals(candidate, bound);
    case '!=':
      return clause.isPrefix ? !hasPrefix(candidate, bound) : !equals(candidate, bound);
    case '~=':
      return difference >= 0 && hasPrefix(candidate, { ...bound, release: bound.release.slice(0, -1) });
    case '<':
      return difference < 0 && (isPrerelease(bound) || !isPrerelease(candidate) || !sameRelease(candidate, bound));
    case '>':
      // Exclusive: neither a post release nor a local version of the bound itself.
      return (
        difference > 0 && (bound.post !== undefined || candidate.post === undefined || !sameRelease(candidate, bound))
      );
    default:
      return holdsComparator(clause.operator, difference);
  }
}

function equals(candidate: PythonVersion, bound: PythonVersion): boolean {
  return (
    (bound.local.length === 0 ? comparePublicVersions(candidate, bound) : comparePythonVersions(candidate, bound)) === 0
  );
}

function sameRelease(a: PythonVersion, b: PythonVersion): boolean {
  return compareCounts(a.epoch, b.epoch) === 0 && compareReleases(a.release, b.release) === 0;
}

/** `1.4.*`: the epoch and as many release segments as written, missing ones as 0. */
function hasPrefix(candidate: PythonVersion, prefix: PythonVersion): boolean {
  const release = prefix.release.map((_, at) => candidate.release[at] ?? 0);
  return compareCounts(candidate.epoch, prefix.epoch) === 0 && compareReleases(release, prefix.release) === 0;
}

/** `~=` and wildcards as plain comparisons, so that prereleases count as ordinary versions. */
const parseForAdvisories = remember((specifier: string): Alternatives | undefined => {
  const alternatives: Comparator[][] = [];
  for (const alternative of specifier.split('||')) {
    const clauses = parseSpecifier(alternative);
    if (clauses === undefined) return undefined;
    const comparators: Comparator[] = [];
    for (const clause of clauses) {
      if (clause.operator === '~=') comparators.push({ operator: '>=', version: clause.text }, ...prefixOf(clause, -1));
      else if (clause.isPrefix && clause.operator === '==') comparators.push(...prefixOf(clause, 0));
      else if (clause.isPrefix) return undefined;
      else
        comparators.push({
          operator: clause.operator === '===' || clause.operator === '==' ? '=' : clause.operator,
          version: clause.text,
        });
    }
    alternatives.push(comparators);
  }
  return alternatives;
});

/** From the first to the last version that begins with the release of the clause, less `drop` segments. */
function prefixOf(clause: Clause, drop: 0 | -1): Comparator[] {
  const segments = (clause.version?.release ?? []).map(String);
  const kept = drop === 0 ? segments : segments.slice(0, drop);
  const last = BigInt(kept.pop() ?? '0');
  const start = `${clause.version?.epoch ?? 0}!`;
  const join = (number: bigint): string => `${start}${[...kept, String(number)].join('.')}.dev0`;
  return [
    { operator: '>=', version: join(last) },
    { operator: '<', version: join(last + 1n) },
  ];
}

function affects(version: string, constraint: string): boolean | undefined {
  const plain = holdsConstraint(constraint, (bound) => compareToBound(version, bound));
  if (plain !== undefined) return plain;
  const alternatives = parseForAdvisories(constraint);
  return alternatives === undefined ? undefined : holds(alternatives, (bound) => compareToBound(version, bound));
}

export const pep440 = defineVersionOrder({
  id: 'pep440',
  ecosystems: ['PyPI'],
  compare,
  compareToBound,
  isValid: (version) => parsePythonVersion(version) !== undefined,
  satisfies,
  affects,
});
