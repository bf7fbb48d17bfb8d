// SPDX-License-Identifier: Apache-2.0
// What an advisory says of one package in as few words as possible: statements that differ only in versions become one, and listed
// versions that a range contains anyway are dropped. Matching gives the same answer before and after.
import type { Advisory, AffectedPackage, VersionInterval } from '../../model/advisory.ts';
import type { AdvisoryEntry } from '../lookup.ts';
import { contains } from '../ranges.ts';
import { orderOf } from '../versions/index.ts';

/** The entries of one advisory, one per package and circumstance (severity, module, fix state). */
export function compactEntries(advisory: Advisory): readonly AdvisoryEntry[] {
  const { affected, ...facts } = advisory;
  const groups = Map.groupBy(affected, circumstancesOf);
  return [...groups.values()].map((group) => ({ advisory: facts, affected: compactGroup(group) }));
}

function circumstancesOf(affected: AffectedPackage): string {
  const { ecosystem, name, order, fixState, severity, modularity, architectures, importPaths } = affected;
  const { cpes, platforms } = affected;
  return JSON.stringify([
    ecosystem,
    name,
    order,
    fixState,
    severity,
    modularity,
    architectures,
    importPaths,
    cpes,
    platforms,
  ]);
}

function compactGroup(group: readonly AffectedPackage[]): AffectedPackage {
  const first = group[0] as AffectedPackage;
  const ranges = new Map<string, VersionInterval>();
  for (const range of group.flatMap((item) => item.ranges)) {
    ranges.set(JSON.stringify([range.introduced, range.fixed, range.lastAffected]), range);
  }
  const intervals = [...ranges.values()];
  const order = orderOf(first.order);
  const listed = [...new Set(group.flatMap((item) => item.versions))].sort();
  const versions =
    order === undefined
      ? listed
      : listed.filter((version) => !intervals.some((range) => contains(range, version, order)));
  return { ...first, ranges: intervals, versions };
}
