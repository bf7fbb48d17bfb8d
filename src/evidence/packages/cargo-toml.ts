// SPDX-License-Identifier: Apache-2.0
// Cargo.toml: the crate itself and the requirements it states. Exact versions stand in Cargo.lock.
import { posix } from 'node:path';
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import type { TomlDocument } from '../../formats/toml.ts';
import { parseToml } from '../../formats/toml.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CargoDependency } from '../package-facts/cargo-manifest.ts';
import { cargoDependencies } from '../package-facts/cargo-manifest.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const cargoToml = defineCataloger({
  id: 'cargo-toml',
  title: 'Cargo.toml',
  ecosystems: ['cargo'],
  kind: 'declared',
  files: ['**/Cargo.toml'],
  companions: ['**/Cargo.toml'],
  yieldsTo: ['cargo-lock'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['dependencies by path, and from git without a revision: only Cargo.lock says which code that is'],
  },
  parse: parseCargoToml,
});

function parseCargoToml(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const manifest = document.value ?? {};
  const workspace = workspaceOf(manifest, file.path, tree);
  const wanted = cargoDependencies(manifest).flatMap(
    (dependency) => declaredPackage(dependency, workspace, { document, path: file.path, problems }) ?? [],
  );
  const unique = [...new Map(wanted.map((item) => [item.id, item])).values()];
  const own = ownPackage(manifest, workspace, { document, path: file.path, problems });
  const root = own === undefined ? [] : [{ ...own, dependsOn: unique.map((item) => item.id) }];
  return { packages: [...root, ...unique.filter((item) => item.id !== own?.id)], problems };
}

interface Reading {
  readonly document: TomlDocument;
  readonly path: string;
  readonly problems: Problem[];
}

/** The `[workspace]` table that `field.workspace = true` speaks of: in this manifest or in one above it. */
function workspaceOf(manifest: JsonObject, path: string, tree: CompanionFiles): JsonObject {
  const here = asObject(manifest['workspace']);
  if (here !== undefined) return here;
  let folder = posix.dirname(path);
  for (let level = 0; level < defaultLimits.pathDepth && folder !== '.' && folder !== '/'; level += 1) {
    folder = posix.dirname(folder);
    const file = tree.get(posix.join(folder, 'Cargo.toml'));
    const value = file === undefined ? undefined : parseToml(decodeText(file.bytes, file.path).text, file.path).value;
    const workspace = asObject(value?.['workspace']);
    if (workspace !== undefined) return workspace;
  }
  return {};
}

function ownPackage(manifest: JsonObject, workspace: JsonObject, reading: Reading): Package | undefined {
  const table = asObject(manifest['package']);
  if (table === undefined) return undefined;
  const shared = asObject(workspace['package']) ?? {};
  const field = (key: string): string | undefined =>
    asString(table[key]) ?? (asObject(table[key])?.['workspace'] === true ? asString(shared[key]) : undefined);
  const name = field('name');
  const span = reading.document.headerSpans('package')[0];
  const location: Location = { path: reading.path, ...span };
  if (name === undefined) {
    reading.problems.push({ kind: 'schema', message: 'package without a name', location, hidesFindings: true });
    return undefined;
  }
  const license = field('license');
  const description = field('description');
  const homepage = field('homepage');
  const repository = field('repository');
  return packageOf({
    name,
    // Since Cargo 1.75 a manifest without version means 0.0.0 (manifest reference, "The version field").
    version: field('version') ?? '0.0.0',
    type: 'cargo',
    relationship: 'root',
    locations: [location],
    licenses: license === undefined ? [] : [license],
    facts: {
      ...(description === undefined ? {} : { description }),
      ...(homepage === undefined ? {} : { homepage }),
      ...(repository === undefined ? {} : { repository }),
    },
  });
}

function declaredPackage(dependency: CargoDependency, workspace: JsonObject, reading: Reading): Package | undefined {
  const inherited =
    dependency.table?.['workspace'] === true ? asObject(workspace['dependencies'])?.[dependency.key] : undefined;
  const table = { ...asObject(inherited), ...dependency.table };
  const location = locationOf(dependency, reading);
  const wrong = ['version', 'git', 'rev', 'path'].find((key) => key in table && typeof table[key] !== 'string');
  if (wrong !== undefined) {
    const message = `${dependency.key}: ${wrong} is not a string`;
    reading.problems.push({ kind: 'schema', message, location, hidesFindings: true });
    return undefined;
  }
  const name = asString(table['package']) ?? dependency.name;
  const requirement = dependency.requirement ?? asString(inherited) ?? asString(table['version']);
  const repository = asString(table['git']);
  const commit = asString(table['rev']);
  if (requirement === undefined && (repository === undefined || commit === undefined)) return undefined;
  const version = exactVersion(requirement);
  const purl = formatPurl({ type: 'cargo', name, version });
  return packageOf({
    name,
    version,
    type: 'cargo',
    ...(purl === undefined ? {} : { purl }),
    scope: dependency.scope,
    relationship: 'direct',
    locations: [location],
    ...(requirement === undefined ? {} : { constraint: requirement }),
    ...(repository === undefined ? {} : { facts: { repository, ...(commit === undefined ? {} : { commit }) } }),
  });
}

/** `=1.2.3` names one version; everything else, `1.2.3` too, is a range. */
function exactVersion(requirement: string | undefined): string {
  return /^=\s{0,8}(\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,200})$/.exec(requirement?.trim() ?? '')?.[1] ?? '';
}

function locationOf(dependency: CargoDependency, reading: Reading): Location {
  const { document, path } = reading;
  for (const table of ['dependencies', 'dev-dependencies', 'build-dependencies']) {
    for (const header of document.headerLines(table)) {
      const line = document.keyLine(dependency.key, header);
      if (line !== undefined) return { path, line };
    }
    const span = document.headerSpans(`${table}.${dependency.key}`)[0];
    if (span !== undefined) return { path, ...span };
  }
  return { path };
}
