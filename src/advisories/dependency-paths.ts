// SPDX-License-Identifier: Apache-2.0
// Why a package is there: the shortest chain of dependencies from one that the project names itself.
import type { Package, PackageList } from '../model/package.ts';
import type { SeenPackage } from './seen-packages.ts';

/** Names with versions, the package last; only the package itself when no list tells who needs it. */
export function pathOf(seen: SeenPackage): readonly string[] {
  let shortest: readonly string[] | undefined;
  for (const { list, item } of seen.places) {
    const path = pathIn(list, item);
    if (path !== undefined && (shortest === undefined || path.length < shortest.length)) shortest = path;
  }
  return shortest ?? [labelOf(seen.item)];
}

function pathIn(list: PackageList, item: Package): readonly string[] | undefined {
  const parents = parentsOf(list);
  if (!parents.has(item.id)) return undefined;
  const path: string[] = [];
  for (let at: Package | undefined = item; at !== undefined; at = parents.get(at.id)) path.unshift(labelOf(at));
  return path;
}

const known = new WeakMap<PackageList, ReadonlyMap<string, Package | undefined>>();

/** For each package that can be reached, the one before it on a shortest way from a direct dependency (breadth first). */
function parentsOf(list: PackageList): ReadonlyMap<string, Package | undefined> {
  const remembered = known.get(list);
  if (remembered !== undefined) return remembered;
  const byId = new Map(list.packages.map((item) => [item.id, item]));
  const roots = new Set(
    list.packages.filter((item) => item.relationship === 'root' || item.relationship === 'workspace'),
  );
  const named = [...roots]
    .flatMap((root) => root.dependsOn.map((id) => byId.get(id)))
    .filter((item) => item !== undefined);
  const parents = new Map<string, Package | undefined>();
  const queue: Package[] = [];
  const visit = (item: Package, parent: Package | undefined): void => {
    if (parents.has(item.id) || roots.has(item)) return;
    parents.set(item.id, parent);
    queue.push(item);
  };
  for (const item of list.packages) if (item.relationship === 'direct') visit(item, undefined);
  for (const item of named) visit(item, undefined);
  for (let at = 0; at < queue.length; at += 1) {
    const item = queue[at];
    for (const id of item?.dependsOn ?? []) {
      const next = byId.get(id);
      if (next !== undefined) visit(next, item);
    }
  }
  known.set(list, parents);
  return parents;
}

function labelOf(item: Package): string {
  return item.version === '' ? item.name : `${item.name}@${item.version}`;
}
