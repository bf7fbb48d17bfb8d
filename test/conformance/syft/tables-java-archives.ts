// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's functions for Java archives and project files. Each row becomes an archive or a project file, which the cataloger reads.
import { ownRecord } from '../../../src/evidence/package-facts/java-archive.ts';
import { javaArchive } from '../../../src/evidence/packages/java-archive.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import { parsePom } from '../../../src/formats/maven-pom.ts';
import type { Package } from '../../../src/model/package.ts';
import { catalogText } from '../../catalog-text.ts';
import { zipOf } from '../../support/zip-archive.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import { mavenLicenses, mavenRepository } from './checks-java.ts';
import type { Row, TableChecks } from './fixture.ts';
import { catalogersNamed, fixturesOf, readFixture, runCatalogers } from './fixture.ts';

const encoder = new TextEncoder();

/** A text, or `{call: 'ptr', args: [text]}`. */
function text(value: unknown): string {
  return asString(value) ?? asString(asArray(asObject(value)?.['args'])[0]) ?? '';
}

/** Fields of Go's `maven.Project` as elements; lists of licences and the parent have their own. */
function projectXml(project: JsonObject): string {
  const element = (name: string, value: unknown): string =>
    text(value) === '' ? '' : `<${name}>${text(value)}</${name}>`;
  const fields = (item: JsonObject | undefined): string =>
    [
      element('groupId', item?.['GroupID']),
      element('artifactId', item?.['ArtifactID']),
      element('version', item?.['Version']),
      element('relativePath', item?.['RelativePath']),
      element('name', item?.['Name']),
      element('description', item?.['Description']),
      element('url', item?.['URL']),
    ].join('');
  const parent = asObject(project['Parent']);
  const licenses = asArray(project['Licenses']).map((item) => `<license>${fields(asObject(item))}</license>`);
  return `<project>${fields(project)}${parent === undefined ? '' : `<parent>${fields(parent)}</parent>`}<licenses>${licenses.join('')}</licenses></project>`;
}

/** The archive that the row calls the parent, named by its file and its manifest, with one record in it. */
function packagesOf(row: Row): readonly Package[] {
  const parent = asObject(row['parent']) ?? {};
  const props = asObject(row['props']) ?? {};
  const project = asObject(asObject(row['project'])?.['project']);
  const [group, artifact] = [text(props['GroupID']), text(props['ArtifactID'])];
  const place = `META-INF/maven/${group}/${artifact}`;
  const properties = `groupId=${group}\nartifactId=${artifact}\nversion=${text(props['Version'])}\n`;
  const manifest = `Manifest-Version: 1.0\nImplementation-Vendor-Id: some.vendor\nImplementation-Title: ${text(parent['Name'])}\n\n`;
  const parts = [
    { path: 'META-INF/MANIFEST.MF', bytes: encoder.encode(manifest) },
    { path: `${place}/pom.properties`, bytes: encoder.encode(properties) },
    ...(project === undefined ? [] : [{ path: `${place}/pom.xml`, bytes: encoder.encode(projectXml(project)) }]),
  ];
  return catalogText(javaArchive, { [`${text(parent['Name'])}-${text(parent['Version'])}.jar`]: zipOf(parts) })
    .packages;
}

/** Our packages are those in the archive and the archive's own; a record that speaks of the archive gives no package beside it. */
function recordInArchive(row: Row): CaseResult {
  const expected = [row['expectedPackage'], row['expectedParent']].map(asObject).filter((item) => item !== undefined);
  const state = (item: JsonObject): unknown => [
    text(item['Name']),
    text(item['Version']),
    asArray(item['Licenses']).map((license) => asString(asObject(license)?.['Value'])),
  ];
  const ours = packagesOf(row).map((item) => [item.name.split(':').at(-1), item.version, item.licenses]);
  return expectEqual(expected.map(state).toSorted(byName), ours.toSorted(byName));
}

function byName(a: unknown, b: unknown): number {
  return String(asArray(a)[0]) < String(asArray(b)[0]) ? -1 : 1;
}

/** Beside a record of something else that is packed into the archive. */
function recordFitsName(row: Row): CaseResult {
  const record = (artifactId: string): Parameters<typeof ownRecord>[0][number] => ({
    groupId: 'g',
    artifactId,
    version: '1',
    licenses: [],
    description: undefined,
    url: undefined,
    needs: [],
  });
  const own = record(text(row['artifactID']));
  const found = ownRecord([record('something-else'), own], { name: text(row['fileName']), version: '' });
  return expectEqual(row['want'] ?? false, found === own);
}

/** The group that an archive's record or project file states; without one, that of a well-known name (tables-java.ts). */
export function groupOfMetadata(row: Row): CaseResult {
  const metadata = asObject(row['metadata']);
  const properties = asObject(metadata?.['PomProperties']);
  const group = text(properties?.['GroupID'] ?? asObject(metadata?.['PomProject'])?.['GroupID']);
  const place = `META-INF/maven/${group}/x`;
  const part =
    properties === undefined
      ? {
          path: `${place}/pom.xml`,
          bytes: encoder.encode(projectXml({ GroupID: group, ArtifactID: 'x', Version: '1' })),
        }
      : { path: `${place}/pom.properties`, bytes: encoder.encode(`groupId=${group}\nartifactId=x\nversion=1\n`) };
  const [found] = catalogText(javaArchive, { 'x-1.jar': zipOf([part]) }).packages;
  return expectEqual(row['expect'], found?.name.split(':')[0]);
}

function parentOfProject(row: Row): CaseResult {
  const expected = asObject(row['expected']);
  const { parent } = parsePom(encoder.encode(projectXml({ Parent: row['input'] })), 'pom.xml');
  return expectEqual(
    expected === undefined
      ? undefined
      : [text(expected['GroupID']), text(expected['ArtifactID']), text(expected['Version'])],
    parent === undefined ? undefined : [parent.groupId, parent.artifactId, parent.version],
  );
}

function description(row: Row): CaseResult {
  const model = parsePom(encoder.encode(projectXml({ Description: row['input'] })), 'pom.xml');
  return expectEqual(row['expected'] ?? '', model.description ?? '');
}

function resolvedLicenses(row: Row, root: string): CaseResult {
  const selected = catalogersNamed(['maven-pom']);
  if (typeof selected === 'string') return expectEqual('the cataloger', selected);
  const scanned = fixturesOf(
    { ...row, inputs: (row.inputs ?? []).filter((input) => !input.endsWith('/maven-repo')) },
    root,
  );
  const files = [...scanned.flatMap((path) => readFixture(path)), ...mavenRepository(row, root)];
  const packages = runCatalogers(selected, files).lists.flatMap((list) => list.packages);
  return mavenLicenses(row, { packages });
}

function builtByTest(): CaseResult {
  return { outcome: 'skipped', reason: 'the archives are built while the test runs; not in the pack' };
}

export const javaArchiveTables: TableChecks = {
  'java/archive_parser#Test_newPackageFromMavenData': recordInArchive,
  'java/archive_parser#Test_artifactIDMatchesFilename': recordFitsName,
  'java/archive_parser#Test_deterministicMatchingPomProperties': builtByTest,
  'java/archive_parser#TestSearchMavenForLicenses': builtByTest,
  'java/parse_pom_xml#Test_pomParent': parentOfProject,
  'java/parse_pom_xml#Test_cleanDescription': description,
  'java/parse_pom_xml#Test_resolveLicenses': resolvedLicenses,
};
