// SPDX-License-Identifier: Apache-2.0
// One package per subject out of many lists: with all places, the strongest scope and the shortest way from a direct dependency.
import type { Location } from '../model/location.ts';
import type { Distribution, Package, PackageList, Scope } from '../model/package.ts';

export interface SeenPackage {
  readonly subject: string;
  /** As the first list tells of it. */
  readonly item: Package;
  readonly distribution: Distribution | undefined;
  readonly locations: readonly Location[];
  readonly scope: Scope;
  /** Lists that hold the package, with its entry in each. */
  readonly places: readonly { readonly list: PackageList; readonly item: Package }[];
}

interface Input {
  readonly list: PackageList;
  subjectOf(item: Package): string;
}

/** Strongest need first. */
const scopes: readonly Scope[] = ['runtime', 'optional', 'peer', 'build', 'test', 'development'];

/** By subject, in the order of the lists. A project that a manifest describes is what is scanned, not something it uses. */
export function collectPackages(inputs: readonly Input[]): ReadonlyMap<string, SeenPackage> {
  const seen = new Map<string, SeenPackage>();
  for (const input of inputs) {
    const { list } = input;
    for (const item of list.packages) {
      const isProject = item.relationship === 'root' || item.relationship === 'workspace';
      if (isProject && list.kind === 'declared') continue;
      const subject = input.subjectOf(item);
      const known = seen.get(subject);
      seen.set(subject, known === undefined ? firstSeen(subject, list, item) : seenAgain(known, list, item));
    }
  }
  return seen;
}

function firstSeen(subject: string, list: PackageList, item: Package): SeenPackage {
  const { distribution } = list;
  return { subject, item, distribution, locations: item.locations, scope: item.scope, places: [{ list, item }] };
}

function seenAgain(known: SeenPackage, list: PackageList, item: Package): SeenPackage {
  const isStronger = scopes.indexOf(item.scope) < scopes.indexOf(known.scope);
  return {
    ...known,
    distribution: known.distribution ?? list.distribution,
    locations: item.locations.length === 0 ? known.locations : withoutDoubles([...known.locations, ...item.locations]),
    scope: isStronger ? item.scope : known.scope,
    places: [...known.places, { list, item }],
  };
}

function withoutDoubles(locations: readonly Location[]): readonly Location[] {
  const byPlace = new Map(locations.map((one) => [`${one.path}\n${one.line ?? ''}\n${one.layer ?? ''}`, one]));
  return [...byPlace.values()];
}
