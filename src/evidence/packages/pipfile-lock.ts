// SPDX-License-Identifier: Apache-2.0
// Pipfile.lock of Pipenv: the categories `default`, `develop` and those of the user. The file does not say which package needs which.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { pinnedVersion } from '../../formats/pep508.ts';
import { decodeText } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { digestsOf, pythonPackage } from '../package-facts/python.ts';
import { scopeOfGroup } from '../package-facts/python-lock.ts';
import { strongerScope } from '../package-facts/reach.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pipfileLock = defineCataloger({
  id: 'pipfile-lock',
  title: 'Pipfile.lock',
  ecosystems: ['pypi'],
  kind: 'declared',
  files: ['**/Pipfile.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['which package needs which, and which are asked for directly: the format does not hold it'],
  },
  parse: parsePipfileLock,
});

function parsePipfileLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const packages = new Map<string, Package>();
  for (const [category, table] of entriesOf(document.value)) {
    if (category === '_meta') continue;
    for (const [name, value] of entriesOf(table)) {
      const location = document.locate([category, name]);
      const row = asObject(value);
      if (row === undefined) {
        const message = `package ${JSON.stringify(name)} is not an object`;
        problems.push({ kind: 'schema', message, location, hidesFindings: true });
        continue;
      }
      // A folder of the tree, or the project itself: it has a manifest of its own.
      if (row['path'] !== undefined) continue;
      add(packages, packageOfRow(name, row, { category, location }));
    }
  }
  return { packages: [...packages.values()], problems };
}

/** A package of two categories is one package, in the stronger scope. */
function add(packages: Map<string, Package>, item: Package): void {
  const known = packages.get(item.id);
  if (known === undefined) {
    packages.set(item.id, item);
    return;
  }
  packages.set(item.id, {
    ...known,
    scope: strongerScope(known.scope, item.scope),
    locations: [...known.locations, ...item.locations],
    digests: [...new Set([...known.digests, ...item.digests])],
  });
}

function packageOfRow(name: string, row: JsonObject, place: { category: string; location: Location }): Package {
  const constraint = asString(row['version']) ?? '';
  const facts = factsOf(row, place.category);
  return pythonPackage({
    name,
    version: pinnedVersion(constraint) ?? '',
    ...(constraint === '' || constraint === '*' ? {} : { constraint }),
    scope: scopeOf(place.category),
    locations: [place.location],
    digests: digestsOf(asStrings(row['hashes'])),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

function scopeOf(category: string): Scope {
  return category === 'default' ? 'runtime' : scopeOfGroup(category);
}

function factsOf(row: JsonObject, category: string): PackageFacts {
  const repository = asString(row['git']);
  const reference = asString(row['ref']) ?? '';
  const downloadUrl = asString(row['file']);
  const marker = asString(row['markers']);
  const index = asString(row['index']);
  const other = { ...(marker === undefined ? {} : { marker }), ...(index === undefined ? {} : { index }) };
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(repository !== undefined && /^[0-9a-f]{40}$/.test(reference) ? { commit: reference } : {}),
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
    ...(category === 'default' ? {} : { groups: [category] }),
    ...(Object.keys(other).length === 0 ? {} : { other }),
  };
}
