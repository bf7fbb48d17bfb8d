// SPDX-License-Identifier: Apache-2.0
// gleam.toml: a Gleam package itself and the requirements it states. Exact versions stand in manifest.toml.
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Location } from '../../model/location.ts';
import type { Package, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { hexPackage } from '../package-facts/hex.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const gleamToml = defineCataloger({
  id: 'gleam-toml',
  title: 'gleam.toml',
  ecosystems: ['hex'],
  kind: 'declared',
  files: ['**/gleam.toml'],
  yieldsTo: ['gleam-manifest'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['dependencies by path'],
  },
  parse: parseGleamToml,
});

const tables: readonly (readonly [string, Scope])[] = [
  ['dependencies', 'runtime'],
  ['dev-dependencies', 'development'],
  ['dev_dependencies', 'development'],
];

function parseGleamToml(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const manifest = document.value ?? {};
  const required = new Map<string, Package>();
  for (const [table, scope] of tables) {
    const header = document.headerLines(table)[0];
    for (const [name, value] of entriesOf(manifest[table])) {
      const line = header === undefined ? undefined : document.keyLine(name, header);
      const location: Location = { path: file.path, ...(line === undefined ? {} : { line }) };
      const item = requirement(name, value, { scope, location });
      if (item !== undefined && !required.has(item.id)) required.set(item.id, item);
    }
  }
  const name = asString(manifest['name']);
  const own = name === undefined ? [] : [ownPackage(name, manifest, { path: file.path, ids: [...required.keys()] })];
  return { packages: [...own, ...required.values()], problems: [...problems, ...document.problems] };
}

interface Place {
  readonly scope: Scope;
  readonly location: Location;
}

function requirement(name: string, value: unknown, { scope, location }: Place): Package | undefined {
  const table = asObject(value);
  const constraint = asString(value) ?? asString(table?.['version']);
  const repository = asString(table?.['git']);
  if (constraint === undefined && repository === undefined) return undefined;
  const version = /^={0,2}\s?(\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,200})$/.exec(constraint ?? '')?.[1] ?? '';
  const commit = repository === undefined ? undefined : asString(table?.['ref']);
  const item = hexPackage({ name, version, location, scope, relationship: 'direct', repository, commit });
  return constraint === undefined ? item : { ...item, constraint };
}

function ownPackage(
  name: string,
  manifest: Readonly<Record<string, unknown>>,
  { path, ids }: { readonly path: string; readonly ids: readonly string[] },
): Package {
  const version = asString(manifest['version']) ?? '';
  const licences = manifest['licences'];
  const description = asString(manifest['description']);
  return packageOf({
    id: `${name} (${path})`,
    name,
    version,
    type: 'hex',
    relationship: 'root',
    locations: [{ path }],
    licenses: Array.isArray(licences) ? licences.filter((item) => typeof item === 'string') : [],
    dependsOn: ids,
    ...(description === undefined ? {} : { facts: { description } }),
  });
}
