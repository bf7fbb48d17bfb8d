// SPDX-License-Identifier: Apache-2.0
// vcpkg.json: a C or C++ project and what it asks vcpkg for. https://learn.microsoft.com/vcpkg/reference/vcpkg-json
import type { Document, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const vcpkgJson = defineCataloger({
  id: 'vcpkg-json',
  title: 'vcpkg.json',
  ecosystems: ['vcpkg'],
  kind: 'declared',
  files: ['**/vcpkg.json'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'versions that follow from the baseline of the registry',
      'dependencies of features that are not on by default',
    ],
  },
  parse: parseVcpkg,
});

function parseVcpkg(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path, { syntax: 'relaxed' });
  const problems: Problem[] = [...encoding, ...document.problems];
  const manifest = asObject(document.value);
  if (manifest === undefined) return { packages: [], problems };
  const overrides = new Map(
    asArray(manifest['overrides']).map((item) => [asString(asObject(item)?.['name']), versionOf(asObject(item) ?? {})]),
  );
  const required = new Map<string, Package>();
  for (const index of asArray(manifest['dependencies']).keys()) {
    const item = requirement(manifest, index, { document, overrides });
    if (item === undefined) {
      const location = document.locate(['dependencies', index]);
      problems.push({ kind: 'schema', message: 'a dependency without a name', location, hidesFindings: true });
    } else if (!required.has(item.id)) required.set(item.id, item);
  }
  const name = asString(manifest['name']);
  const license = asString(manifest['license']);
  const own = packageOf({
    id: `${name ?? ''} (${file.path})`,
    name: name ?? '',
    version: versionOf(manifest),
    type: 'vcpkg',
    relationship: 'root',
    locations: [document.locate(['name'])],
    licenses: license === undefined ? [] : [license],
    dependsOn: [...required.keys()],
  });
  return { packages: [...(name === undefined ? [] : [own]), ...required.values()], problems };
}

/** The four ways of writing a version, with the revision of the port. */
function versionOf(item: JsonObject): string {
  const fields = ['version', 'version-semver', 'version-date', 'version-string'];
  const version = fields.map((field) => asString(item[field])).find((value) => value !== undefined) ?? '';
  const port = item['port-version'];
  return version !== '' && typeof port === 'number' && port > 0 ? `${version}#${port}` : version;
}

interface Reading {
  readonly document: Document;
  readonly overrides: ReadonlyMap<string | undefined, string>;
}

function requirement(manifest: JsonObject, index: number, { document, overrides }: Reading): Package | undefined {
  const value = asArray(manifest['dependencies'])[index];
  const table = asObject(value);
  const name = asString(value) ?? asString(table?.['name']);
  if (name === undefined) return undefined;
  const version = overrides.get(name) ?? '';
  const minimum = asString(table?.['version>=']);
  const purl = formatPurl({ type: 'vcpkg', name, version });
  return packageOf({
    name,
    version,
    type: 'vcpkg',
    ...(purl === undefined ? {} : { purl }),
    // Host dependencies are tools that run while building.
    scope: table?.['host'] === true ? 'build' : 'runtime',
    relationship: 'direct',
    locations: [document.locate(['dependencies', index])],
    ...(minimum === undefined ? {} : { constraint: `>=${minimum}` }),
  });
}
