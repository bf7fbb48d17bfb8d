// SPDX-License-Identifier: Apache-2.0
// Makes a package that an SBOM in the target claims and one that was seen there the same subject, so that it is counted and judged once.
import type { Package, PackageList } from '../../model/package.ts';
import { parsePurl } from '../../model/purl.ts';

/**
 * A claimed package takes the package URL of the one seen package that has its type, name and version, when the two URLs contradict each
 * other in nothing (an SBOM often lacks architecture or distribution). Nothing is left out: the claim stays evidence of its own.
 */
export function withSeenPurls(lists: readonly PackageList[]): readonly PackageList[] {
  if (lists.every((list) => list.trust !== 'asserted')) return lists;
  const seen = new Map<string, Set<string>>();
  for (const list of lists) {
    if (list.trust === 'asserted') continue;
    for (const item of list.packages) {
      if (item.purl !== undefined) seen.set(keyOf(item), (seen.get(keyOf(item)) ?? new Set()).add(item.purl));
    }
  }
  return lists.map((list) =>
    list.trust === 'asserted'
      ? { ...list, packages: list.packages.map((item) => withPurl(item, seen.get(keyOf(item)))) }
      : list,
  );
}

function keyOf(item: Package): string {
  return `${item.type}\n${item.name}\n${item.version}`;
}

function withPurl(item: Package, candidates: ReadonlySet<string> | undefined): Package {
  if (candidates === undefined || (item.purl !== undefined && candidates.has(item.purl))) return item;
  const fitting = [...candidates].filter((purl) => agree(item.purl, purl));
  const [purl] = fitting;
  return purl === undefined || fitting.length > 1 ? item : { ...item, purl };
}

/** No part that both state differs. */
function agree(claimed: string | undefined, seen: string): boolean {
  const one = claimed === undefined ? undefined : parsePurl(claimed);
  const other = parsePurl(seen);
  if (one === undefined || other === undefined) return claimed === undefined;
  if (one.type !== other.type || (one.namespace ?? '') !== (other.namespace ?? '') || one.name !== other.name)
    return false;
  const stated = other.qualifiers ?? {};
  return Object.entries(one.qualifiers ?? {}).every(
    ([key, value]) => stated[key] === undefined || stated[key] === value,
  );
}
