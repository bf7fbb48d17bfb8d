// SPDX-License-Identifier: Apache-2.0
// What one component says, in the terms of the neutral SBOM model. CycloneDX leaves open where the file, the layer and the source package
// of a component are told; the conventions of Trivy, Syft, cdxgen and this program are read, each named at its place.
import type { Digest } from '../../model/digest.ts';
import { digestOf, parseDigest } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Distribution, Package, PackageFacts, Relationship, Scope, SourcePackage } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { asArray, asObject, asString, type JsonObject } from '../document.ts';
import { distributionOf, type PurlPackage, packageOfPurl, preferredName, sourceOfRpm } from '../purl-package.ts';
import type { SbomElement } from '../sbom-assemble.ts';

/** First value of each property name; Trivy and Syft write some several times, of which the first is kept here. */
export type Properties = ReadonlyMap<string, string>;

/** The properties of an object. */
export function propertiesOf(value: JsonObject): Properties {
  const found = new Map<string, string>();
  for (const item of asArray(value['properties'])) {
    const property = asObject(item);
    const name = text(property?.['name']);
    if (name !== '' && !found.has(name)) found.set(name, text(property?.['value']));
  }
  return found;
}

/** An element of the SBOM graph; `isBadPurl` when its package URL cannot be read. */
export function elementOfComponent(component: JsonObject, id: string): { element: SbomElement; isBadPurl: boolean } {
  const properties = propertiesOf(component);
  const purpose = text(component['type']) || 'library';
  const version = text(component['version']);
  const name = fullName(component);
  const purl = text(component['purl']);
  const found = purl === '' ? undefined : packageOfPurl(purl);
  const common = { id, name, version, purpose };
  const isBadPurl = purl !== '' && found === undefined;
  if (purpose === 'operating-system') {
    return {
      element: { ...common, role: 'group', distribution: distributionOfComponent(component, properties) },
      isBadPurl,
    };
  }
  if (found === undefined && purpose === 'file')
    return { element: { ...common, role: 'file', digests: digestsOf(component) }, isBadPurl };
  if (found === undefined && !isPackage(component, properties)) {
    const path = groupPath(name, properties);
    return { element: { ...common, role: 'group', ...(path === undefined ? {} : { path }) }, isBadPurl };
  }
  const element: SbomElement = {
    ...common,
    role: 'package',
    ...(found === undefined ? {} : { purl }),
    package: packageOfComponent(component, { name, properties, found }),
    ...(found?.distribution === undefined ? {} : { distribution: found.distribution }),
  };
  return { element, isBadPurl };
}

function distributionOfComponent(component: JsonObject, properties: Properties): Distribution {
  const found = distributionOf(text(component['name']), text(component['version']));
  const codename = properties.get('landwaiter:codename') ?? found.codename;
  const idLike = (properties.get('landwaiter:id-like') ?? '').split(' ').filter((id) => id !== '');
  return {
    ...found,
    name: text(component['description']) || found.name,
    ...(idLike.length === 0 ? {} : { idLike }),
    ...(codename === undefined ? {} : { codename }),
  };
}

/** Purposes of components that are software in themselves, also without a package URL. */
const softwarePurposes = new Set(['library', 'framework', 'firmware', 'device-driver']);

/** Without a package URL an application is a package when it has a version or a CPE; Trivy marks what only groups packages with a class. */
function isPackage(component: JsonObject, properties: Properties): boolean {
  if (properties.has('aquasecurity:trivy:Class')) return false;
  if (text(component['cpe']) !== '' || properties.has('landwaiter:type')) return true;
  const purpose = text(component['type']) || 'library';
  return softwarePurposes.has(purpose) || (purpose === 'application' && text(component['version']) !== '');
}

/** Trivy names a lock file by its path, and what it finds in many files by the kind. */
function groupPath(name: string, properties: Properties): string | undefined {
  const kind = properties.get('aquasecurity:trivy:Type');
  return kind === undefined || name === '' || name === kind || /^[A-Z][A-Za-z.]*$/.test(name) ? undefined : name;
}

interface Identity {
  readonly name: string;
  readonly properties: Properties;
  readonly found: PurlPackage | undefined;
}

function packageOfComponent(component: JsonObject, { name, properties, found }: Identity): Package {
  const stated = text(component['version']) || (properties.get('landwaiter:version') ?? '');
  const version = found === undefined || found.version === '' ? stated : found.version;
  const sources = sourcesOf(properties, { name, version, type: found?.type ?? '' }) ?? found?.sources ?? [];
  const cpes = [
    ...new Set([
      text(component['cpe']),
      ...valuesOf(component, 'syft:cpe23'),
      ...valuesOf(component, 'landwaiter:cpe'),
      ...(found?.cpes ?? []),
    ]),
  ].filter((cpe) => cpe !== '');
  const facts = factsOf(component, properties, found?.facts ?? {});
  return packageOf({
    name: found === undefined ? name : preferredName(name, found),
    version,
    type: found?.type ?? properties.get('landwaiter:type') ?? 'generic',
    ...(found === undefined ? {} : { purl: text(component['purl']) }),
    scope: scopeOf(component, properties),
    relationship: relationships.find((word) => word === properties.get('landwaiter:relationship')) ?? 'unknown',
    locations: locationsOf(component, properties),
    licenses: licensesOf(asArray(component['licenses'])),
    digests: digestsOf(component),
    ...(properties.has('landwaiter:constraint') ? { constraint: properties.get('landwaiter:constraint') ?? '' } : {}),
    ...(sources.length === 0 ? {} : { sources }),
    ...(cpes.length === 0 ? {} : { cpes }),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

/** `@scope/name` for npm, `group:name` for Java, `group/name` else. */
function fullName(component: JsonObject): string {
  const group = text(component['group']);
  const name = text(component['name']);
  if (group === '' || name.startsWith(group)) return name;
  return text(component['purl']).startsWith('pkg:maven/') ? `${group}:${name}` : `${group}/${name}`;
}

const relationships: readonly Relationship[] = ['root', 'workspace', 'direct', 'indirect'];
const scopes: readonly Scope[] = ['runtime', 'optional', 'peer', 'build', 'test', 'development'];

/** CycloneDX knows required, optional and excluded; this program adds its own, finer word. */
function scopeOf(component: JsonObject, properties: Properties): Scope {
  const own = scopes.find((scope) => scope === properties.get('landwaiter:scope'));
  if (own !== undefined) return own;
  if (properties.get('cdx:npm:package:development') === 'true') return 'development';
  const stated = component['scope'];
  return stated === 'optional' ? 'optional' : stated === 'excluded' ? 'development' : 'runtime';
}

/** Occurrences since 1.5; before, and beside them, properties: Syft numbers its locations, Trivy and cdxgen have one file. */
function locationsOf(component: JsonObject, properties: Properties): readonly Location[] {
  const layer = parseDigest(
    properties.get('aquasecurity:trivy:LayerDiffID') ?? properties.get('landwaiter:layer') ?? '',
  );
  const found: Location[] = [];
  for (const item of asArray(asObject(component['evidence'])?.['occurrences'])) {
    const occurrence = asObject(item);
    const path = text(occurrence?.['location']);
    const line = occurrence?.['line'] ?? /^line (\d{1,9})$/.exec(text(occurrence?.['additionalContext']))?.[1];
    if (path !== '') found.push(locationOf(path, line, layer));
  }
  for (let index = 0; properties.has(`syft:location:${index}:path`); index += 1) {
    const syftLayer = parseDigest(properties.get(`syft:location:${index}:layerID`) ?? '');
    found.push(locationOf(properties.get(`syft:location:${index}:path`) ?? '', undefined, syftLayer));
  }
  if (found.length > 0) return found;
  const file = properties.get('aquasecurity:trivy:FilePath') ?? properties.get('SrcFile') ?? '';
  if (file !== '') return [locationOf(file, undefined, layer)];
  return layer === undefined ? [] : [{ path: '', layer }];
}

/** `path#line`, as some tools write it, is taken apart. */
function locationOf(written: string, line: unknown, layer: Digest | undefined): Location {
  const match = /^(?<path>.+)#L?(?<line>\d{1,9})$/.exec(written);
  const path = (match?.groups?.['path'] ?? written).replace(/^\/+/, '');
  const number = Number(line ?? match?.groups?.['line']);
  return {
    path,
    ...(Number.isSafeInteger(number) && number > 0 ? { line: number } : {}),
    ...(layer === undefined ? {} : { layer }),
  };
}

/** Ids, names and expressions; what was concluded by an analysis is used only where nothing is declared. */
function licensesOf(choices: readonly unknown[]): readonly string[] {
  const found = choices.map((item) => {
    const choice = asObject(item);
    const license = asObject(choice?.['license']);
    const words =
      text(choice?.['expression']) || text(license?.['id']) || text(license?.['name']) || text(license?.['url']);
    return { words, isConcluded: (license ?? choice)?.['acknowledgement'] === 'concluded' };
  });
  const declared = found.filter((item) => !item.isConcluded);
  return [...new Set((declared.length > 0 ? declared : found).map((item) => item.words))].filter(
    (words) => words !== '',
  );
}

function digestsOf(component: JsonObject): readonly Digest[] {
  return asArray(component['hashes'])
    .map((item) => digestOf(text(asObject(item)?.['alg']), text(asObject(item)?.['content'])))
    .filter((digest) => digest !== undefined);
}

function sourcesOf(properties: Properties, of: SourcePackage & { type: string }): readonly SourcePackage[] | undefined {
  const trivyName = properties.get('aquasecurity:trivy:SrcName') ?? '';
  if (trivyName !== '') {
    const part = (name: string): string => properties.get(`aquasecurity:trivy:Src${name}`) ?? '';
    const epoch = part('Epoch') === '' || part('Epoch') === '0' ? '' : `${part('Epoch')}:`;
    const release = part('Release') === '' ? '' : `-${part('Release')}`;
    const version = part('Version') === '' ? of.version : `${epoch}${part('Version')}${release}`;
    return [{ name: trivyName, version }];
  }
  const ownName = properties.get('landwaiter:source:name') ?? '';
  if (ownName !== '') return [{ name: ownName, version: properties.get('landwaiter:source:version') ?? of.version }];
  const rpm = of.type === 'rpm' ? sourceOfRpm(properties.get('syft:metadata:sourceRpm') ?? '') : undefined;
  if (rpm !== undefined) return rpm;
  const syftName = properties.get('syft:metadata:source') ?? properties.get('syft:metadata:originPackage') ?? '';
  if (syftName === '') return undefined;
  return [{ name: syftName, version: properties.get('syft:metadata:sourceVersion') || of.version }];
}

function factsOf(component: JsonObject, properties: Properties, known: PackageFacts): PackageFacts {
  const reference = (type: string): string | undefined => {
    const found = asArray(component['externalReferences']).find((item) => asObject(item)?.['type'] === type);
    return text(asObject(found)?.['url']) || undefined;
  };
  const named = (value: unknown): string | undefined => text(asObject(value)?.['name']) || undefined;
  const authors = asArray(component['authors'])
    .map(named)
    .filter((name) => name !== undefined);
  const values: Record<string, string | undefined> = {
    description: text(component['description']) || undefined,
    homepage: reference('website'),
    repository: reference('vcs'),
    downloadUrl: reference('distribution'),
    author: authors.length > 0 ? authors.join(', ') : text(component['author']) || undefined,
    supplier: named(component['supplier']) ?? (text(component['publisher']) || undefined),
    commit: properties.get('landwaiter:commit'),
    vendor: properties.get('landwaiter:vendor'),
    modularity:
      properties.get('aquasecurity:trivy:Modularitylabel') ||
      properties.get('syft:metadata:modularityLabel') ||
      undefined,
  };
  const groups = valuesOf(component, 'landwaiter:group');
  const prefix = 'landwaiter:fact:';
  const other = [...properties]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value]);
  return {
    ...known,
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    ...(groups.length === 0 ? {} : { groups }),
    ...(other.length === 0 ? {} : { other: Object.fromEntries(other) as Record<string, string> }),
  };
}

/** All values of a property that may stand several times. */
function valuesOf(component: JsonObject, name: string): string[] {
  return asArray(component['properties'])
    .filter((item) => asObject(item)?.['name'] === name)
    .map((item) => text(asObject(item)?.['value']));
}

/** A trimmed string; empty for anything else. */
export function text(value: unknown): string {
  return asString(value)?.trim() ?? '';
}
