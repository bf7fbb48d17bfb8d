// SPDX-License-Identifier: Apache-2.0
// Of which modules of a Go program the functions are recorded. All serve the matching of a run; in a document they are megabytes, so that
// its reader says what is of use.
import { compileGlob } from '../../formats/glob.ts';
import type { Package, PackageList } from '../../model/package.ts';

export type GoSymbolReach = 'none' | 'stdlib' | 'extended-stdlib' | 'all';

export interface GoSymbolScope {
  readonly reach: GoSymbolReach;
  /** Globs over module paths; they add to the reach, and change nothing under `none`. A pattern counts for every major version. */
  readonly modules: readonly string[];
}

const reaches: readonly string[] = ['none', 'stdlib', 'extended-stdlib', 'all'];
/** The modules that the Go project keeps beside its standard library. */
const extendedLibrary = 'golang.org/x/**';
const library = 'stdlib';

/** Words of a scope: at most one reach in any case, and patterns; patterns alone add to `stdlib`. */
export function goSymbolScope(words: readonly string[]): GoSymbolScope {
  const stated = words.map((word) => word.trim()).filter((word) => word !== '');
  const reach = stated.map((word) => word.toLowerCase()).find((word) => reaches.includes(word));
  const modules = stated.filter((word) => !reaches.includes(word.toLowerCase()));
  return { reach: (reach as GoSymbolReach | undefined) ?? (modules.length > 0 ? 'stdlib' : 'none'), modules };
}

/** Whether the functions of a module are recorded; `stdlib` is the standard library. */
export function selectsModule(scope: GoSymbolScope, path: string): boolean {
  if (scope.reach === 'none') return false;
  if (scope.reach === 'all' || path === library) return true;
  const patterns = scope.reach === 'extended-stdlib' ? [...scope.modules, extendedLibrary] : scope.modules;
  const names = [path, withoutMajorVersion(path)];
  return patterns.some((pattern) => names.some(compileGlob(pattern)));
}

/** `github.com/a/b/v2` and `gopkg.in/b.v2` without what comes with a major version: https://go.dev/ref/mod#major-version-suffixes */
function withoutMajorVersion(path: string): string {
  return path.replace(/(?:\/v[2-9][0-9]{0,5}|\/v1[0-9]{1,5}|\.v[0-9]{1,6})$/, '');
}

/** The list with the functions of selected modules only. */
export function withSelectedSymbols(list: PackageList, scope: GoSymbolScope): PackageList {
  if (!list.packages.some((item) => item.facts?.goSymbols !== undefined)) return list;
  const packages = list.packages.map((item): Package => {
    if (item.facts?.goSymbols === undefined || selectsModule(scope, item.name)) return item;
    const { goSymbols: _, ...facts } = item.facts;
    return { ...item, facts };
  });
  return { ...list, packages };
}
