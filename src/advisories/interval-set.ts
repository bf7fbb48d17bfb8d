// SPDX-License-Identifier: Apache-2.0
// Sets of versions as intervals, for feeds that state what is patched or unaffected instead of what is affected, and for
// taking away what another source already covers. A cut lies just before or just after a version, so open and closed ends are alike.
import type { VersionInterval } from '../model/advisory.ts';
import type { Alternatives, Comparator } from './version-text/constraint.ts';
import { compareInstalled, type VersionOrder } from './versions/order.ts';

interface Cut {
  readonly version: string;
  readonly side: 'before' | 'after';
}

/** From a cut (undefined: the first version) to a cut (undefined: no end). */
interface Interval {
  readonly from: Cut | undefined;
  readonly to: Cut | undefined;
}

/** Sorted, and no two touch. */
export type IntervalSet = readonly Interval[];

export const everyVersion: IntervalSet = [{ from: undefined, to: undefined }];

function compareCuts(a: Cut, b: Cut, order: VersionOrder): number {
  return order.compare(a.version, b.version) || (a.side === b.side ? 0 : a.side === 'before' ? -1 : 1);
}

function compareFrom(a: Cut | undefined, b: Cut | undefined, order: VersionOrder): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return compareCuts(a, b, order);
}

function compareTo(a: Cut | undefined, b: Cut | undefined, order: VersionOrder): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return compareCuts(a, b, order);
}

function isEmpty(interval: Interval, order: VersionOrder): boolean {
  return (
    interval.from !== undefined && interval.to !== undefined && compareCuts(interval.from, interval.to, order) >= 0
  );
}

/** Everything that is in one of the sets. */
export function unionOf(sets: readonly IntervalSet[], order: VersionOrder): IntervalSet {
  const sorted = sets.flat().filter((interval) => !isEmpty(interval, order));
  sorted.sort((a, b) => compareFrom(a.from, b.from, order));
  const merged: Interval[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (
      last !== undefined &&
      (last.to === undefined || interval.from === undefined || compareCuts(interval.from, last.to, order) <= 0)
    ) {
      merged[merged.length - 1] = {
        from: last.from,
        to: compareTo(last.to, interval.to, order) >= 0 ? last.to : interval.to,
      };
    } else merged.push(interval);
  }
  return merged;
}

/** Everything that is not in the set. */
export function complementOf(set: IntervalSet): IntervalSet {
  const gaps: Interval[] = [];
  let from: Cut | undefined;
  let open = true;
  for (const interval of set) {
    if (interval.from !== undefined) gaps.push({ from, to: interval.from });
    from = interval.to;
    open = interval.to !== undefined;
  }
  if (open) gaps.push({ from, to: undefined });
  return gaps;
}

/** Everything that is in both sets. */
export function intersectionOf(a: IntervalSet, b: IntervalSet, order: VersionOrder): IntervalSet {
  const common: Interval[] = [];
  for (const left of a) {
    for (const right of b) {
      const interval: Interval = {
        from: compareFrom(left.from, right.from, order) >= 0 ? left.from : right.from,
        to: compareTo(left.to, right.to, order) <= 0 ? left.to : right.to,
      };
      if (!isEmpty(interval, order)) common.push(interval);
    }
  }
  return unionOf([common], order);
}

/** What is in `set` and not in `taken`. */
export function differenceOf(set: IntervalSet, taken: IntervalSet, order: VersionOrder): IntervalSet {
  return intersectionOf(set, complementOf(taken), order);
}

/** The versions that a constraint admits. */
export function setOfAlternatives(alternatives: Alternatives, order: VersionOrder): IntervalSet {
  return unionOf(
    alternatives.map((all) =>
      all.reduce<IntervalSet>((set, one) => intersectionOf(set, setOfComparator(one), order), everyVersion),
    ),
    order,
  );
}

function setOfComparator({ operator, version }: Comparator): IntervalSet {
  const before: Cut = { version, side: 'before' };
  const after: Cut = { version, side: 'after' };
  if (operator === '=') return [{ from: before, to: after }];
  if (operator === '<') return [{ from: undefined, to: before }];
  if (operator === '<=') return [{ from: undefined, to: after }];
  if (operator === '>') return [{ from: after, to: undefined }];
  if (operator === '>=') return [{ from: before, to: undefined }];
  return [
    { from: undefined, to: before },
    { from: after, to: undefined },
  ];
}

/** The affected versions of an advisory as a set. */
export function setOfIntervals(
  intervals: readonly VersionInterval[],
  versions: readonly string[],
  order: VersionOrder,
): IntervalSet {
  const ranges = intervals.map(({ introduced, fixed, lastAffected }): Interval => {
    const from: Cut | undefined = introduced === undefined ? undefined : { version: introduced, side: 'before' };
    if (fixed !== undefined) return { from, to: { version: fixed, side: 'before' } };
    return { from, to: lastAffected === undefined ? undefined : { version: lastAffected, side: 'after' } };
  });
  const listed = versions.map(
    (version): Interval => ({ from: { version, side: 'before' }, to: { version, side: 'after' } }),
  );
  return unionOf([ranges, listed], order);
}

/** Back to the form of the model, whose intervals begin with a version: an open begin takes the next version above. */
export function intervalsOfSet(set: IntervalSet, order: VersionOrder): readonly VersionInterval[] {
  return set.map(({ from, to }) => ({
    ...(from === undefined
      ? {}
      : { introduced: from.side === 'before' ? from.version : versionAbove(from.version, order) }),
    // `2.0.0-0` is how `1.x` ends in the semver family; nobody released that version, the fix is 2.0.0.
    ...(to === undefined
      ? {}
      : to.side === 'before'
        ? { fixed: to.version.replace(/^(\d+\.\d+\.\d+)-0$/, '$1') }
        : { lastAffected: to.version }),
  }));
}

/** The smallest version above that somebody may release; the version itself where the order has no such spelling. */
function versionAbove(version: string, order: VersionOrder): string {
  const triple = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  const candidates = [
    ...(triple === null ? [] : [`${triple[1]}.${triple[2]}.${BigInt(triple[3] ?? '0') + 1n}-0`]),
    `${version}.0`,
    `${version}.0.0.1`,
  ];
  // Some orders take `1.0` and `1.0.0` for one when an installed version is held against a bound.
  const isAbove = (candidate: string): boolean =>
    order.compare(candidate, version) > 0 && compareInstalled(order, version, candidate) < 0;
  return candidates.find((candidate) => isAbove(candidate) && order.isValid(candidate)) ?? version;
}

/**
 * Where a feed says "affected up to 1.5.1" and "patched from 1.5.2", the affected interval ends at the fix, as in OSV records.
 * Only ends behind which a patched interval follows first are moved.
 */
export function endAtFixes(affected: IntervalSet, patched: IntervalSet, order: VersionOrder): IntervalSet {
  return affected.map((interval, index) => {
    const end = interval.to;
    if (end === undefined || end.side === 'before') return interval;
    const fix = patched.find(
      (candidate) => candidate.from !== undefined && compareCuts(candidate.from, end, order) >= 0,
    )?.from;
    const next = affected[index + 1]?.from;
    if (fix === undefined || fix.side === 'after') return interval;
    return next !== undefined && compareCuts(next, fix, order) < 0 ? interval : { from: interval.from, to: fix };
  });
}
