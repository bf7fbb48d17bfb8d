// SPDX-License-Identifier: Apache-2.0
// Interval notation of Maven and NuGet: `[1.0,2.0)`, `(,1.0]`, `[1.2]`, and Maven's unions `(,1.0],[1.2,)`.
import type { Alternatives, Comparator } from './constraint.ts';

/** Reads one or more intervals separated by commas; undefined when the text is not in this notation. */
export function parseIntervals(text: string): Alternatives | undefined {
  const alternatives: (readonly Comparator[])[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const end = nearestEnd(rest);
    const interval = end === -1 ? undefined : parseInterval(rest.slice(0, end + 1));
    if (interval === undefined) return undefined;
    alternatives.push(interval);
    rest = rest.slice(end + 1).trim();
    if (rest.startsWith(',')) rest = rest.slice(1).trim();
    else if (rest !== '') return undefined;
  }
  return alternatives.length === 0 ? undefined : alternatives;
}

function nearestEnd(text: string): number {
  for (let at = 0; at < text.length; at += 1) if (text.charAt(at) === ']' || text.charAt(at) === ')') return at;
  return -1;
}

function parseInterval(text: string): readonly Comparator[] | undefined {
  const opening = text.charAt(0);
  const closing = text.charAt(text.length - 1);
  if ((opening !== '[' && opening !== '(') || text.length < 2) return undefined;
  const bounds = text
    .slice(1, -1)
    .split(',')
    .map((bound) => bound.trim());
  const [low = '', high] = bounds;
  if (bounds.length > 2) return undefined;
  if (high === undefined) {
    if (opening !== '[' || closing !== ']' || low === '') return undefined;
    return [{ operator: '=', version: low }];
  }
  const comparators: Comparator[] = [];
  if (low !== '') comparators.push({ operator: opening === '[' ? '>=' : '>', version: low });
  if (high !== '') comparators.push({ operator: closing === ']' ? '<=' : '<', version: high });
  return comparators;
}
