// SPDX-License-Identifier: Apache-2.0
// Cargo.lock versions 1 to 4: all crates of a workspace. The manifests beside it tell which dependencies are for development,
// build scripts or optional features. Format: https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import type { TomlDocument } from '../../formats/toml.ts';
import { parseToml } from '../../formats/toml.ts';
import { digestOf } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Relationship, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CargoManifest } from '../package-facts/cargo-manifest.ts';
import { manifestsOfWorkspace } from '../package-facts/cargo-manifest.ts';
import { strongerScope, withReach } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const cargoLock = defineCataloger({
  id: 'cargo-lock',
  title: 'Cargo.lock',
  ecosystems: ['cargo'],
  kind: 'declared',
  files: ['**/Cargo.lock'],
  companions: ['**/Cargo.toml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['which optional features are switched on: crates behind a feature are listed', 'licences'],
  },
  parse: parseCargoLock,
});

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Absent for crates that are part of the tree (workspace members, path dependencies). */
  readonly source: string | undefined;
  readonly checksum: string | undefined;
  readonly dependencies: readonly string[];
  readonly location: Location;
}

function parseCargoLock(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const entries = readEntries(document, file.path, problems);
  const folder = file.path.slice(0, -'Cargo.lock'.length);
  const manifests = manifestsOfWorkspace(folder, tree);
  const index = new EntryIndex(entries);
  const own = entries.filter((entry) => entry.source === undefined);
  const packages = entries.map((entry) => packageOfEntry(entry, relationshipOf(entry, own, manifests), index));
  return { packages: withReach(packages, directScopes(own, manifests, index)), problems };
}

function readEntries(document: TomlDocument, path: string, problems: Problem[]): Entry[] {
  const metadata = asObject(document.value?.['metadata']) ?? {};
  const root = asObject(document.value?.['root']);
  const spans = document.headerSpans('package');
  const rows = asArray(document.value?.['package']).map((row, index) => ({ row: asObject(row), span: spans[index] }));
  // Lock files before Cargo 0.19 keep the project itself in a table of its own.
  if (root !== undefined) rows.unshift({ row: root, span: document.headerSpans('root')[0] });
  const seen = new Set<string>();
  const entries: Entry[] = [];
  for (const { row, span } of rows) {
    const name = asString(row?.['name']);
    const version = asString(row?.['version']);
    const location = { path, ...span };
    if (row === undefined || name === undefined || version === undefined) {
      problems.push({ kind: 'schema', message: 'a package without name or version', location, hidesFindings: true });
      continue;
    }
    const source = asString(row['source']);
    const short = `${name}@${version}`;
    // The same version from two places (a registry and a fork) are two packages.
    const id = seen.has(short) ? `${short} (${source ?? 'path'})` : short;
    if (seen.has(id)) continue;
    seen.add(id);
    entries.push({
      id,
      name,
      version,
      source,
      checksum: checksumOf(row, metadata, { name, version, source }),
      dependencies: asStrings(row['dependencies']),
      location,
    });
  }
  return entries;
}

/** Version 1 keeps checksums in `[metadata]`, later ones in the package. */
function checksumOf(
  row: JsonObject,
  metadata: JsonObject,
  { name, version, source }: Pick<Entry, 'name' | 'version' | 'source'>,
): string | undefined {
  const value = asString(row['checksum']) ?? asString(metadata[`checksum ${name} ${version} (${source ?? ''})`]);
  return value === '<none>' ? undefined : value;
}

class EntryIndex {
  readonly #byName = new Map<string, Entry[]>();

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) {
      const list = this.#byName.get(entry.name);
      if (list === undefined) this.#byName.set(entry.name, [entry]);
      else list.push(entry);
    }
  }

  named(name: string): readonly Entry[] {
    return this.#byName.get(name) ?? [];
  }

  /** `name`, `name version` or `name version (source)`: as much as is needed to tell packages apart. */
  resolve(reference: string): Entry | undefined {
    const [name = '', version, source] = reference.split(' ');
    const candidates = this.named(name).filter((entry) => version === undefined || entry.version === version);
    if (candidates.length < 2 || source === undefined) return candidates[0];
    const wanted = source.slice(1, -1);
    // The reference to a git source leaves out the commit that the source of the package itself ends with.
    return candidates.find((entry) => (entry.source ?? '').split('#')[0] === wanted) ?? candidates[0];
  }
}

function relationshipOf(entry: Entry, own: readonly Entry[], manifests: readonly CargoManifest[]): Relationship {
  if (entry.source !== undefined) return 'unknown';
  const top = manifests.find((manifest) => manifest.isTop);
  if (top?.name !== undefined) return top.name === entry.name ? 'root' : 'workspace';
  return own.length === 1 && manifests.length === 0 ? 'root' : 'workspace';
}

function directScopes(
  own: readonly Entry[],
  manifests: readonly CargoManifest[],
  index: EntryIndex,
): Map<string, Scope> {
  const scopes = new Map<string, Scope>();
  const want = (id: string, scope: Scope): void => {
    scopes.set(id, strongerScope(scope, scopes.get(id) ?? scope));
  };
  for (const project of own) {
    const declared = manifests.find((manifest) => manifest.name === project.name)?.dependencies;
    const locked = new Set<string>();
    for (const reference of project.dependencies) {
      const entry = index.resolve(reference);
      if (entry === undefined) continue;
      locked.add(entry.name);
      want(entry.id, declared?.get(entry.name) ?? 'runtime');
    }
    // Declared but not locked as a dependency of this project: a lock file that was edited or is older than the manifest.
    for (const [name, scope] of declared ?? []) {
      if (!locked.has(name)) for (const entry of index.named(name)) want(entry.id, scope);
    }
  }
  return scopes;
}

function packageOfEntry(entry: Entry, relationship: Relationship, index: EntryIndex): Package {
  const { id, name, version, source, location } = entry;
  const purl = source === undefined ? undefined : formatPurl({ type: 'cargo', name, version });
  const digest = entry.checksum === undefined ? undefined : digestOf('sha256', entry.checksum);
  const facts = factsOf(source);
  return packageOf({
    id,
    name,
    version,
    type: 'cargo',
    purl,
    relationship,
    locations: [location],
    digests: digest === undefined ? [] : [digest],
    dependsOn: [
      ...new Set(entry.dependencies.map((item) => index.resolve(item)?.id).filter((item) => item !== undefined)),
    ],
    facts,
  });
}

/** `registry+URL`, `sparse+URL` or `git+URL?branch=main#commit`. */
function factsOf(source: string | undefined): PackageFacts | undefined {
  if (source === undefined) return undefined;
  if (!source.startsWith('git+')) return { other: { source } };
  const [location = '', commit] = source.slice('git+'.length).split('#');
  return {
    repository: location.split('?')[0] ?? location,
    ...(commit === undefined ? {} : { commit }),
    other: { source },
  };
}
