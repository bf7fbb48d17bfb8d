// SPDX-License-Identifier: Apache-2.0
// Relations between installed packages that name what they need.
import type { Package } from '../../model/package.ts';
import { withUniqueIds } from './unique-ids.ts';

/**
 * Replaces names in `dependsOn` by the ids of the packages of that name; what is not installed in the same place is left out.
 * `spelling` makes two spellings of a name the same text.
 */
export function linkedByName(packages: readonly Package[], spelling: (name: string) => string): readonly Package[] {
  const unique = withUniqueIds(packages);
  const byName = Map.groupBy(unique, (item) => spelling(item.name));
  return unique.map((item) => {
    const ids = item.dependsOn.flatMap((name) => (byName.get(spelling(name)) ?? []).map((found) => found.id));
    return { ...item, dependsOn: [...new Set(ids)].filter((id) => id !== item.id) };
  });
}
