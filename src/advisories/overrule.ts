// SPDX-License-Identifier: Apache-2.0
// Who is believed where advisories on one package contradict each other: a statement that a version is not affected, and a stream with
// fixes of its own (extended support, a supplier's rebuild), which knows better than the distribution it stands on.
import type { Hit } from './hits.ts';
import type { AdvisoryEntry } from './lookup.ts';

/** An entry that was compared, with the query that found it. */
export interface ComparedEntry {
  readonly entry: AdvisoryEntry;
  readonly overrules: boolean;
}

export interface Compared {
  readonly hits: readonly Hit[];
  /** Entries that do not cover the version. */
  readonly misses: readonly ComparedEntry[];
  /** Entries that say the version is free of the vulnerability. */
  readonly cleared: readonly AdvisoryEntry[];
}

/** The hits that stand. */
export function standingHits({ hits, misses, cleared }: Compared): readonly Hit[] {
  const free = new Set(cleared.flatMap(namesOfEntry));
  const left = free.size === 0 ? hits : hits.filter((hit) => !hasName(hit.entry, free));
  const stronger = left.filter((hit) => hit.query.overrules === true);
  const resolved = misses.filter((miss) => miss.overrules && hasFix(miss.entry)).map((miss) => miss.entry);
  if (stronger.length === 0 && resolved.length === 0) return left;
  // The stream still lists the vulnerability with a fix of its own, or had it fixed before the installed version.
  const listed = new Set(stronger.filter((hit) => hasFix(hit.entry)).flatMap((hit) => namesOfEntry(hit.entry)));
  const open = new Set(stronger.flatMap((hit) => namesOfEntry(hit.entry)));
  const fixed = new Set(resolved.flatMap(namesOfEntry).filter((name) => !open.has(name)));
  return left.filter(
    (hit) => hit.query.overrules === true || !(hasName(hit.entry, listed) || hasName(hit.entry, fixed)),
  );
}

/** All ids under which the entry's vulnerabilities are known. */
export function namesOfEntry({ advisory }: AdvisoryEntry): readonly string[] {
  return [advisory.id, ...advisory.aliases, ...(advisory.fixes ?? [])];
}

function hasName(entry: AdvisoryEntry, names: ReadonlySet<string>): boolean {
  // An erratum that repairs several is cleared as a whole only when each of them is.
  const fixes = entry.advisory.fixes ?? [];
  if (fixes.length > 0) return names.has(entry.advisory.id) || fixes.every((id) => names.has(id));
  return names.has(entry.advisory.id) || entry.advisory.aliases.some((id) => names.has(id));
}

function hasFix({ affected }: AdvisoryEntry): boolean {
  return affected.fixState === 'fixed' && affected.ranges.some((range) => range.fixed !== undefined);
}
