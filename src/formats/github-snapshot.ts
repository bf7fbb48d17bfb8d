// SPDX-License-Identifier: Apache-2.0
// Reader of GitHub dependency snapshots, the body of the dependency submission API: manifests with resolved packages by key.
import { defaultLimits } from '../model/limits.ts';
import type { Package, PackageList } from '../model/package.ts';
import { packageOf } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import type { SbomDocument } from '../model/sbom.ts';
import type { Document, JsonObject } from './document.ts';
import { asObject, asString, asStrings, entriesOf } from './document.ts';
import { parseJson } from './json.ts';
import { packageOfPurl } from './purl-package.ts';

/** Reads one snapshot. Never throws: bad input gives problems. */
export function readGithubSnapshot(text: string, path: string): SbomDocument {
  const source = parseJson(text, path);
  const problems: Problem[] = [...source.problems];
  const root = asObject(source.value);
  const manifests = asObject(root?.['manifests']);
  const detector = asObject(root?.['detector']);
  const tool = [asString(detector?.['name']), asString(detector?.['version'])].filter(
    (word) => word !== undefined && word !== '',
  );
  const createdAt = asString(root?.['scanned']);
  const version = root?.['version'];
  const document: SbomDocument = {
    format: 'github',
    specVersion: typeof version === 'number' || typeof version === 'string' ? String(version) : '',
    name: asString(asObject(root?.['job'])?.['correlator']) ?? '',
    tools: tool.length === 0 ? [] : [tool.join(' ')],
    ...(createdAt === undefined ? {} : { createdAt }),
    lists: [],
    problems,
  };
  if (manifests === undefined) {
    const message = 'not a dependency snapshot: the object "manifests" is missing';
    if (problems.length === 0) problems.push({ kind: 'schema', message, location: { path }, hidesFindings: true });
    return document;
  }
  return { ...document, lists: new SnapshotReader(source, path, problems).lists(manifests) };
}

class SnapshotReader {
  readonly #source: Document;
  readonly #path: string;
  readonly #problems: Problem[];
  #count = 0;

  constructor(source: Document, path: string, problems: Problem[]) {
    this.#source = source;
    this.#path = path;
    this.#problems = problems;
  }

  lists(manifests: JsonObject): readonly PackageList[] {
    const lists = Object.entries(manifests).flatMap(([key, item]) => {
      const manifest = asObject(item);
      if (manifest === undefined) {
        this.#problem(`manifest ${key}: an object expected`, ['manifests', key]);
        return [];
      }
      const path =
        asString(asObject(manifest['file'])?.['source_location']) ?? asString(manifest['name']) ?? this.#path;
      const packages = this.#packages(key, path, entriesOf(manifest['resolved']));
      if (packages.length === 0) return [];
      const ecosystem = packages[0]?.type ?? 'generic';
      return [{ cataloger: 'github', path, ecosystem, kind: 'declared' as const, packages }];
    });
    if (this.#count > defaultLimits.packagesPerFile) {
      const message = `${this.#count} packages; only the first ${defaultLimits.packagesPerFile} are kept`;
      this.#problems.push({ kind: 'limit', message, location: { path: this.#path }, hidesFindings: true });
    }
    return lists;
  }

  /** Ids are unique in the document: the manifest's key goes before that of the package. */
  #packages(manifest: string, path: string, resolved: readonly [string, unknown][]): Package[] {
    const keys = new Set(resolved.map(([key]) => key));
    const packages: Package[] = [];
    for (const [key, item] of resolved) {
      const node = asObject(item);
      const purl = asString(node?.['package_url']);
      const found = purl === undefined ? undefined : packageOfPurl(purl);
      if (node === undefined || purl === undefined || found === undefined) {
        this.#problem(`${key}: no package URL`, ['manifests', manifest, 'resolved', key]);
        continue;
      }
      this.#count += 1;
      if (this.#count > defaultLimits.packagesPerFile) continue;
      const relationship = node['relationship'];
      packages.push(
        packageOf({
          id: `${manifest}#${key}`,
          name: found.name,
          version: found.version,
          type: found.type,
          purl,
          scope: node['scope'] === 'development' ? 'development' : 'runtime',
          relationship: relationship === 'direct' || relationship === 'indirect' ? relationship : 'unknown',
          locations: [{ path }],
          dependsOn: this.#dependencies(asStrings(node['dependencies']), resolved, keys).map(
            (id) => `${manifest}#${id}`,
          ),
          ...(found.sources === undefined ? {} : { sources: found.sources }),
          ...(Object.keys(found.facts).length === 0 ? {} : { facts: found.facts }),
        }),
      );
    }
    return packages;
  }

  #byPurl = new WeakMap<readonly [string, unknown][], ReadonlyMap<string, string>>();

  /** The API names dependencies by package URL; some tools write the keys. */
  #dependencies(
    names: readonly string[],
    resolved: readonly [string, unknown][],
    keys: ReadonlySet<string>,
  ): readonly string[] {
    let byPurl = this.#byPurl.get(resolved);
    if (byPurl === undefined) {
      byPurl = new Map(resolved.map(([key, item]) => [asString(asObject(item)?.['package_url']) ?? key, key]));
      this.#byPurl.set(resolved, byPurl);
    }
    const table = byPurl;
    return names.map((name) => (keys.has(name) ? name : table.get(name))).filter((key) => key !== undefined);
  }

  #problem(message: string, at: readonly string[]): void {
    const location = this.#source.locate(at);
    this.#problems.push({ kind: 'schema', message: message.slice(0, 200), location, hidesFindings: true });
  }
}
