// SPDX-License-Identifier: Apache-2.0
// Ids for lists whose files may name one package several times.
import type { Package } from '../../model/package.ts';

/** Ids must be unique in a list: what is listed twice under one name and version gets the number of its entry. */
export function withUniqueIds(packages: readonly Package[]): readonly Package[] {
  const counts = new Map<string, number>();
  return packages.map((item) => {
    const count = (counts.get(item.id) ?? 0) + 1;
    counts.set(item.id, count);
    return count === 1 ? item : { ...item, id: `${item.id}#${count}` };
  });
}
