// SPDX-License-Identifier: Apache-2.0
// One package that a lock file names at several places (nested node_modules, peer variants) becomes one package with several locations.
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Relationship } from '../../model/package.ts';
import { strongerScope } from './reach.ts';

/** Nearest first: a package that is direct at one place is direct. */
const nearness: readonly Relationship[] = ['root', 'workspace', 'direct', 'indirect', 'unknown'];

/** Groups that only say that a package is not needed at run time; they fall away when another place needs it there. */
const weakGroups: ReadonlySet<string> = new Set(['dev', 'optional', 'peer']);

/** Joins packages of one id, in the order of their first appearance: strongest scope, nearest relationship, union of the lists. */
export function mergePackages(packages: readonly Package[]): Package[] {
  if (new Set(packages.map((item) => item.id)).size === packages.length) return [...packages];
  const byId = new Map<string, Package[]>();
  for (const item of packages) {
    const known = byId.get(item.id);
    if (known === undefined) byId.set(item.id, [item]);
    else known.push(item);
  }
  return [...byId.values()].map(mergeAll);
}

function mergeAll(same: readonly Package[]): Package {
  const [first, ...others] = same;
  if (first === undefined) throw new TypeError('a group has at least one member');
  if (others.length === 0) return first;
  const scope = same.map((item) => item.scope).reduce(strongerScope);
  const facts = mergeFacts(same, scope);
  const { facts: _ignored, ...rest } = first;
  return {
    ...rest,
    scope,
    relationship: same.map((item) => item.relationship).reduce(nearer),
    locations: [...new Map(same.flatMap((item) => item.locations).map((place) => [keyOf(place), place])).values()],
    licenses: union(same.map((item) => item.licenses)),
    digests: union(same.map((item) => item.digests)),
    dependsOn: union(same.map((item) => item.dependsOn)),
    ...(facts === undefined ? {} : { facts }),
  };
}

/** Facts of the first package that has them; groups of all. */
function mergeFacts(same: readonly Package[], scope: Package['scope']): PackageFacts | undefined {
  const stated = same.map((item) => item.facts).filter((facts) => facts !== undefined);
  if (stated.length === 0) return undefined;
  const { groups: _ignored, ...rest } = stated.reduceRight((later, earlier) => ({ ...later, ...earlier }));
  const all = union(stated.map((facts) => facts.groups ?? []));
  const groups = scope === 'runtime' ? all.filter((group) => !weakGroups.has(group)) : all;
  return { ...rest, ...(groups.length === 0 ? {} : { groups }) };
}

function nearer(a: Relationship, b: Relationship): Relationship {
  return nearness.indexOf(a) <= nearness.indexOf(b) ? a : b;
}

function union<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return [...new Set(lists.flat())];
}

function keyOf(place: Location): string {
  return `${place.path}\0${place.line ?? ''}`;
}
