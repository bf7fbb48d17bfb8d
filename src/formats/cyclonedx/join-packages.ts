// SPDX-License-Identifier: Apache-2.0
// The distinct packages of all lists: what several files say of each, joined, and which needs which. A run can have a hundred thousand of
// them, and a map by their names costs more than most of what is done with them, so one record per package holds all.
import type { Location } from '../../model/location.ts';
import type { Distribution, Package, PackageFacts, PackageList, Scope } from '../../model/package.ts';
import { compareText } from '../../model/projection.ts';
import { packageKey } from './content.ts';

const scopeOrder: readonly Scope[] = ['runtime', 'optional', 'peer', 'build', 'test', 'development'];
const relationshipOrder = ['root', 'workspace', 'direct', 'indirect', 'unknown'] as const;

export class JoinedPackage {
  readonly key: string;
  /** Operating system of the first list that holds it. */
  readonly distribution: Distribution | undefined;
  /** The bom-ref, once it is given. */
  ref = '';
  /** Each once, never itself; undefined for none. */
  needs: readonly JoinedPackage[] | undefined;
  isNeeded = false;
  isNeededByProject = false;
  /** Whether it stands in a list that tells of dependencies at all. */
  hasToldNeeds = false;
  readonly #first: Package;
  readonly #others: Package[] = [];
  #package: Package | undefined;

  constructor(key: string, first: Package, distribution: Distribution | undefined) {
    this.key = key;
    this.distribution = distribution;
    this.#first = first;
  }

  add(item: Package): void {
    this.#others.push(item);
  }

  get package(): Package {
    this.#package ??= joined(this.#first, this.#others);
    return this.#package;
  }
}

/** A project of the tree itself, not something it depends on. */
export function isProject(item: Package): boolean {
  return item.relationship === 'root' || item.relationship === 'workspace';
}

/** Sorted by key. `sbom` is the path of the SBOM they were read from, which is no place of a package. */
export function joinPackages(lists: readonly PackageList[], sbom: string | undefined): readonly JoinedPackage[] {
  const found = new Map<string, JoinedPackage>();
  const rows = lists.map(
    (list): Row => ({ list, members: list.packages.map((item) => member(found, item, { list, sbom })) }),
  );
  // Ids hold within their list; in SBOMs that were read also across lists.
  let everywhere: ReadonlyMap<string, JoinedPackage> | undefined;
  for (const row of rows) {
    const { packages } = row.list;
    if (packages.every((item) => item.dependsOn.length === 0)) continue;
    const own = byId([row]);
    const find = (id: string): JoinedPackage | undefined => own.get(id) ?? (everywhere ??= byId(rows)).get(id);
    row.members.forEach((source, index) => connect(source, packages[index]?.dependsOn ?? [], find));
  }
  markNeeded(found.values());
  // Sorted as keys, which is by code unit and faster than with a comparing function.
  const sorted: JoinedPackage[] = [];
  for (const key of [...found.keys()].sort()) {
    const item = found.get(key);
    if (item !== undefined) sorted.push(item);
  }
  return sorted;
}

interface Row {
  readonly list: PackageList;
  /** In the order of the list's packages. */
  readonly members: readonly JoinedPackage[];
}

function member(
  found: Map<string, JoinedPackage>,
  item: Package,
  { list, sbom }: { readonly list: PackageList; readonly sbom: string | undefined },
): JoinedPackage {
  const locations = placesOf(item, list.path, sbom);
  const placed = locations === item.locations ? item : { ...item, locations };
  const key = packageKey(item);
  const known = found.get(key);
  if (known !== undefined) {
    known.add(placed);
    return known;
  }
  const first = new JoinedPackage(key, placed, list.distribution);
  found.set(key, first);
  return first;
}

/** Of several packages with one id the last one counts. */
function byId(rows: readonly Row[]): ReadonlyMap<string, JoinedPackage> {
  const index = new Map<string, JoinedPackage>();
  for (const { list, members } of rows) {
    list.packages.forEach((item, at) => {
      const joinedPackage = members[at];
      if (joinedPackage !== undefined) index.set(item.id, joinedPackage);
    });
  }
  return index;
}

function connect(source: JoinedPackage, ids: readonly string[], find: (id: string) => JoinedPackage | undefined): void {
  source.hasToldNeeds = true;
  if (ids.length === 0) return;
  const targets: JoinedPackage[] = [];
  for (const id of ids) {
    const target = find(id);
    if (target !== undefined && target !== source) targets.push(target);
  }
  const all = source.needs === undefined ? targets : [...source.needs, ...targets];
  if (all.length > 0) source.needs = all.length === 1 ? all : [...new Set(all)];
}

function markNeeded(all: Iterable<JoinedPackage>): void {
  for (const source of all) {
    if (source.needs === undefined) continue;
    const isFromProject = isProject(source.package);
    for (const target of source.needs) {
      target.isNeeded = true;
      if (isFromProject) target.isNeededByProject = true;
    }
  }
}

/** Where a package stands: the file of its list when it names no place itself. */
function placesOf(item: Package, path: string, sbom: string | undefined): readonly Location[] {
  const stated = item.locations.length > 0 ? item.locations : [{ path }];
  if (!stated.some((location) => location.path === sbom || location.path === '')) return stated;
  return stated
    .map((location) => (location.path === sbom ? { ...location, path: '' } : location))
    .filter((location) => location.path !== '' || location.layer !== undefined);
}

function joined(first: Package, others: readonly Package[]): Package {
  if (others.length === 0)
    return first.locations.length < 2 ? first : { ...first, locations: distinctLocations(first.locations) };
  const items = [first, ...others];
  const facts: PackageFacts = Object.assign({}, ...items.toReversed().map((item) => item.facts ?? {}));
  const strongest = <T>(order: readonly T[], values: readonly T[]): T | undefined =>
    order.find((value) => values.includes(value));
  const sources = items.find((item) => item.sources !== undefined)?.sources;
  return {
    ...first,
    scope:
      strongest(
        scopeOrder,
        items.map((item) => item.scope),
      ) ?? first.scope,
    relationship:
      strongest(
        relationshipOrder,
        items.map((item) => item.relationship),
      ) ?? first.relationship,
    locations: distinctLocations(items.flatMap((item) => item.locations)),
    licenses: [...new Set(items.flatMap((item) => item.licenses))],
    digests: [...new Set(items.flatMap((item) => item.digests))],
    ...(sources === undefined ? {} : { sources }),
    cpes: [...new Set(items.flatMap((item) => item.cpes ?? []))],
    facts,
  };
}

function distinctLocations(locations: readonly Location[]): readonly Location[] {
  const distinct = new Map(
    locations.map((location) => [`${location.path}\n${location.line ?? ''}\n${location.layer ?? ''}`, location]),
  );
  return [...distinct.values()].sort(
    (a, b) => compareText(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0) || compareText(a.layer ?? '', b.layer ?? ''),
  );
}
