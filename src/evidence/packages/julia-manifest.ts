// SPDX-License-Identifier: Apache-2.0
// Manifest.toml of Julia, formats 1 and 2. Project.toml beside it tells which packages are asked for directly.
// https://pkgdocs.julialang.org/v1/toml-files/#Manifest.toml
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import type { TomlDocument } from '../../formats/toml.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { juliaPurl } from '../package-facts/julia.ts';
import { withReach } from '../package-facts/reach.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const juliaManifest = defineCataloger({
  id: 'julia-manifest',
  title: 'Manifest.toml (Julia)',
  ecosystems: ['julia'],
  kind: 'declared',
  files: ['**/Manifest.toml', '**/JuliaManifest.toml', '**/Manifest-v*.toml'],
  companions: ['**/Project.toml', '**/JuliaProject.toml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['versions of the standard library in manifests that do not name the Julia version (before 1.7)'],
  },
  parse: parseManifest,
});

interface Entry {
  readonly item: Package;
  readonly uuid: string;
  /** Names of the dependencies; a UUID where the name alone is not clear. */
  readonly needs: readonly { readonly name: string; readonly uuid: string | undefined }[];
  readonly location: Location;
}

function parseManifest(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const read = readEntries(document, file.path, problems);
  const items = withUniqueIds(read.map((entry) => entry.item));
  const entries = read.map((entry, index) => ({ ...entry, item: items[index] ?? entry.item }));
  const byName = Map.groupBy(entries, (entry) => entry.item.name);
  const byUuid = new Map(entries.map((entry) => [entry.uuid, entry]));
  const packages = entries.map((entry) => {
    const dependsOn = entry.needs.map((need) => {
      const found = need.uuid === undefined ? undefined : byUuid.get(need.uuid);
      const named = byName.get(need.name) ?? [];
      if (found !== undefined) return found.item.id;
      if (named.length === 1) return named[0]?.item.id;
      const message = `${named.length} packages named ${need.name}, which ${entry.item.name} depends on; there must be one`;
      problems.push({ kind: 'schema', message, location: entry.location, hidesFindings: true });
      return undefined;
    });
    return { ...entry.item, dependsOn: dependsOn.filter((id) => id !== undefined) };
  });
  const direct = directScopes(file.path, tree, byUuid);
  return { packages: direct === undefined ? packages : withReach(packages, direct), problems };
}

function readEntries(document: TomlDocument, path: string, problems: Problem[]): Entry[] {
  const value = document.value ?? {};
  // Format 2 keeps the packages below `deps`; in format 1 they are the top-level tables.
  const isNested = value['manifest_format'] !== undefined;
  const julia = asString(value['julia_version']) ?? '';
  const tables = isNested ? entriesOf(value['deps']) : entriesOf(value);
  return tables.flatMap(([name, list]) => {
    const spans = document.headerSpans(isNested ? `deps.${name}` : name);
    return asArray(list).flatMap((item, index) => {
      const row = asObject(item);
      const location = { path, ...spans[index] };
      const uuid = asString(row?.['uuid']);
      if (row !== undefined && uuid !== undefined) return [entryOf(name, { row, uuid, julia, location })];
      const message = `an entry of ${name} without a UUID`;
      problems.push({ kind: 'schema', message, location, hidesFindings: true });
      return [];
    });
  });
}

interface Row {
  readonly row: JsonObject;
  readonly uuid: string;
  /** Version of Julia itself, which is the version of standard library packages that state none. */
  readonly julia: string;
  readonly location: Location;
}

function entryOf(name: string, { row, uuid, julia, location }: Row): Entry {
  const isOwnSource = row['path'] !== undefined || row['repo-url'] !== undefined || row['git-tree-sha1'] !== undefined;
  const stated = asString(row['version']);
  const isStandard = stated === undefined && !isOwnSource;
  const version = stated ?? (isStandard ? julia : '');
  const purl = juliaPurl(name, version, uuid);
  const item = packageOf({
    id: uuid,
    name,
    version,
    type: 'julia',
    ...(purl === undefined ? {} : { purl }),
    locations: [location],
    facts: factsOf(row, uuid, isStandard ? { standardLibrary: 'true' } : {}),
  });
  return { item, uuid, needs: needsOf(row['deps']), location };
}

/** A list of names, or a table of names and UUIDs where a name alone would not do. */
function needsOf(value: unknown): Entry['needs'] {
  if (Array.isArray(value)) return asStrings(value).map((name) => ({ name, uuid: undefined }));
  return entriesOf(value).map(([name, uuid]) => ({ name, uuid: asString(uuid) }));
}

function factsOf(row: JsonObject, uuid: string, more: Readonly<Record<string, string>>): PackageFacts {
  const repository = asString(row['repo-url']);
  const revision = asString(row['repo-rev']);
  const tree = asString(row['git-tree-sha1']);
  const isCommit = repository !== undefined && revision !== undefined && /^[0-9a-f]{40}$/.test(revision);
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(isCommit ? { commit: revision } : {}),
    other: { uuid, ...more, ...(tree === undefined ? {} : { gitTree: tree }) },
  };
}

/** What Project.toml asks for: `deps`, and `extras` that the target `test` names. Undefined without a readable Project.toml. */
function directScopes(
  path: string,
  tree: CompanionFiles,
  byUuid: ReadonlyMap<string, Entry>,
): ReadonlyMap<string, Scope> | undefined {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const file = tree.get(`${folder}Project.toml`) ?? tree.get(`${folder}JuliaProject.toml`);
  if (file === undefined) return undefined;
  const project = parseToml(decodeText(file.bytes, file.path).text, file.path).value;
  if (project === undefined) return undefined;
  const scopes = new Map<string, Scope>();
  const want = (table: unknown, scope: Scope): void => {
    for (const [, uuid] of entriesOf(table)) {
      const id = byUuid.get(asString(uuid) ?? '')?.item.id;
      if (id !== undefined && !scopes.has(id)) scopes.set(id, scope);
    }
  };
  want(project['deps'], 'runtime');
  want(project['weakdeps'], 'optional');
  want(project['extras'], 'test');
  return scopes;
}
