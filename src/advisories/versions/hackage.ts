// SPDX-License-Identifier: Apache-2.0
// Haskell: numbers separated by dots, the longer of two equal beginnings last (`1.0 < 1.0.0`); ranges of Cabal:
// `>=1.2 && <1.4 || ==2.*`, `^>=1.2.3`.
import { type Comparator, holds, holdsConstraint, parseComparator } from '../version-text/constraint.ts';
import { alternativesOf, compareNumbers, numbersOf } from '../version-text/lists.ts';
import { remember } from '../version-text/memo.ts';
import { nextNumber } from '../version-text/semver-range.ts';
import { defineVersionOrder } from './order.ts';

const parse = remember((version: string) => numbersOf(version, '.'));

function compare(a: string, b: string): number {
  return compareNumbers(parse(a), parse(b));
}

function isValid(version: string): boolean {
  return /^\d{1,18}(?:\.\d{1,18}){0,31}$/.test(version);
}

const parseRange = remember((range: string) => alternativesOf(range, { or: '||', and: '&&', part: parsePart }));

function parsePart(text: string): readonly Comparator[] | undefined {
  if (text === '-any' || text === '') return [];
  if (text.startsWith('^>=')) {
    const version = text.slice(3).trim();
    // The package versioning policy: the first two numbers are the major version.
    const [first = '0', second = '0'] = version.split('.');
    return isValid(version) ? upTo(version, [first, second]) : undefined;
  }
  if (text.startsWith('==') && text.endsWith('.*')) {
    const prefix = text.slice(2, -2).trim();
    return isValid(prefix) ? upTo(prefix, prefix.split('.')) : undefined;
  }
  const comparator = parseComparator(text);
  return comparator !== undefined && isValid(comparator.version) ? [comparator] : undefined;
}

function upTo(from: string, prefix: readonly string[]): readonly Comparator[] {
  const end = [...prefix.slice(0, -1), nextNumber(prefix.at(-1) ?? '0')].join('.');
  return [
    { operator: '>=', version: from },
    { operator: '<', version: end },
  ];
}

function satisfies(version: string, range: string): boolean | undefined {
  const alternatives = parseRange(range);
  return alternatives === undefined ? undefined : holds(alternatives, (bound) => compare(version, bound));
}

function affects(version: string, constraint: string): boolean | undefined {
  return satisfies(version, constraint) ?? holdsConstraint(constraint, (bound) => compare(version, bound));
}

export const hackage = defineVersionOrder({
  id: 'hackage',
  ecosystems: ['Hackage', 'GHC'],
  compare,
  isValid,
  satisfies,
  affects,
});
