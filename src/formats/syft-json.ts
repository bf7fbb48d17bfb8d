// SPDX-License-Identifier: Apache-2.0
// Reader of Syft's own JSON, schema 1 to 16. The parts that a scan needs changed little: licences were strings before schema 8, the source
// was a `target` before 9, `distro` had no id before 2, CPEs became objects in 16. Not read: the `files` section.
import type { Digest } from '../model/digest.ts';
import { digestOf } from '../model/digest.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Distribution, Package, PackageFacts, PackageList, SourcePackage } from '../model/package.ts';
import { packageOf } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import type { SbomDocument, SbomRoot } from '../model/sbom.ts';
import type { JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings } from './document.ts';
import { parseJson } from './json.ts';
import { releaseAndChannels } from './os-release.ts';
import { distributionOf, packageOfPurl, preferredName, sourceOfRpm, systemTypes } from './purl-package.ts';

/** Reads one document. Never throws: bad input gives problems. */
export function readSyftJson(text: string, path: string): SbomDocument {
  const source = parseJson(text, path);
  const problems: Problem[] = [...source.problems];
  const root = asObject(source.value);
  const schema = asObject(root?.['schema']);
  const specVersion = asString(schema?.['version']) ?? '';
  const empty: SbomDocument = { format: 'syft', specVersion, name: '', tools: [], lists: [], problems };
  if (root === undefined || !Array.isArray(root['artifacts'])) {
    const message = 'not a document of Syft: the list "artifacts" is missing';
    if (problems.length === 0) problems.push({ kind: 'schema', message, location: { path }, hidesFindings: true });
    return empty;
  }
  const distribution = distributionOfDistro(asObject(root['distro']));
  const relations: Relations = {
    needs: relationsOf(asArray(root['artifactRelationships']), 'dependency-of'),
    owners: relationsOf(asArray(root['artifactRelationships']), 'ownership-by-file-overlap'),
  };
  const lists = new Map<string, Package[]>();
  const ids = new Set<string>();
  for (const [index, item] of root['artifacts'].slice(0, defaultLimits.packagesPerFile).entries()) {
    const artifact = asObject(item);
    const name = asString(artifact?.['name']);
    if (artifact === undefined || name === undefined) {
      const location = source.locate(['artifacts', index]);
      problems.push({ kind: 'schema', message: 'an artifact has no name', location, hidesFindings: true });
      continue;
    }
    const found = packageOfArtifact(artifact, name, relations);
    const id = ids.has(found.id) || found.id === '' ? `${found.id}#${index}` : found.id;
    ids.add(id);
    const key = found.locations[0]?.path ?? path;
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [{ ...found, id }]);
    else list.push({ ...found, id });
  }
  if (root['artifacts'].length > defaultLimits.packagesPerFile) {
    const message = `${root['artifacts'].length} artifacts; only the first ${defaultLimits.packagesPerFile} are kept`;
    problems.push({ kind: 'limit', message, location: { path }, hidesFindings: true });
  }
  const descriptor = asObject(root['descriptor']);
  const tool = [asString(descriptor?.['name']), asString(descriptor?.['version'])].filter(
    (word) => word !== undefined && word !== '',
  );
  const createdAt = asString(descriptor?.['timestamp']);
  const scanned = rootOf(asObject(root['source']));
  if (scanned !== undefined && !sourceTypes.has(scanned.type)) {
    const message = `${JSON.stringify(scanned.type)} is no kind of source that is known; its name and place are read`;
    problems.push({ kind: 'unsupported', message, location: { path }, hidesFindings: false });
  }
  const known = new Set([...lists.values()].flat().map((item) => item.id));
  return {
    ...empty,
    name: scanned?.name ?? '',
    ...(scanned === undefined || scanned.version === '' ? {} : { version: scanned.version }),
    tools: tool.length === 0 ? [] : [tool.join(' ')],
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(scanned === undefined ? {} : { root: scanned }),
    lists: [...lists].map(([file, packages]) =>
      listOf(
        file,
        packages.map((item) => withKnown(item, known)),
        distribution,
      ),
    ),
    ...(distribution === undefined ? {} : { distribution }),
  };
}

function withKnown(item: Package, known: ReadonlySet<string>): Package {
  return { ...item, dependsOn: item.dependsOn.filter((id) => known.has(id) && id !== item.id) };
}

function listOf(path: string, packages: readonly Package[], distribution: Distribution | undefined): PackageList {
  const ecosystem = packages[0]?.type ?? 'generic';
  const isSystem = packages.some((item) => systemTypes.has(item.type));
  return {
    cataloger: 'syft',
    path,
    ecosystem,
    kind: isSystem || distribution !== undefined ? 'installed' : 'declared',
    packages,
    ...(isSystem && distribution !== undefined ? { distribution } : {}),
  };
}

/** Syft's types for packages without a package URL. */
const purlTypes: Readonly<Record<string, string>> = {
  'R-package': 'cran',
  'dart-pub': 'pub',
  dotnet: 'nuget',
  'erlang-otp': 'generic',
  'github-action': 'github',
  'github-action-workflow': 'github',
  'go-module': 'golang',
  haskell: 'hackage',
  'java-archive': 'maven',
  'jenkins-plugin': 'maven',
  'lua-rocks': 'luarocks',
  'php-composer': 'composer',
  'php-pear': 'pear',
  'php-pecl': 'pecl',
  pod: 'cocoapods',
  portage: 'ebuild',
  python: 'pypi',
  'rust-crate': 'cargo',
};

/** Types whose name is also the type of package URLs. */
const sameTypes = new Set([
  'alpm',
  'apk',
  'bitnami',
  'conan',
  'conda',
  'deb',
  'gem',
  'hex',
  'npm',
  'rpm',
  'swift',
  'opam',
]);

function typeOfArtifact(type: string): string {
  if (sameTypes.has(type)) return type;
  return Object.hasOwn(purlTypes, type) ? (purlTypes[type] ?? 'generic') : 'generic';
}

function packageOfArtifact(artifact: JsonObject, name: string, relations: Relations): Package {
  const purl = asString(artifact['purl']) ?? '';
  const found = packageOfPurl(purl);
  const metadata = asObject(artifact['metadata']) ?? {};
  const version = asString(artifact['version']) ?? '';
  const type = found?.type ?? typeOfArtifact(asString(artifact['type']) ?? '');
  const sources = sourcesOf(metadata, { name, version, type }) ?? found?.sources;
  const cpes = asArray(artifact['cpes'])
    .map((item) => asString(asObject(item)?.['cpe'] ?? item) ?? '')
    .filter((cpe) => cpe !== '');
  const facts = { ...found?.facts, ...factsOf(metadata), ...symbolsOf(metadata) };
  const id = asString(artifact['id']) ?? '';
  return packageOf({
    ...(id === '' ? {} : { id }),
    name: found === undefined ? name : preferredName(name, found),
    version: version === '' ? (found?.version ?? '') : version,
    type,
    ...(found === undefined ? {} : { purl }),
    locations: locationsOf(asArray(artifact['locations'])),
    licenses: licensesOf(asArray(artifact['licenses'])),
    digests: [
      ...digestsOf(asArray(metadata['digest'] ?? metadata['archiveDigests'])),
      ...integrityDigests(metadata['integrity']),
    ],
    dependsOn: relations.needs.get(id) ?? [],
    ...(relations.owners.has(id) ? { ownedBy: relations.owners.get(id) ?? [] } : {}),
    ...(sources === undefined || sources.length === 0 ? {} : { sources }),
    ...(cpes.length === 0 ? {} : { cpes }),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

/** By the id of a package: what it needs, and whose files it consists of. */
interface Relations {
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly owners: ReadonlyMap<string, readonly string[]>;
}

/** `{parent: A, child: B, type: dependency-of}` says that B needs A; `ownership-by-file-overlap` that A brought the files of B. */
function relationsOf(relationships: readonly unknown[], type: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const item of relationships) {
    const relationship = asObject(item);
    const parent = asString(relationship?.['parent']);
    const child = asString(relationship?.['child']);
    if (relationship?.['type'] !== type || parent === undefined || child === undefined) continue;
    found.set(child, (found.get(child) ?? new Set()).add(parent));
  }
  return new Map([...found].map(([id, others]) => [id, [...others]]));
}

/** Supporting evidence (a checksum file, a licence file) is not where a package comes from. */
function locationsOf(items: readonly unknown[]): readonly Location[] {
  return items.flatMap((item) => {
    const place = asObject(item);
    // Schema 1: a plain path.
    const path = (asString(place?.['path']) ?? asString(item) ?? '').replace(/^\//, '');
    if (path === '' || asObject(place?.['annotations'])?.['evidence'] === 'supporting') return [];
    const layer = asString(place?.['layerID']);
    const line = place?.['line'];
    return [
      {
        path,
        ...(Number.isSafeInteger(line) ? { line: Number(line) } : {}),
        ...(layer === undefined || layer === '' ? {} : { layer }),
      },
    ];
  });
}

function licensesOf(items: readonly unknown[]): readonly string[] {
  return items
    .map((item) => {
      const license = asObject(item);
      return asString(license?.['spdxExpression']) || asString(license?.['value']) || asString(item) || '';
    })
    .filter((text) => text !== '');
}

function digestsOf(items: readonly unknown[]): readonly Digest[] {
  return items
    .map((item) => digestOf(asString(asObject(item)?.['algorithm']) ?? '', asString(asObject(item)?.['value']) ?? ''))
    .filter((digest) => digest !== undefined);
}

/** Subresource integrity: `sha512-base64`, several with spaces between them. */
function integrityDigests(value: unknown): readonly Digest[] {
  return (asString(value) ?? '')
    .slice(0, 2_000)
    .split(' ')
    .map((part) => {
      const dash = part.indexOf('-');
      return digestOf(
        part.slice(0, Math.max(dash, 0)),
        Buffer.from(part.slice(dash + 1).replace(/\?.*$/, ''), 'base64').toString('hex'),
      );
    })
    .filter((digest) => digest !== undefined);
}

function sourcesOf(metadata: JsonObject, of: SourcePackage & { type: string }): readonly SourcePackage[] | undefined {
  switch (of.type) {
    case 'deb': {
      const name = asString(metadata['source']);
      if (name === undefined || name === '') return undefined;
      return [{ name, version: asString(metadata['sourceVersion']) || of.version }];
    }
    case 'rpm':
      return sourceOfRpm(asString(metadata['sourceRpm']) ?? '');
    case 'apk': {
      const name = asString(metadata['originPackage']);
      return name === undefined || name === '' ? undefined : [{ name, version: of.version }];
    }
    default:
      return undefined;
  }
}

function factsOf(metadata: JsonObject): PackageFacts {
  const epoch = metadata['epoch'];
  const text = (...names: readonly string[]): string | undefined =>
    names.map((name) => asString(metadata[name])).find((value) => value !== undefined && value !== '');
  const values: Record<string, string | number | undefined> = {
    architecture: text('architecture'),
    epoch: Number.isSafeInteger(epoch) ? Number(epoch) : undefined,
    modularity: text('modularityLabel'),
    description: text('description'),
    homepage: text('homepage'),
    downloadUrl: text('resolved', 'url'),
    author: text('author', 'maintainer'),
    vendor: text('vendor'),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Functions and methods of a Go binary by import path. */
function symbolsOf(metadata: JsonObject): PackageFacts {
  const symbols = asObject(metadata['symbols']);
  if (symbols === undefined) return {};
  const entries = Object.entries(symbols).slice(0, defaultLimits.packagesPerFile);
  return { goSymbols: Object.fromEntries(entries.map(([path, names]) => [path, asStrings(names)])) };
}

/** Streams that follow from the mark of extended support. */
const extendedChannels: Readonly<Record<string, string>> = { rhel: 'eus', ubuntu: 'esm' };

function distributionOfDistro(distro: JsonObject | undefined): Distribution | undefined {
  // Before schema 2 `name` was the id.
  const id = asString(distro?.['id']) ?? asString(distro?.['name']) ?? '';
  if (distro === undefined || id === '') return undefined;
  const versionId = asString(distro['versionID']) ?? asString(distro['version']) ?? '';
  const codename = asString(distro['versionCodename']);
  const named = { ...distributionOf(id, ''), ...releaseAndChannels(versionId) };
  const channel = distro['extendedSupport'] === true ? extendedChannels[named.id] : undefined;
  return {
    ...named,
    ...(channel === undefined ? {} : { channels: [...new Set([...(named.channels ?? []), channel])] }),
    name: asString(distro['prettyName']) ?? asString(distro['name']) ?? id,
    idLike: asStrings(distro['idLike']).filter((like) => like !== ''),
    ...(codename === undefined || codename === '' ? {} : { codename }),
  };
}

/** Kinds of sources that Syft has had, as `rootOf` writes them. */
const sourceTypes: ReadonlySet<string> = new Set(['', 'container', 'directory', 'file', 'snap', 'oci-model']);

/** `source` since schema 9 has name, version and metadata; before, a `target` that is a path or the description of an image. */
function rootOf(source: JsonObject | undefined): SbomRoot | undefined {
  if (source === undefined) return undefined;
  const details = asObject(source['metadata']) ?? asObject(source['target']);
  const place = asString(source['target']) ?? asString(details?.['userInput']) ?? asString(details?.['path']) ?? '';
  const written = asString(source['type']) ?? '';
  const type = written === 'image' ? 'container' : written === 'dir' ? 'directory' : written;
  const name = asString(source['name']) || place;
  if (name === '' && type === '') return undefined;
  const version = asString(source['version']) || (asString(details?.['manifestDigest']) ?? '');
  return { id: asString(source['id']) || 'root', name, version, type, dependsOn: [] };
}
