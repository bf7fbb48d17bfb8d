// SPDX-License-Identifier: Apache-2.0
// Syft rows about Java that state something else than packages.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { ManifestSection } from '../../../src/formats/java-manifest.ts';
import { parseManifest } from '../../../src/formats/java-manifest.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { FixtureFile, Row } from './fixture.ts';
import { readFixture } from './fixture.ts';

/** Sections as lists of key and value. White space is not compared: Syft trims continuation lines, the specification does not. */
export function javaManifest(row: Row, context: { readonly fixtures: readonly string[] }): CaseResult {
  const manifest = parseManifest(readFileSync(context.fixtures[0] ?? '', 'utf8'));
  const wanted = asObject(row['expected']);
  return expectEqual(
    { main: wantedSection(wanted?.['Main']), sections: asArray(wanted?.['Sections']).map(wantedSection) },
    { main: section(manifest.main), sections: manifest.sections.map(section) },
  );
}

function wantedSection(value: unknown): unknown {
  return asArray(value).map((entry) => {
    const { Key, Value } = asObject(entry) ?? {};
    return [asString(Key) ?? '', bare(asString(Value) ?? '')];
  });
}

function section(value: ManifestSection): unknown {
  return value.entries.map(([name, text]) => [name, bare(text)]);
}

function bare(text: string): string {
  return text.replace(/\s+/g, '');
}

/** The Maven repository of the tests, local or served by the test: shown as one that lies in the tree, where the row switches it on. */
export function mavenRepository(row: Row, root: string): FixtureFile[] {
  const options = asObject(row['cfg'] ?? row['config']);
  if (options?.['UseMavenLocalRepository'] !== true && options?.['UseNetwork'] !== true) return [];
  const folder = row.inputs?.find((input) => input.endsWith('/maven-repo'));
  const files = folder === undefined ? [] : readFixture(join(root, 'inputs', folder));
  return files.map((file) => ({ ...file, path: `maven-repo/${file.path}` }));
}

/** Licences of the artifact that the test asks for, found in its parents. */
export function mavenLicenses(row: Row, context: { readonly packages: readonly Package[] }): CaseResult {
  const wanted = asArray(row['expected']).map((license) => asString(asObject(license)?.['Value']) ?? '');
  const licenses = context.packages.filter((item) => item.name === 'my.org:child-one').flatMap((item) => item.licenses);
  return expectEqual(wanted, [...new Set(licenses)]);
}
