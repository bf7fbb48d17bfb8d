// SPDX-License-Identifier: Apache-2.0
// Sources that only summarise others (Roave): of what they say, only versions that no other source covers are kept, so that a
// vulnerability is not reported a second time under an id that nobody knows.
import type { AffectedPackage } from '../../model/advisory.ts';
import type { IntervalSet } from '../interval-set.ts';
import { differenceOf, intervalsOfSet, setOfIntervals, unionOf } from '../interval-set.ts';
import type { AdvisoryEntry } from '../lookup.ts';
import { orderOf } from '../versions/index.ts';
import type { VersionOrder } from '../versions/order.ts';

const gapFillers: ReadonlySet<string> = new Set(['roave']);

/** The entries of one ecosystem with those of gap-filling sources reduced or dropped. */
export function fillGaps(entries: readonly AdvisoryEntry[]): readonly AdvisoryEntry[] {
  if (!entries.some(isFiller)) return entries;
  const covered = Map.groupBy(
    entries.filter((entry) => !isFiller(entry) && entry.advisory.withdrawn === undefined),
    (entry) => entry.affected.name,
  );
  return entries.flatMap((entry) => {
    if (!isFiller(entry)) return [entry];
    const others = covered.get(entry.affected.name);
    const order = orderOf(entry.affected.order);
    if (others === undefined || order === undefined) return [entry];
    const rest = differenceOf(
      setOf(entry.affected, order),
      unionOf(
        others.map((other) => setOf(other.affected, order)),
        order,
      ),
      order,
    );
    const affected: AffectedPackage = { ...entry.affected, ranges: intervalsOfSet(rest, order), versions: [] };
    return rest.length === 0 ? [] : [{ advisory: entry.advisory, affected }];
  });
}

function isFiller(entry: AdvisoryEntry): boolean {
  return gapFillers.has(entry.advisory.source);
}

function setOf(affected: AffectedPackage, order: VersionOrder): IntervalSet {
  return setOfIntervals(affected.ranges, affected.versions, order);
}
