// SPDX-License-Identifier: Apache-2.0
// Node's module resolution between packages that are installed below one node_modules folder.
import type { Package } from '../../model/package.ts';
import { mergePackages } from './merge.ts';
import { folderOf } from './node-companions.ts';

const segment = 'node_modules/';

/** The outermost node_modules folder of a path in it. */
export function outermostNodeModules(path: string): string {
  const at = path.startsWith(segment) ? 0 : path.indexOf(`/${segment}`) + 1;
  return path.slice(0, at + segment.length - 1);
}

/**
 * From packages whose `dependsOn` holds names, and whose first location is their package.json, to packages that name each other: the
 * nearest copy on the way up, else the only one of the name (stores with links, as pnpm has). One version is one package.
 */
export function linkNodeModules(packages: readonly Package[]): readonly Package[] {
  const byFolder = new Map(packages.map((item) => [folderOf(item.locations[0]?.path ?? ''), item.id]));
  const byName = new Map<string, Set<string>>();
  for (const item of packages) byName.set(item.name, (byName.get(item.name) ?? new Set()).add(item.id));
  const resolve = (from: string, name: string): string | undefined => {
    for (let folder = from; folder !== ''; folder = folderOf(folder)) {
      if (folder.endsWith('node_modules')) continue;
      const id = byFolder.get(`${folder}/${segment}${name}`);
      if (id !== undefined) return id;
    }
    const named = byName.get(name);
    return byFolder.get(`${segment}${name}`) ?? (named?.size === 1 ? [...named][0] : undefined);
  };
  const linked = packages.map((item) => {
    const from = folderOf(item.locations[0]?.path ?? '');
    const ids = item.dependsOn.map((name) => resolve(from, name)).filter((id) => id !== undefined && id !== item.id);
    return { ...item, dependsOn: [...new Set(ids)].filter((id) => id !== undefined) };
  });
  return mergePackages(linked);
}
