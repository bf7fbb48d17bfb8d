// SPDX-License-Identifier: Apache-2.0
// Requirements of RubyGems (`~> 2.3.18, >= 2.3.19`) as comparisons, for feeds that state ranges in them.
import type { Alternatives, Comparator } from './version-text/constraint.ts';
import { parseComparator } from './version-text/constraint.ts';

/** One requirement whose parts all must hold; undefined when it is not of the syntax. */
export function gemRequirement(text: string): Alternatives | undefined {
  const all: Comparator[] = [];
  for (const part of text.split(',')) {
    const phrase = part.trim();
    const comparators = phrase.startsWith('~>') ? pessimistic(phrase.slice(2).trim()) : [parseComparator(phrase)];
    for (const comparator of comparators) {
      if (comparator === undefined || !/^\d[0-9A-Za-z.-]{0,200}$/.test(comparator.version)) return undefined;
      all.push(comparator);
    }
  }
  return [all];
}

/** `~> 2.2.1` ends before 2.3 and its prereleases: the last number is dropped and the one before raised. */
function pessimistic(version: string): readonly (Comparator | undefined)[] {
  const numbers = /^\d{1,18}(?:\.\d{1,18}){0,20}/.exec(version)?.[0].split('.');
  if (numbers === undefined) return [undefined];
  if (numbers.length > 1) numbers.pop();
  const raised = BigInt(numbers.pop() ?? '0') + 1n;
  return [
    { operator: '>=', version },
    { operator: '<', version: `${[...numbers, String(raised)].join('.')}.a` },
  ];
}
