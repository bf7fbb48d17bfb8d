// SPDX-License-Identifier: Apache-2.0
// pylock.toml and pylock.NAME.toml, the lock file of PEP 751: https://packaging.python.org/specifications/pylock-toml
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { digestsOf, pythonPackage } from '../package-facts/python.ts';
import type { LockedNeed } from '../package-facts/python-lock.ts';
import { PythonLockIndex } from '../package-facts/python-lock.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pylock = defineCataloger({
  id: 'pylock',
  title: 'pylock.toml',
  ecosystems: ['pypi'],
  kind: 'declared',
  files: ['**/pylock.toml', '**/pylock.?*.toml'],
  except: ['**/pylock.*.*.toml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['versions of packages from a folder or from version control, when the file leaves them out'],
  },
  parse: parsePylock,
});

function parsePylock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const spans = document.headerSpans('packages');
  const packages: Package[] = [];
  const needs: (readonly LockedNeed[])[] = [];
  for (const [index, value] of asArray(document.value?.['packages']).entries()) {
    const location = { path: file.path, ...spans[index] };
    const row = asObject(value);
    const item = packageOfRow(row, location);
    if (row === undefined || item === undefined) {
      problems.push({ kind: 'schema', message: 'a package without a name', location, hidesFindings: true });
      continue;
    }
    packages.push(item);
    needs.push(needsOf(row));
  }
  const unique = withUniqueIds(packages);
  const index = new PythonLockIndex(unique);
  const linked = unique.map((item, at) => ({ ...item, dependsOn: index.idsOfAll(needs[at] ?? []) }));
  return { packages: linked, problems };
}

function packageOfRow(row: JsonObject | undefined, location: Location): Package | undefined {
  const name = asString(row?.['name']);
  if (row === undefined || name === undefined) return undefined;
  const directory = asObject(row['directory']);
  const archives = [row['archive'], row['sdist'], ...asArray(row['wheels'])].map(asObject);
  const hashes = archives.flatMap((archive) =>
    entriesOf(archive?.['hashes']).map(([algorithm, hex]) => `${algorithm}:${asString(hex) ?? ''}`),
  );
  const facts = factsOf(row);
  const relationship = directory === undefined ? 'unknown' : asString(directory['path']) === '.' ? 'root' : 'workspace';
  return pythonPackage({
    name,
    version: asString(row['version']) ?? '',
    scope: scopeOf(asString(row['marker']) ?? ''),
    relationship,
    locations: [location],
    digests: digestsOf(hashes),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

/** PEP 751, "packages.marker": `'dev' in dependency_groups` and `'cli' in extras` say for whom the package is. */
function scopeOf(marker: string): Scope {
  const groups = [...marker.matchAll(/["']([^"']*)["']\s+in\s+(dependency_groups|extras)\b/g)];
  // With `or` beside another condition the package may be needed without the group as well.
  if (groups.length === 0 || (/\bor\b/.test(marker) && groups.length === 1)) return 'runtime';
  return groups.every((group) => group[2] === 'dependency_groups') ? 'development' : 'optional';
}

function factsOf(row: JsonObject): PackageFacts {
  const vcs = asObject(row['vcs']);
  const repository = asString(vcs?.['url']);
  const commit = asString(vcs?.['commit-id']);
  const downloadUrl = asString(asObject(row['archive'])?.['url']);
  const marker = asString(row['marker']);
  const index = asString(row['index']);
  const other = { ...(marker === undefined ? {} : { marker }), ...(index === undefined ? {} : { index }) };
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(commit === undefined ? {} : { commit }),
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
    ...(Object.keys(other).length === 0 ? {} : { other }),
  };
}

/** References to other entries: as many keys of them as are needed to tell them apart. */
function needsOf(row: JsonObject): readonly LockedNeed[] {
  return asArray(row['dependencies']).flatMap((value) => {
    const table = asObject(value);
    const name = asString(table?.['name']);
    return name === undefined ? [] : [{ name, version: asString(table?.['version']) }];
  });
}
