// SPDX-License-Identifier: Apache-2.0
// Gradle version catalogs: the [libraries] that a build may use. https://docs.gradle.org/current/userguide/version_catalogs.html
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mavenPackage } from '../package-facts/maven-coordinates.ts';
import { parseMavenRequirement } from '../package-facts/maven-requirement.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const gradleVersionCatalog = defineCataloger({
  id: 'gradle-version-catalog',
  title: 'libs.versions.toml',
  ecosystems: ['maven'],
  kind: 'declared',
  files: ['**/libs.versions.toml', '**/gradle/*.versions.toml'],
  yieldsTo: ['gradle-lockfile'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['which libraries the build files really use, and for what', 'plug-ins', 'transitive dependencies'],
  },
  parse: parseVersionCatalog,
});

function parseVersionCatalog(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const versions = asObject(document.value?.['versions']) ?? {};
  const header = document.headerLines('libraries')[0] ?? 0;
  const packages: Package[] = [];
  for (const [alias, library] of entriesOf(document.value?.['libraries'])) {
    const line = document.keyLine(alias, header);
    const location: Location = { path: file.path, ...(line === undefined ? {} : { line }) };
    const item = packageOfLibrary(library, versions, location);
    if (item !== undefined) packages.push(item);
    else
      problems.push({
        kind: 'schema',
        message: `library ${alias} has no group and name`,
        location,
        hidesFindings: true,
      });
  }
  return { packages: mergePackages(packages), problems };
}

/** `group:name:version`, or a table with `module` or `group` and `name`, and `version`. */
function packageOfLibrary(library: unknown, versions: JsonObject, location: Location): Package | undefined {
  const table = asObject(library);
  const [group, name, short] = (asString(library) ?? asString(table?.['module']) ?? '').split(':');
  const groupId = asString(table?.['group']) ?? group ?? '';
  const artifactId = asString(table?.['name']) ?? name ?? '';
  if (groupId === '' || artifactId === '') return undefined;
  const wanted = table === undefined ? (short ?? '') : requirementOf(table['version'], versions);
  const { version } = parseMavenRequirement(wanted);
  return mavenPackage(
    { groupId, artifactId, version },
    { relationship: 'direct', locations: [location], ...(wanted === version ? {} : { constraint: wanted }) },
  );
}

/** A version is a text, a reference into [versions], or a rich version, of which the strictest part counts. */
function requirementOf(version: unknown, versions: JsonObject): string {
  const text = asString(version);
  if (text !== undefined) return text;
  const table = asObject(version);
  const reference = asString(table?.['ref']);
  if (reference !== undefined) {
    const target = versions[reference];
    return asString(target) ?? requirementOf(withoutReference(target), versions);
  }
  return asString(table?.['strictly']) ?? asString(table?.['require']) ?? asString(table?.['prefer']) ?? '';
}

/** Entries of [versions] cannot refer to others; a file that tries must not send us round in circles. */
function withoutReference(version: unknown): JsonObject {
  const { ref: _ref, ...rest } = asObject(version) ?? {};
  return rest;
}
