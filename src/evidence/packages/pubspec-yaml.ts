// SPDX-License-Identifier: Apache-2.0
// pubspec.yaml: a Dart package itself and the requirements it states. Exact versions stand in pubspec.lock.

import type { Document } from '../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { pubPurl } from '../package-facts/pub.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pubspecYaml = defineCataloger({
  id: 'pubspec-yaml',
  title: 'pubspec.yaml',
  ecosystems: ['pub'],
  kind: 'declared',
  files: ['**/pubspec.yaml', '**/pubspec.yml'],
  yieldsTo: ['pubspec-lock'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['dependencies by path or git, and on the SDK: only pubspec.lock says which code that is'],
  },
  parse: parsePubspec,
});

const tables: readonly (readonly [string, Scope])[] = [
  ['dependencies', 'runtime'],
  ['dev_dependencies', 'development'],
];

function parsePubspec(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const manifest = asObject(document.value);
  const name = asString(manifest?.['name']);
  if (manifest === undefined || name === undefined)
    return { packages: [], problems: [...problems, ...document.problems] };
  const required = new Map<string, Package>();
  for (const [table, scope] of tables) {
    for (const [key, value] of entriesOf(manifest[table])) {
      const item = requirement(key, value, { scope, document, path: [table, key] });
      if (item !== undefined && !required.has(item.id)) required.set(item.id, item);
    }
  }
  const version = asString(manifest['version']) ?? '';
  const purl = pubPurl(name, version);
  const facts = {
    description: asString(manifest['description']),
    homepage: asString(manifest['homepage']),
    repository: asString(manifest['repository']),
  };
  const own = packageOf({
    name,
    version,
    type: 'pub',
    ...(purl === undefined ? {} : { purl }),
    relationship: 'root',
    locations: [document.locate(['name'])],
    dependsOn: [...required.keys()],
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) satisfies PackageFacts,
  });
  required.delete(own.id);
  return { packages: [own, ...required.values()], problems: [...problems, ...document.problems] };
}

interface Place {
  readonly scope: Scope;
  readonly document: Document;
  readonly path: readonly string[];
}

function requirement(key: string, value: unknown, place: Place): Package | undefined {
  const table = asObject(value);
  const hosted = table?.['hosted'];
  const constraint = asString(value) ?? asString(table?.['version']);
  if (constraint === undefined) return undefined;
  const name = asString(asObject(hosted)?.['name']) ?? key;
  // A version without an operator is that version (https://dart.dev/tools/pub/dependencies#version-constraints).
  const version = /^\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,200}$/.test(constraint) ? constraint : '';
  const purl = pubPurl(name, version, { host: asString(hosted) ?? asString(asObject(hosted)?.['url']) });
  return packageOf({
    name,
    version,
    type: 'pub',
    ...(purl === undefined ? {} : { purl }),
    scope: place.scope,
    relationship: 'direct',
    locations: [place.document.locate(place.path)],
    constraint,
  });
}
