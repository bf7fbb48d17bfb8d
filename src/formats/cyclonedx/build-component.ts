// SPDX-License-Identifier: Apache-2.0
// Components from packages: one per distinct package, with everything that all files say of it.
import type { Digest } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Distribution, Package, PackageFacts, PackageList, Scope } from '../../model/package.ts';
import { compareText } from '../../model/projection.ts';
import { canonicalLicense, listedLicenses } from '../spdx-license.ts';
import { addressOf, ownProperties, packageKey, withoutEmpty } from './content.ts';
import type { BomObject } from './faults.ts';
import { scalarFault, scalarOf } from './scalars.ts';

/** A package with what several files say of it joined. */
export interface JoinedPackage {
  readonly key: string;
  readonly package: Package;
  /** Operating system of the lists that hold it. */
  readonly distribution?: Distribution;
}

const scopeOrder: readonly Scope[] = ['runtime', 'optional', 'peer', 'build', 'test', 'development'];
const relationshipOrder = ['root', 'workspace', 'direct', 'indirect', 'unknown'] as const;

/** The distinct packages of all lists, sorted by key. `sbom` is the path of the SBOM they were read from, which is no place of a package. */
export function joinPackages(lists: readonly PackageList[], sbom: string | undefined): readonly JoinedPackage[] {
  const found = new Map<string, { items: Package[]; distribution: Distribution | undefined }>();
  for (const list of lists) {
    for (const item of list.packages) {
      const stated = item.locations.length > 0 ? item.locations : [{ path: list.path }];
      const locations = stated.map((location) => (location.path === sbom ? { ...location, path: '' } : location));
      const placed = { ...item, locations: locations.filter(({ path, layer }) => path !== '' || layer !== undefined) };
      const key = packageKey(item);
      const known = found.get(key);
      if (known === undefined) found.set(key, { items: [placed], distribution: list.distribution });
      else known.items.push(placed);
    }
  }
  return [...found]
    .map(([key, { items, distribution }]) => ({
      key,
      package: joined(items),
      ...(distribution === undefined ? {} : { distribution }),
    }))
    .sort((a, b) => compareText(a.key, b.key));
}

function joined(items: readonly Package[]): Package {
  const [first, ...others] = items;
  if (first === undefined) throw new Error('no package to join');
  if (others.length === 0) return { ...first, locations: distinctLocations(first.locations) };
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

/** Writes one component. `minor` is that of the specification, 6 or 7. */
export function buildComponent(item: Package, ref: string, minor: number): BomObject {
  const { group, name } = namesOf(item);
  const facts = item.facts ?? {};
  const isVersion = item.version !== '' && item.version.length <= 1_024;
  const [cpe, ...cpes] = (item.cpes ?? []).toSorted((a, b) => Number(isCpe(b)) - Number(isCpe(a)) || compareText(a, b));
  const hasCpe = cpe !== undefined && isCpe(cpe);
  return withoutEmpty({
    type: item.type === 'oci' || item.type === 'docker' ? 'container' : isProject(item) ? 'application' : 'library',
    'bom-ref': ref,
    supplier: facts.supplier === undefined ? undefined : { name: facts.supplier },
    authors: facts.author === undefined ? undefined : [{ name: facts.author }],
    group,
    name,
    version: isVersion ? item.version : undefined,
    description: facts.description,
    scope: bomScopes[item.scope],
    hashes: hashesOf(item.digests),
    licenses: licensesOf(item.licenses, minor),
    cpe: hasCpe ? cpe : undefined,
    purl: item.purl,
    externalReferences: referencesOf(facts),
    properties: propertiesOf(item, hasCpe ? cpes : (item.cpes ?? [])),
    evidence: evidenceOf(item.locations),
  });
}

/** The operating system that packages of a distribution belong to. */
export function buildOperatingSystem(distribution: Distribution, ref: string): BomObject {
  return withoutEmpty({
    type: 'operating-system',
    'bom-ref': ref,
    name: distribution.id,
    version: distribution.versionId,
    description: distribution.name,
    properties: ownProperties([
      ['codename', distribution.codename],
      ['id-like', distribution.idLike.join(' ')],
    ]),
  });
}

/** A project of the tree itself, not something it depends on. */
export function isProject(item: Package): boolean {
  return item.relationship === 'root' || item.relationship === 'workspace';
}

/** Ecosystems in which the first part of a name is a group of its own. */
function namesOf(item: Package): { group: string; name: string } {
  const separator = item.type === 'maven' ? ':' : item.type === 'npm' || item.type === 'composer' ? '/' : undefined;
  const at = separator === undefined ? -1 : item.name.indexOf(separator);
  const isScoped = item.type !== 'npm' || item.name.startsWith('@');
  if (at <= 0 || at === item.name.length - 1 || !isScoped) return { group: '', name: item.name };
  return { group: item.name.slice(0, at), name: item.name.slice(at + 1) };
}

const bomScopes: Readonly<Record<Scope, string>> = {
  runtime: 'required',
  optional: 'optional',
  peer: 'optional',
  build: 'excluded',
  test: 'excluded',
  development: 'excluded',
};

const hashNames: Readonly<Record<string, string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

function hashesOf(digests: readonly Digest[]): { alg: string; content: string }[] {
  return digests
    .map((digest) => ({
      alg: hashNames[digest.slice(0, digest.indexOf(':'))] ?? '',
      content: digest.slice(digest.indexOf(':') + 1),
    }))
    .filter((hash) => hash.alg !== '')
    .sort((a, b) => compareText(a.alg, b.alg) || compareText(a.content, b.content));
}

/** Until 1.6 an expression stands alone, so several licences are joined, or given by name where one of them is no expression. */
function licensesOf(licenses: readonly string[], minor: number): BomObject[] {
  const words = [...new Set(licenses.map((license) => license.trim()))].filter((license) => license !== '');
  const valid = words.map((word) => canonicalLicense(word));
  const isExpression = valid.some((text) => text !== undefined && !isListed(text));
  if (isExpression && words.length > 1 && minor < 7) {
    const isWhole = valid.every((text) => text !== undefined);
    if (isWhole)
      return [
        {
          expression: valid.map((text) => (/ OR /.test(text ?? '') ? `(${text})` : text)).join(' AND '),
          acknowledgement: 'declared',
        },
      ];
    return words.map((name) => ({ license: { acknowledgement: 'declared', name } }));
  }
  return words.map((word, index) => {
    const text = valid[index];
    if (text === undefined) return { license: { acknowledgement: 'declared', name: word } };
    if (isListed(text)) return { license: { acknowledgement: 'declared', id: text } };
    return { expression: text, acknowledgement: 'declared' };
  });
}

function isListed(id: string): boolean {
  return listedLicenses().get(id.toLowerCase())?.id === id;
}

function isCpe(text: string): boolean {
  return scalarFault(scalarOf('cpe'), text, { syntax: 'xml', minor: 7 }) === undefined;
}

function referencesOf(facts: PackageFacts): BomObject[] {
  const references = [
    ['distribution', facts.downloadUrl],
    ['vcs', facts.repository],
    ['website', facts.homepage],
  ] as const;
  return references.flatMap(([type, url]) => {
    const address = addressOf(url);
    return address === undefined ? [] : [{ type, url: address }];
  });
}

function propertiesOf(item: Package, cpes: readonly string[]): BomObject[] {
  const [source] = item.sources ?? [];
  const { groups = [], other = {}, commit, vendor } = item.facts ?? {};
  const layers = new Set(item.locations.map((location) => location.layer));
  return ownProperties([
    ['type', item.purl === undefined ? item.type : undefined],
    ['relationship', item.relationship === 'unknown' ? undefined : item.relationship],
    ['scope', item.scope === 'runtime' || item.scope === 'optional' ? undefined : item.scope],
    ['constraint', item.constraint],
    ['version', item.version.length > 1_024 ? item.version : undefined],
    ['source:name', source?.name],
    ['source:version', source?.version],
    ['commit', commit],
    ['vendor', vendor],
    ...[...layers].map((layer) => ['layer', layer] as const),
    ...cpes.map((cpe) => ['cpe', cpe] as const),
    ...groups.map((group) => ['group', group] as const),
    ...Object.entries(other)
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, value]) => [`fact:${name}`, value] as const),
  ]);
}

function evidenceOf(locations: readonly Location[]): BomObject | undefined {
  const seen = new Set<string>();
  const occurrences = locations
    .filter((location) => location.path !== '')
    .map(({ path, line }) => ({ location: path, ...(line === undefined ? {} : { line }) }))
    .filter((occurrence) => {
      const key = JSON.stringify(occurrence);
      return seen.has(key) ? false : seen.add(key).size > 0;
    });
  return occurrences.length === 0 ? undefined : { occurrences };
}
