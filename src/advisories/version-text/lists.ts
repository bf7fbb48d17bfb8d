// SPDX-License-Identifier: Apache-2.0
// Versions as lists: parts compared one by one, and ranges made of alternatives. What a part is, each order says itself.
import type { Alternatives, Comparator } from './constraint.ts';
import type { Count } from './counts.ts';
import { compareCounts, countOf } from './counts.ts';

/** The numbers between separators; a part that begins with no digit is 0. */
export function numbersOf(version: string, separator: string | RegExp): readonly Count[] {
  return version
    .trim()
    .split(separator)
    .map((part) => countOf(/^\d{0,512}/.exec(part)?.[0] ?? ''));
}

/** By the first number that differs; of two equal beginnings the shorter comes first (`1.0 < 1.0.0`). */
export function compareNumbers(left: readonly Count[], right: readonly Count[]): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = compareCounts(left[at] ?? 0, right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** By the first part that differs, where a missing part is `padding` (`1.0 = 1.0.0` when that is 0). */
export function comparePadded<T>(
  left: readonly T[],
  right: readonly T[],
  { padding, compare }: { readonly padding: T; readonly compare: (a: T, b: T) => number },
): number {
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = compare(left[at] ?? padding, right[at] ?? padding);
    if (difference !== 0) return difference;
  }
  return 0;
}

export interface RangeSyntax {
  /** Between alternatives, and between what must hold together. */
  readonly or: string | RegExp;
  readonly and: string;
  /** The comparators of one phrase, which is trimmed; undefined when it is none. */
  readonly part: (phrase: string) => readonly Comparator[] | undefined;
}

/** Undefined when any phrase cannot be understood: half a range would be another range. */
export function alternativesOf(range: string, { or, and, part }: RangeSyntax): Alternatives | undefined {
  const alternatives: (readonly Comparator[])[] = [];
  for (const alternative of range.split(or)) {
    const comparators: Comparator[] = [];
    for (const phrase of alternative.split(and)) {
      const parts = part(phrase.trim());
      if (parts === undefined) return undefined;
      comparators.push(...parts);
    }
    alternatives.push(comparators);
  }
  return alternatives;
}
