// SPDX-License-Identifier: Apache-2.0
// Cargo.toml: the package it describes, the dependencies it asks for, and the other manifests of its workspace.
// https://doc.rust-lang.org/cargo/reference/manifest.html and .../workspaces.html
import { posix } from 'node:path';
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Scope } from '../../model/package.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';
import { strongerScope } from './reach.ts';

export interface CargoManifest {
  /** Absent in a virtual workspace. */
  readonly name: string | undefined;
  /** Scope by name of the crate, renames (`package = "..."`) undone. */
  readonly dependencies: ReadonlyMap<string, Scope>;
  /** The manifest beside the lock file. */
  readonly isTop: boolean;
}

/** One entry of a dependency table. */
export interface CargoDependency {
  /** Name of the crate. */
  readonly name: string;
  /** The name the manifest uses for it. */
  readonly key: string;
  readonly scope: Scope;
  readonly requirement: string | undefined;
  readonly table: JsonObject | undefined;
}

const tables: readonly (readonly [string, Scope])[] = [
  ['dependencies', 'runtime'],
  ['dev-dependencies', 'development'],
  ['dev_dependencies', 'development'],
  ['build-dependencies', 'build'],
  ['build_dependencies', 'build'],
];

/** All dependencies of a manifest, those for one platform (`[target.'cfg(..)'.dependencies]`) included. */
export function cargoDependencies(manifest: JsonObject): CargoDependency[] {
  const targets = entriesOf(manifest['target']).map(([, target]) => asObject(target) ?? {});
  return [manifest, ...targets].flatMap((holder) =>
    tables.flatMap(([field, scope]) => entriesOf(holder[field]).map(([key, value]) => dependencyOf(key, value, scope))),
  );
}

function dependencyOf(key: string, value: unknown, scope: Scope): CargoDependency {
  const table = asObject(value);
  return {
    name: asString(table?.['package']) ?? key,
    key,
    scope: table?.['optional'] === true && scope === 'runtime' ? 'optional' : scope,
    requirement: asString(value) ?? asString(table?.['version']),
    table,
  };
}

/**
 * The manifest in `folder` (empty or ending in a slash), its workspace members and the crates it names by path. Manifests that are
 * missing or broken are left out: the cataloger of Cargo.toml reports them.
 */
export function manifestsOfWorkspace(folder: string, tree: CompanionFiles): CargoManifest[] {
  const found: CargoManifest[] = [];
  const seen = new Set<string>();
  const queue = [`${folder}Cargo.toml`];
  for (let path = queue.shift(); path !== undefined && seen.size < defaultLimits.includes * 16; path = queue.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const file = tree.get(path);
    const value = file === undefined ? undefined : parseToml(decodeText(file.bytes, path).text, path).value;
    if (value === undefined) continue;
    found.push({ ...readManifest(value), isTop: found.length === 0 && path === `${folder}Cargo.toml` });
    queue.push(...relatedManifests(value, posix.dirname(path), tree));
  }
  return found;
}

function readManifest(value: JsonObject): Pick<CargoManifest, 'name' | 'dependencies'> {
  const dependencies = new Map<string, Scope>();
  for (const { name, scope } of cargoDependencies(value)) {
    dependencies.set(name, strongerScope(scope, dependencies.get(name) ?? scope));
  }
  return { name: asString(asObject(value['package'])?.['name']), dependencies };
}

function relatedManifests(value: JsonObject, folder: string, tree: CompanionFiles): string[] {
  const workspace = asObject(value['workspace']);
  const shared = workspace === undefined ? [] : cargoDependencies(workspace);
  const paths = [...cargoDependencies(value), ...shared].map((item) => asString(item.table?.['path']));
  const literal = paths.filter((path) => path !== undefined);
  const related: string[] = [];
  for (const member of [...asStrings(workspace?.['members']), ...literal]) {
    const path = posix.join(folder, member, 'Cargo.toml');
    if (isPattern(path)) related.push(...tree.match(path));
    else related.push(path);
  }
  return related;
}

/** Members such as `crates/*`. The pattern comes from a scanned file: classes, braces and more than a few stars are taken literally. */
function isPattern(path: string): boolean {
  const stars = path.split('*').length - 1;
  return /[*?]/.test(path) && stars <= 4 && !/[[\]{}]/.test(path);
}
