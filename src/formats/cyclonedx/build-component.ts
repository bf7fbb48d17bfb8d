// SPDX-License-Identifier: Apache-2.0
// Components from packages: one per distinct package.
import type { Digest } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Distribution, Package, PackageFacts, Scope } from '../../model/package.ts';
import { compareText } from '../../model/projection.ts';
import { canonicalLicense, listedLicenses } from '../spdx-license.ts';
import { addressOf, ownProperties, ownProperty, withoutEmpty } from './content.ts';
import type { BomObject } from './faults.ts';
import { isProject } from './join-packages.ts';
import { scalarFault, scalarOf } from './scalars.ts';

/**
 * Writes one component. `minor` is that of the specification, 6 or 7. Members that are undefined are not printed: there are tens of
 * thousands of components, and objects of one shape are made and printed several times faster than such as have members left out.
 */
export function buildComponent(item: Package, ref: string, minor: number): BomObject {
  const { group, name } = namesOf(item);
  const facts = item.facts ?? noFacts;
  const isVersion = item.version !== '' && item.version.length <= 1_024;
  const { cpe, cpes } = cpesOf(item.cpes ?? []);
  return {
    type: item.type === 'oci' || item.type === 'docker' ? 'container' : isProject(item) ? 'application' : 'library',
    'bom-ref': ref,
    supplier: facts.supplier === undefined ? undefined : { name: facts.supplier },
    authors: facts.author === undefined ? undefined : [{ name: facts.author }],
    group: group === '' ? undefined : group,
    name,
    version: isVersion ? item.version : undefined,
    description: facts.description === '' ? undefined : facts.description,
    scope: bomScopes[item.scope],
    hashes: filled(hashesOf(item.digests)),
    licenses: item.licenses.length === 0 ? undefined : filled(licensesOf(item.licenses, minor)),
    cpe,
    purl: item.purl === '' ? undefined : item.purl,
    externalReferences: item.facts === undefined ? undefined : filled(referencesOf(facts)),
    properties: filled(propertiesOf(item, cpes)),
    evidence: evidenceOf(item.locations),
  };
}

const noFacts: PackageFacts = {};

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The one that has a place of its own in a component, and the others. */
function cpesOf(all: readonly string[]): { readonly cpe: string | undefined; readonly cpes: readonly string[] } {
  if (all.length === 0) return { cpe: undefined, cpes: all };
  const [first, ...others] = all.toSorted((a, b) => Number(isCpe(b)) - Number(isCpe(a)) || compareText(a, b));
  return first !== undefined && isCpe(first) ? { cpe: first, cpes: others } : { cpe: undefined, cpes: all };
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

function hashesOf(digests: readonly Digest[]): readonly BomObject[] {
  const hashes: { alg: string; content: string }[] = [];
  for (const digest of digests) {
    const colon = digest.indexOf(':');
    const alg = hashNames[digest.slice(0, colon)];
    if (alg !== undefined) hashes.push({ alg, content: digest.slice(colon + 1) });
  }
  return hashes.sort((a, b) => compareText(a.alg, b.alg) || compareText(a.content, b.content));
}

/** Most packages have one of a few licences: what was written for them is kept. */
const writtenLicenses = new Map<string, readonly BomObject[]>();
const keptLicenses = 5_000;

function licensesOf(licenses: readonly string[], minor: number): readonly BomObject[] {
  const key = `${minor}\n${licenses.join('\n')}`;
  const known = writtenLicenses.get(key);
  if (known !== undefined) return known;
  const written = writeLicenses(licenses, minor);
  if (writtenLicenses.size < keptLicenses) writtenLicenses.set(key, written);
  return written;
}

/** Until 1.6 an expression stands alone, so several licences are joined, or given by name where one of them is no expression. */
function writeLicenses(licenses: readonly string[], minor: number): readonly BomObject[] {
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

function propertiesOf(item: Package, cpes: readonly string[]): readonly BomObject[] {
  const list: BomObject[] = [];
  const { facts, sources, locations } = item;
  if (item.purl === undefined) put(list, 'type', item.type);
  if (item.relationship !== 'unknown') put(list, 'relationship', item.relationship);
  if (item.scope !== 'runtime' && item.scope !== 'optional') put(list, 'scope', item.scope);
  put(list, 'constraint', item.constraint);
  if (item.version.length > 1_024) put(list, 'version', item.version);
  put(list, 'source:name', sources?.[0]?.name);
  put(list, 'source:version', sources?.[0]?.version);
  put(list, 'commit', facts?.commit);
  put(list, 'vendor', facts?.vendor);
  if (locations.length === 1) put(list, 'layer', locations[0]?.layer);
  else for (const layer of new Set(locations.map((location) => location.layer))) put(list, 'layer', layer);
  if (cpes.length > 0) for (const cpe of cpes) put(list, 'cpe', cpe);
  if (facts?.groups !== undefined) for (const group of facts.groups) put(list, 'group', group);
  if (facts?.other !== undefined)
    for (const name of Object.keys(facts.other).sort()) put(list, `fact:${name}`, facts.other[name]);
  return list;
}

function put(list: BomObject[], name: string, value: string | undefined): void {
  if (value !== undefined && value !== '') list.push(ownProperty(name, value));
}

/** Each place once, by path and line. */
function evidenceOf(locations: readonly Location[]): BomObject | undefined {
  const [first] = locations;
  if (first !== undefined && locations.length === 1)
    return first.path === '' ? undefined : { occurrences: [{ location: first.path, line: first.line }] };
  const occurrences = new Map<string, BomObject>();
  for (const { path, line } of locations) {
    if (path !== '') occurrences.set(`${path}\n${line ?? ''}`, { location: path, line });
  }
  return occurrences.size === 0 ? undefined : { occurrences: [...occurrences.values()] };
}
