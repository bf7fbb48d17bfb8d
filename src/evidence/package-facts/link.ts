// SPDX-License-Identifier: Apache-2.0
// Relations between installed packages that name what they need.
import type { Package } from '../../model/package.ts';
import { withUniqueIds } from './unique-ids.ts';

/** A place holds one version of a package, rarely two; a made-up one could make everything depend on everything. */
const mostOfOneName = 10;

/**
 * Replaces names in `dependsOn` by the ids of the packages of that name; what is not installed in the same place is left out.
 * `spelling` makes two spellings of a name the same text.
 */
export function linkedByName(packages: readonly Package[], spelling: (name: string) => string): readonly Package[] {
  const unique = withUniqueIds(packages);
  const byName = Map.groupBy(unique, (item) => spelling(item.name));
  return unique.map((item) => {
    const named = (name: string): readonly Package[] => byName.get(spelling(name))?.slice(0, mostOfOneName) ?? [];
    const ids = item.dependsOn.flatMap((name) => named(name).map((found) => found.id));
    return { ...item, dependsOn: [...new Set(ids)].filter((id) => id !== item.id) };
  });
}
