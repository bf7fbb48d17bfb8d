// SPDX-License-Identifier: Apache-2.0
// One package that a lock file names at several places (nested node_modules, peer variants) becomes one package with several locations.
import type { Digest } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Relationship } from '../../model/package.ts';
import { strongerScope } from './reach.ts';

/** Nearest first: a package that is direct at one place is direct. */
const nearness: readonly Relationship[] = ['root', 'workspace', 'direct', 'indirect', 'unknown'];

/** Groups that only say that a package is not needed at run time; they fall away when another place needs it there. */
const weakGroups: ReadonlySet<string> = new Set(['dev', 'optional', 'peer']);

/** Joins packages of one id, in the order of their first appearance: strongest scope, nearest relationship, union of the lists. */
export function mergePackages(packages: readonly Package[]): Package[] {
  const byId = new Map<string, Package>();
  for (const item of packages) {
    const before = byId.get(item.id);
    byId.set(item.id, before === undefined ? item : mergeTwo(before, item));
  }
  return [...byId.values()];
}

function mergeTwo(first: Package, second: Package): Package {
  const scope = strongerScope(first.scope, second.scope);
  const facts = mergeFacts(first, second, scope);
  const { facts: _ignored, ...rest } = first;
  return {
    ...rest,
    scope,
    relationship: nearer(first.relationship, second.relationship),
    locations: unionOfLocations(first.locations, second.locations),
    licenses: union(first.licenses, second.licenses),
    digests: union<Digest>(first.digests, second.digests),
    dependsOn: union(first.dependsOn, second.dependsOn),
    ...(facts === undefined ? {} : { facts }),
  };
}

function mergeFacts(first: Package, second: Package, scope: Package['scope']): PackageFacts | undefined {
  if (first.facts === undefined && second.facts === undefined) return undefined;
  const { groups: _ignored, ...rest } = { ...second.facts, ...first.facts };
  const all = union(first.facts?.groups ?? [], second.facts?.groups ?? []);
  const groups = scope === 'runtime' ? all.filter((group) => !weakGroups.has(group)) : all;
  return { ...rest, ...(groups.length === 0 ? {} : { groups }) };
}

function nearer(a: Relationship, b: Relationship): Relationship {
  return nearness.indexOf(a) <= nearness.indexOf(b) ? a : b;
}

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...new Set([...a, ...b])];
}

function unionOfLocations(a: readonly Location[], b: readonly Location[]): readonly Location[] {
  const isKnown = (place: Location): boolean =>
    a.some((known) => known.path === place.path && known.line === place.line);
  const fresh = b.filter((place) => !isKnown(place));
  return fresh.length === 0 ? a : [...a, ...fresh];
}
