// SPDX-License-Identifier: Apache-2.0
// Syft rows about the files that a package owns. Syft lists folders as well, we list what is none; its paths begin at the root or, for
// Python, at site-packages, ours at the root of the target.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import type { Package, PackageFile } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet, passed } from '../pack.ts';
import type { CheckContext } from './cataloger-mapping.ts';
import { expectPackages } from './compare.ts';
import type { FixtureFile, Row, TableChecks } from './fixture.ts';
import { catalogersNamed, readFixture, runCatalogers } from './fixture.ts';

interface OwnedFile {
  readonly path: string;
  readonly digest: string;
  readonly size: string;
  readonly isConfig: boolean;
}

/** A file record of any of Syft's ecosystems. Sizes and permissions are compared where they are stated. */
function wantedFile(record: JsonObject): OwnedFile {
  const [algorithm = '', value = ''] = Array.isArray(record['Digest'])
    ? asStrings(record['Digest'])
    : [asString(digestOf(record)?.['Algorithm']), asString(digestOf(record)?.['Value'])];
  return {
    path: (asString(record['Path']) ?? '').replace(/^\//, ''),
    digest: value === '' ? '' : plainDigest(algorithm, value),
    size: sizeOf(record['Size']),
    isConfig: record['IsConfigFile'] === true,
  };
}

function sizeOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? `${value}` : '';
}

function digestOf(record: JsonObject): JsonObject | undefined {
  return asObject(record['Digest']) ?? asObject(asArray(record['Digests'])[0]);
}

/** apk writes `Q1` and base64, wheels base64 for URLs; the rest is in hex. */
function plainDigest(algorithm: string, value: string): string {
  if (value.startsWith('Q1')) return `sha1:${Buffer.from(value.slice(2), 'base64').toString('hex')}`;
  const isHex = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
  return `${algorithm}:${isHex ? value : Buffer.from(value, 'base64').toString('hex')}`;
}

function ourFile(file: PackageFile): OwnedFile {
  return {
    path: file.path,
    digest: file.digest ?? '',
    size: file.size === undefined ? '' : String(file.size),
    isConfig: file.isConfig === true,
  };
}

/** Passes when the same files are stated; of each what the row states of any. */
export function compareFiles(wanted: readonly unknown[], ours: readonly PackageFile[]): CaseResult {
  const all = wanted.map((value) => wantedFile(asObject(value) ?? { Path: value }));
  const isFolder = ({ path }: OwnedFile): boolean =>
    path.endsWith('/') || all.some((other) => other.path.startsWith(`${path}/`));
  const want = all.filter((file) => !isFolder(file));
  const stated = {
    digest: want.some((file) => file.digest !== ''),
    size: want.some((file) => file.size !== ''),
    isConfig: want.some((file) => file.isConfig),
  };
  const shown = (file: OwnedFile): unknown => [
    file.path,
    stated.digest ? file.digest : '',
    stated.size ? file.size : '',
    stated.isConfig ? file.isConfig : false,
  ];
  return expectSameSet(want.map(shown), ours.map(ourFile).map(shown));
}

export function filesOf(packages: readonly Package[]): readonly PackageFile[] {
  return packages.flatMap((item) => item.files ?? []);
}

const text = (path: string, content: string): FixtureFile => ({ path, bytes: new TextEncoder().encode(content) });

/** Lists of dpkg belong to a package of the database. */
export function dpkgInfoPath(path: string): string {
  return `var/lib/dpkg/info/x${path.slice(path.lastIndexOf('.'))}`;
}

export function besideDpkgInfo(): FixtureFile[] {
  return [text('var/lib/dpkg/status', 'Package: x\nStatus: install ok installed\nVersion: 1\n')];
}

/** An entry of pacman's database is a folder with a description and a list of files. */
export function pacmanPath(path: string): string {
  return `var/lib/pacman/local/x/${path.endsWith('/desc') ? 'desc' : 'files'}`;
}

export function besidePacmanFiles(row: Row): FixtureFile[] {
  const hasDescription = row.inputs?.some((input) => input.endsWith('/desc')) === true;
  return hasDescription ? [] : [text('var/lib/pacman/local/x/desc', '%NAME%\nx\n\n%VERSION%\n1\n')];
}

export function pythonRecordPath(path: string): string {
  return path.endsWith('RECORD') ? 'site-packages/x.dist-info/RECORD' : 'site-packages/x.egg-info/installed-files.txt';
}

export function besidePythonRecord(row: Row): FixtureFile[] {
  const isRecord = row.inputs?.some((input) => input.endsWith('RECORD')) === true;
  const place = isRecord ? 'site-packages/x.dist-info/METADATA' : 'site-packages/x.egg-info/PKG-INFO';
  return [text(place, 'Name: x\nVersion: 1\n')];
}

export function checkRecord(row: Row, context: CheckContext): CaseResult {
  const folder =
    row.inputs?.some((input) => input.endsWith('RECORD')) === true ? 'site-packages' : 'site-packages/x.egg-info';
  const wanted = asArray(row['ExpectedMetadata']).map((value) => {
    const record = asObject(value) ?? {};
    const path = new URL(asString(record['Path']) ?? '', `file:///a/b/c/d/${folder}/`).pathname;
    return { ...record, Path: path.replace(/^\/a\/b\/c\/d\//, '') };
  });
  // What lies above the target is no file of it.
  const inside = wanted.filter((record) => !record.Path.startsWith('/a/'));
  return compareFiles(inside, filesOf(context.packages));
}

export function checkListedFiles(row: Row, context: CheckContext): CaseResult {
  const expected = row['expected'];
  const records = Array.isArray(expected) ? expected : asArray(asObject(expected)?.['Files']);
  return compareFiles(records, filesOf(context.packages));
}

/** Files of the entries of an rpm database, beside what is compared of every package. */
export function checkRpmFiles(row: Row, context: CheckContext): CaseResult | undefined {
  if (row['ignorePaths'] === true) return undefined;
  const wanted = asArray(row['expected']).flatMap((item) => asArray(asObject(asObject(item)?.['Metadata'])?.['Files']));
  const result = compareFiles(wanted, filesOf(context.packages));
  return result.outcome === 'passed' ? undefined : result;
}

function packagesIn(cataloger: string, files: readonly FixtureFile[]): readonly Package[] {
  const selected = catalogersNamed([cataloger]);
  return typeof selected === 'string' ? [] : runCatalogers(selected, files).lists.flatMap((list) => list.packages);
}

/** Tables that ask an entry for the paths it owns. */
function checkOwner(row: Row, packages: readonly Package[]): CaseResult {
  const wanted = asStrings(row['expected']);
  return wanted.length === 0 && filesOf(packages).length === 0 ? passed : compareFiles(wanted, filesOf(packages));
}

function pathsIn(row: Row): string[] {
  const files = asArray(asObject(row['metadata'])?.['Files']);
  return files.map((value) => (typeof value === 'string' ? value : (asString(asObject(value)?.['Path']) ?? '')));
}

/** A folder of the pack as a root file system: packages, and the files that they own. */
function checkDpkgImage(row: Row, root: string): CaseResult {
  const selected = catalogersNamed(['dpkg-status']);
  const folder = join(root, 'inputs', row.inputs?.[0] ?? '');
  if (typeof selected === 'string' || !existsSync(folder))
    return { outcome: 'skipped', reason: 'the fixture is not in the pack' };
  const packages = runCatalogers(selected, readFixture(folder)).lists.flatMap((list) => list.packages);
  const expected = asArray(row['expected']);
  const files = expected.flatMap((item) => asArray(asObject(asObject(item)?.['Metadata'])?.['Files']));
  const result = expectPackages(expected, packages);
  return result.outcome === 'passed' ? compareFiles(files, filesOf(packages)) : result;
}

export const fileTables: TableChecks = {
  'debian/cataloger#TestDpkgCataloger': checkDpkgImage,
  'debian/cataloger#TestDpkgArchiveCataloger': () => ({
    outcome: 'skipped',
    reason: 'the archive is downloaded while the image of the test is built; not in the pack',
  }),
  'conda/cataloger#TestCondaMetaPackageMetadata_FileOwner': (row) =>
    checkOwner(
      row,
      packagesIn('conda-meta', [
        text('conda-meta/x.json', JSON.stringify({ name: 'x', version: '1', files: pathsIn(row) })),
      ]),
    ),
  'alpine/package#TestApkMetadata_FileOwner': (row) => {
    const lines = pathsIn(row).map(
      (path) => `F:${path.slice(1, Math.max(1, path.lastIndexOf('/')))}\nR:${path.slice(path.lastIndexOf('/') + 1)}\n`,
    );
    return checkOwner(row, packagesIn('apk-installed', [text('lib/apk/db/installed', `P:x\nV:1\n${lines.join('')}`)]));
  },
};
