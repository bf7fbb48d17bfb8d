// SPDX-License-Identifier: Apache-2.0
// Packagist: order of PHP's version_compare(), as osv.dev does; constraints of Composer (composer/semver) with normalised versions.

import { parseComposerConstraint } from '../version-text/composer-constraint.ts';
import { type Alternatives, holds, holdsConstraint } from '../version-text/constraint.ts';
import { compareCounts, countOf, isDigit, isDigits } from '../version-text/counts.ts';
import { remember } from '../version-text/memo.ts';
import { defineVersionOrder } from './order.ts';

/** version_compare(): `-`, `_`, `+` are dots, and a dot stands between digits and letters. Composer drops a leading v. */
const parse = remember((version: string): readonly string[] => {
  const text = version.trim().replace(/^[vV](?=.)/, '');
  let dotted = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const previous = dotted.charCodeAt(dotted.length - 1);
    if ('-_+.'.includes(character)) {
      if (dotted !== '' && previous !== 46) dotted += '.';
      continue;
    }
    if (dotted !== '' && previous !== 46 && isDigit(previous) !== isDigit(character.charCodeAt(0))) dotted += '.';
    dotted += character;
  }
  if (dotted.endsWith('.')) dotted = dotted.slice(0, -1);
  return dotted === '' ? [] : dotted.split('.');
});

/** Prefixes of the words that PHP knows; `#` is a number, all other words come first. */
const stages: readonly (readonly [string, number])[] = [
  ['dev', 0],
  ['a', 1],
  ['b', 2],
  ['RC', 3],
  ['rc', 3],
  ['#', 4],
  ['p', 5],
];

function rank(part: string | undefined): number {
  if (part === undefined || isDigit(part.charCodeAt(0))) return 4;
  return stages.find(([prefix]) => part.startsWith(prefix))?.[1] ?? -1;
}

function compare(a: string, b: string): number {
  return compareParts(parse(a), parse(b));
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const x = a[at];
    const y = b[at];
    const difference = rank(x) - rank(y);
    if (difference !== 0) return difference;
    if (x === undefined || y === undefined) {
      // One has ended: a further number makes the other newer, `#` does not.
      if (isDigits(x ?? y ?? '')) return x === undefined ? -1 : 1;
    } else if (isDigits(x) && isDigits(y)) {
      const numbers = compareCounts(countOf(x), countOf(y));
      if (numbers !== 0) return numbers;
    }
  }
  return 0;
}

/** Composer fills versions up to four numbers, so that 1.0 is 1.0.0.0. */
const normalised = remember((version: string): readonly string[] => {
  const parts = parse(version);
  const word = parts.findIndex((part) => !isDigits(part));
  const numbers = word === -1 ? parts : parts.slice(0, word);
  if (numbers.length === 0) return parts;
  const filled = [...numbers, '0', '0', '0', '0'].slice(0, Math.max(4, numbers.length));
  return word === -1 ? filled : [...filled, ...parts.slice(word)];
});

function compareToBound(installed: string, bound: string): number {
  return compareParts(normalised(installed), normalised(bound));
}

const parseConstraint = remember((constraint: string): Alternatives | undefined => parseComposerConstraint(constraint));

function satisfies(version: string, constraint: string): boolean | undefined {
  const alternatives = parseConstraint(constraint);
  return alternatives === undefined ? undefined : holds(alternatives, (bound) => compareToBound(version, bound));
}

function affects(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compareToBound(version, bound)) ?? satisfies(version, constraint);
}

export const packagist = defineVersionOrder({
  id: 'packagist',
  ecosystems: ['Packagist'],
  compare,
  compareToBound,
  isValid: (version) => /^(?:dev-\S{1,256}|[vV]?\d{1,18}(?:\.\d{1,18}){0,3}\S{0,256})$/.test(version),
  satisfies,
  affects,
});
