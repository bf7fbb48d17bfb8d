// SPDX-License-Identifier: Apache-2.0
// Rows of Syft's operating system catalogers that state packages in shapes of their own: entries of a database, names by name, licences.
import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../../src/formats/document.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, expectSameSet, failed, passed } from '../pack.ts';
import type { CheckContext } from './cataloger-mapping.ts';
import { compareFiles, filesOf } from './checks-files.ts';
import type { Row } from './fixture.ts';
import { catalogTexts, packagesIn } from './tables-python.ts';

/** `{package: [names of what it needs]}`; packages that need nothing are left out. */
export function checkNamesNeeded(row: Row, context: CheckContext): CaseResult {
  const want = entriesOf(row['expected'] ?? row['wantRelationships']).map(([name, needs]) => [
    name,
    asStrings(needs).toSorted(),
  ]);
  const names = new Map(context.packages.map((item) => [item.id, item.name]));
  const ours = context.packages
    .filter((item) => item.dependsOn.length > 0)
    .map((item) => [item.name, item.dependsOn.map((id) => names.get(id) ?? id).sort()]);
  return expectSameSet(want, ours);
}

/** Licences of a copyright file, as those of the package it belongs to. */
export function checkCopyright(row: Row, context: CheckContext): CaseResult {
  const text = readFileSync(context.fixtures[0] ?? '', 'utf8');
  const files = { 'var/lib/dpkg/status.d/x': 'Package: x\nVersion: 1\n', 'usr/share/doc/x/copyright': text };
  const found = packagesIn(catalogTexts(['dpkg-status'], files))[0];
  return expectEqual(asStrings(row['expected']).toSorted(), found?.licenses.toSorted() ?? []);
}

/** pkg.DpkgDBEntry in the parts our model holds; entries without a version are no packages for us. */
export function checkStatusEntries(row: Row, context: CheckContext): CaseResult {
  const entries = asArray(row['expected']).map((item) => asObject(item) ?? {});
  const want = entries.filter((item) => item['Version'] !== undefined).map(statusEntry);
  const packages = context.packages.filter((item) => item.version !== '');
  const result = expectSameSet(want, packages.map(statusFacts));
  const licenses = row['expectedLicenses'];
  if (result.outcome !== 'passed' || licenses === undefined) return result;
  // The row states the field of the database; a list without operators becomes several licences.
  const stated = asStrings(licenses).flatMap((text) => (/ (?:AND|OR|WITH) /.test(text) ? [text] : text.split(' ')));
  return expectSameSet(
    stated,
    context.packages.flatMap((item) => item.licenses),
  );
}

function statusEntry(item: JsonObject): unknown {
  const name = item['Package'];
  const source = asString(item['Source']) || name;
  const sourceVersion = asString(item['SourceVersion']) || item['Version'];
  return [name, item['Version'], item['Architecture'], item['Maintainer'], source, sourceVersion];
}

function statusFacts(item: Package): unknown {
  const source = item.sources?.[0];
  return [item.name, item.version, item.facts?.architecture, item.facts?.supplier, source?.name, source?.version];
}

/** pkg.AlpmDBEntry in the parts our model holds. */
export function checkPacmanEntry(row: Row, context: CheckContext): CaseResult {
  const want = asObject(asObject(row['expected'])?.['AlpmDBEntry']) ?? {};
  const backup = asArray(want['Backup']).map((value) => asObject(value) ?? {});
  const listed = asArray(want['Files']).map((value) => asObject(value) ?? {});
  const others = listed.filter((file) => !backup.some((saved) => saved['Path'] === file['Path']));
  const files = compareFiles([...backup, ...others], filesOf(context.packages));
  // The list of files is an input of its own in some rows.
  if (files.outcome !== 'passed' || want['Package'] === undefined) return files;
  const [item] = context.packages;
  return expectEqual(
    [
      want['Package'],
      want['Version'],
      want['Architecture'],
      want['BasePackage'],
      want['Packager'],
      want['Description'],
    ],
    [
      item?.name,
      item?.version,
      item?.facts?.architecture,
      item?.sources?.[0]?.name,
      item?.facts?.supplier,
      item?.facts?.description,
    ],
  );
}

/** The pack writes licences of this cataloger as `[place, licence]`, the other way round than elsewhere. */
export function checkPortage(row: Row, context: CheckContext): CaseResult {
  const want = asArray(row['expectedPackages']).map((value) => {
    const item = asObject(value) ?? {};
    const licenses = asArray(item['Licenses']).map((pair) => asString(asArray(pair)[1]));
    return [item['Name'], item['Version'], licenses];
  });
  const records = asArray(row['expectedPackages']).flatMap((value) =>
    asArray(asObject(asObject(value)?.['Metadata'])?.['Files']),
  );
  // Syft passes over links.
  const files = compareFiles(
    records,
    filesOf(context.packages).filter((file) => file.digest !== undefined),
  );
  if (files.outcome !== 'passed') return files;
  return expectSameSet(
    want,
    context.packages.map((item) => [item.name, item.version, item.licenses]),
  );
}

/** Rows about one property list: a name and a version, nothing, or a problem. */
export function checkPropertyList(row: Row, context: CheckContext): CaseResult | undefined {
  if (row['wantParseErr'] === true) return context.output.problems.length > 0 ? passed : failed('a problem', 'none');
  if (row['wantNoPackage'] === true) return expectEqual([], context.packages);
  if (row['wantName'] === undefined) return undefined;
  const [item] = context.packages;
  return expectEqual(
    [row['wantName'], row['wantVersion'], row['wantBundleID']],
    [
      item?.name,
      item?.version,
      row['wantBundleID'] === undefined ? undefined : item?.facts?.other?.['bundleIdentifier'],
    ],
  );
}

/** SDK packages of a Dart lock file are 0.0.0 for us, with the range of the SDK as constraint; Syft writes its lower bound. */
export function withSdkVersion(item: Package): Package {
  const minimum =
    item.facts?.other?.['sdk'] === undefined ? undefined : /\d+\.\d+\.\d+/.exec(item.constraint ?? '')?.[0];
  if (minimum === undefined || item.purl === undefined) return item;
  return { ...item, version: minimum, purl: item.purl.replace('@0.0.0', `@${minimum}`) };
}

/** Syft leaves out a package of an SDK that the lock file gives no range for. */
export function hasSdkRange(item: Package): boolean {
  return item.facts?.other?.['sdk'] === undefined || item.constraint !== undefined;
}

/** Groups by name with their members, or an error; each group is asked for through the licence of a package. */
export function checkLicenseGroups(row: Row, context: CheckContext): CaseResult {
  const definitions = readFileSync(context.fixtures[0] ?? '', 'utf8');
  const entry = { 'var/db/pkg/a/b-1/PF': 'b-1', 'etc/portage/license_groups': definitions };
  const licenseOf = (name: string): ReturnType<typeof catalogTexts> =>
    catalogTexts(['portage-installed'], { ...entry, 'var/db/pkg/a/b-1/LICENSE': `@${name}` });
  if (row['expectError'] === 'require.Error') {
    return licenseOf('x').problems.length > 0 ? passed : failed('a problem', 'none');
  }
  const want = entriesOf(row['expected']).map(([name, members]) => [name, asStrings(members).toSorted()]);
  const ours = want.map(([name]) => [
    name,
    packagesIn(licenseOf(String(name)))[0]
      ?.licenses[0]?.split(' AND ')
      .sort(),
  ]);
  return expectSameSet(want, ours);
}
