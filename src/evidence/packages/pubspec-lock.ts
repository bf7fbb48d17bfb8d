// SPDX-License-Identifier: Apache-2.0
// pubspec.lock: all packages of a Dart or Flutter project. It holds no edges; they come from pubspec.yaml files of a pub cache in the tree.
import { posix } from 'node:path';
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import { digestOf } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { PubOrigin } from '../package-facts/pub.ts';
import { isDefaultPubHost, pubPurl } from '../package-facts/pub.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

const cachedManifests = '**/hosted/*/*/pubspec.yaml';

export const pubspecLock = defineCataloger({
  id: 'pubspec-lock',
  title: 'pubspec.lock',
  ecosystems: ['pub'],
  kind: 'declared',
  files: ['**/pubspec.lock'],
  companions: [cachedManifests],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['edges without a pub cache in the tree', 'whether an indirect package is needed for development only'],
  },
  parse: parsePubspecLock,
});

function parsePubspecLock(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const problems: Problem[] = [...encoding, ...document.problems];
  const lock = asObject(document.value);
  if (lock === undefined) {
    if (document.problems.length === 0) problems.push(schemaProblem('no packages in it', { path: file.path, line: 1 }));
    return { packages: [], problems };
  }
  const packages: Package[] = [];
  for (const [name, value] of entriesOf(lock['packages'])) {
    const entry = asObject(value);
    const location = document.locate(['packages', name]);
    if (entry === undefined || asString(entry['version']) === undefined) {
      problems.push(schemaProblem(`${name} has no version`, location));
    } else packages.push(packageOfEntry(name, entry, location, lock));
  }
  return { packages: withCachedEdges(packages, tree), problems };
}

function schemaProblem(message: string, location: Location): Problem {
  return { kind: 'schema', message, location, hidesFindings: true };
}

function packageOfEntry(name: string, entry: JsonObject, location: Location, lock: JsonObject): Package {
  const version = asString(entry['version']) ?? '';
  const description = asObject(entry['description']);
  const origin = originOf(entry, description);
  const purl = pubPurl(name, version, origin);
  const kind = asString(entry['dependency']) ?? '';
  const digest = digestOf('sha256', asString(description?.['sha256']) ?? '');
  // Packages of an SDK are 0.0.0; which SDK it is stands at the end of the lock file.
  const sdk = entry['source'] === 'sdk' ? asString(entry['description']) : undefined;
  const constraint = sdk === undefined ? undefined : asString(asObject(lock['sdks'])?.[sdk]);
  return packageOf({
    name,
    version,
    type: 'pub',
    ...(purl === undefined ? {} : { purl }),
    scope: kind === 'direct dev' ? 'development' : 'runtime',
    relationship: kind.startsWith('direct') ? 'direct' : kind === 'transitive' ? 'indirect' : 'unknown',
    locations: [location],
    digests: digest === undefined ? [] : [digest],
    ...(constraint === undefined ? {} : { constraint }),
    ...factsOf(origin, sdk),
  });
}

function originOf(entry: JsonObject, description: JsonObject | undefined): PubOrigin {
  const url = asString(description?.['url']);
  if (entry['source'] === 'hosted') return { host: url };
  return entry['source'] === 'git' ? { repository: url, commit: asString(description?.['resolved-ref']) } : {};
}

function factsOf({ host, repository, commit }: PubOrigin, sdk: string | undefined): { facts?: PackageFacts } {
  const facts: PackageFacts = {
    ...(repository === undefined ? {} : { repository }),
    ...(commit === undefined ? {} : { commit }),
    ...(host === undefined || isDefaultPubHost(host) ? {} : { other: { registry: host } }),
    ...(sdk === undefined ? {} : { other: { sdk } }),
  };
  return Object.keys(facts).length === 0 ? {} : { facts };
}

/** `<cache>/hosted/<server>/<name>-<version>/pubspec.yaml` names what the package needs; the lock file says in which version. */
function withCachedEdges(packages: readonly Package[], tree: CompanionFiles): Package[] {
  const manifests = new Map(tree.match(cachedManifests).map((path) => [posix.basename(posix.dirname(path)), path]));
  const ids = new Map(packages.map((item) => [item.name, item.id]));
  return packages.map((item) => {
    const path = manifests.get(`${item.name}-${item.version}`);
    const manifest = path === undefined ? undefined : tree.get(path);
    if (manifest === undefined) return item;
    const value = parseYamlDocument(decodeText(manifest.bytes, manifest.path).text, manifest.path, {
      resolver: 'strings',
    }).value;
    const names = entriesOf(asObject(value)?.['dependencies']).map(([name]) => ids.get(name));
    return { ...item, dependsOn: names.filter((id) => id !== undefined) };
  });
}
