// SPDX-License-Identifier: Apache-2.0
// build.sbt.lock of the sbt-dependency-lock plug-in: https://github.com/stringbean/sbt-dependency-lock/blob/main/docs/FORMAT.md
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import { digestOf } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mavenPackage } from '../package-facts/maven-coordinates.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const sbtLock = defineCataloger({
  id: 'sbt-lock',
  title: 'build.sbt.lock',
  ecosystems: ['maven'],
  kind: 'declared',
  files: ['**/build.sbt.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['which package is direct, and dependency relations: the format has none'],
  },
  parse: parseSbtLock,
});

function parseSbtLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const packages: Package[] = [];
  for (const [index, entry] of asArray(asObject(document.value)?.['dependencies']).entries()) {
    const location = document.locate(['dependencies', index]);
    const item = packageOfEntry(asObject(entry) ?? {}, location);
    if (item !== undefined) packages.push(item);
    else
      problems.push({
        kind: 'schema',
        message: 'a dependency without org, name or version',
        location,
        hidesFindings: true,
      });
  }
  return { packages: mergePackages(packages), problems };
}

function packageOfEntry(entry: JsonObject, location: Location): Package | undefined {
  const groupId = asString(entry['org']) ?? '';
  const artifactId = asString(entry['name']) ?? '';
  const version = asString(entry['version']) ?? '';
  if (groupId === '' || artifactId === '' || version === '') return undefined;
  const configurations = asStrings(entry['configurations']);
  const sums = asArray(entry['artifacts']).map((artifact) => {
    const [algorithm = '', hex = ''] = (asString(asObject(artifact)?.['hash']) ?? '').split(':');
    return digestOf(algorithm, hex);
  });
  return mavenPackage(
    { groupId, artifactId, version },
    {
      scope: scopeOf(configurations),
      locations: [location],
      digests: sums.filter((digest) => digest !== undefined),
      facts: { groups: configurations },
    },
  );
}

function scopeOf(configurations: readonly string[]): Scope {
  if (configurations.length === 0) return 'runtime';
  if (configurations.every((name) => name === 'test' || name === 'it')) return 'test';
  return configurations.every((name) => name === 'provided') ? 'peer' : 'runtime';
}
