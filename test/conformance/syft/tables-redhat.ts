// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's functions for rpm packages that have a counterpart here. Entries of a database become headers in a database that the
// cataloger reads. Syft's version holds an epoch whenever one is stated, also 0; our package URL does.

import { requiredNames } from '../../../src/evidence/package-facts/rpm-dependencies.ts';
import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { readOpenPgpSignature } from '../../../src/formats/openpgp-signature.ts';
import { rpmTags } from '../../../src/formats/rpmdb/tags.ts';
import type { Package } from '../../../src/model/package.ts';
import { packageOf as newPackage } from '../../../src/model/package.ts';
import type { HeaderValues } from '../../support/rpm-writer.ts';
import { ndbDatabase, rpmHeader } from '../../support/rpm-writer.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import type { FixtureFile, Row, TableChecks } from './fixture.ts';
import { catalogersNamed, runCatalogers } from './fixture.ts';

/** Our package with the version that Syft gives it. */
export function withStatedEpoch(item: Package): Package {
  const epoch = /[?&]epoch=(\d+)/.exec(item.purl ?? '')?.[1];
  return { ...item, version: `${epoch === undefined ? '' : `${epoch}:`}${item.version.replace(/^\d+:/, '')}` };
}

const database = 'var/lib/rpm/Packages.db';
const manifest = 'var/lib/rpmmanifest/container-manifest-2';

function catalog(id: string, files: Readonly<Record<string, string | Uint8Array>>): CatalogOutput {
  const given: FixtureFile[] = Object.entries(files).map(([path, content]) => ({
    path,
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  }));
  const selected = catalogersNamed([id]);
  return typeof selected === 'string' ? { lists: [], problems: [] } : runCatalogers(selected, given);
}

function packagesOf(output: CatalogOutput): readonly Package[] {
  return output.lists.flatMap((list) => list.packages);
}

/** pkg.RpmDBEntry as a header; what it leaves out is left out. */
function headerOf(entry: JsonObject): Buffer {
  const text = (field: string): string => asString(entry[field]) ?? '';
  const epoch = entry['Epoch'];
  const values: Record<number, HeaderValues[number]> = {
    [rpmTags.name]: text('Name') === '' ? 'x' : text('Name'),
    [rpmTags.version]: text('Version'),
    [rpmTags.release]: text('Release'),
  };
  if (text('Arch') !== '') values[rpmTags.architecture] = text('Arch');
  if (text('SourceRpm') !== '') values[rpmTags.sourceRpm] = text('SourceRpm');
  if (typeof epoch === 'number') values[rpmTags.epoch] = [epoch];
  return rpmHeader(values);
}

function checkPurl(row: Row): CaseResult {
  const distro = asObject(row['distro']);
  const release = `ID=${asString(distro?.['ID']) ?? ''}\nVERSION_ID=${asString(distro?.['VersionID']) ?? ''}\n`;
  const files = {
    [database]: ndbDatabase([headerOf(asObject(row['metadata']) ?? {})]),
    ...(distro === undefined ? {} : { 'etc/os-release': release }),
  };
  return expectEqual(row['expected'], packagesOf(catalog('rpm-database', files))[0]?.purl);
}

function checkVersion(row: Row): CaseResult {
  const bytes = ndbDatabase([headerOf(asObject(row['entry']) ?? {})]);
  const found =
    packagesOf(catalog('rpm-database', { [database]: bytes }))[0] ?? newPackage({ name: '', version: '', type: '' });
  return expectEqual(row['expected'], withStatedEpoch(found).version);
}

/** `X dependency-of Y` is a header of Y that requires X. An error of the row is a blob that is no header. */
function checkSelfReferences(row: Row): CaseResult {
  const relations = asArray(row['rels']).map((value) => asObject(value) ?? {});
  const nameIn = (relation: JsonObject, side: string): string => asString(asObject(relation[side])?.['Name']) ?? '';
  const headers = asArray(row['pkgs']).map((value) => {
    const name = asString(asObject(value)?.['Name']) ?? '';
    const needed = relations.filter((item) => nameIn(item, 'To') === name).map((item) => nameIn(item, 'From'));
    return rpmHeader({
      [rpmTags.name]: name,
      [rpmTags.version]: '1',
      [rpmTags.requireName]: needed.length === 0 ? [''] : needed,
    });
  });
  const broken = row['err'] === undefined ? [] : [Buffer.from('broken')];
  const output = catalog('rpm-database', { [database]: ndbDatabase([...headers, ...broken]) });
  const packages = packagesOf(output);
  const edges = packages.reduce((count, item) => count + item.dependsOn.length, 0);
  return expectEqual(
    { packages: row['wantPkgs'], relations: row['wantRelationships'], fails: row['wantErr'] === 'assert.Error' },
    { packages: packages.length, relations: edges, fails: output.problems.length > 0 },
  );
}

function checkSpecification(row: Row): CaseResult {
  const required = asStrings(asObject(asObject(row['p'])?.['Metadata'])?.['Requires']);
  const wanted = asObject(asObject(row['want'])?.['ProvidesRequires']);
  return expectEqual(asStrings(wanted?.['Requires']), requiredNames(required));
}

function checkKey(row: Row): CaseResult {
  return expectEqual(row['want'], requiredNames([asString(row['key']) ?? '']).length > 0);
}

function checkSignature(row: Row): CaseResult {
  const want = asObject(row['want']);
  const found = readOpenPgpSignature(Buffer.from(asString(row['data']) ?? '', 'hex'));
  return expectEqual(
    [
      want?.['PublicKeyAlgorithm'],
      want?.['HashAlgorithm'],
      want?.['IssuerKeyID'],
      Date.parse(`${asString(want?.['Created']) ?? ''} UTC`),
    ],
    [found?.keyAlgorithm, found?.hash, found?.keyId, Date.parse(found?.createdAt ?? '')],
  );
}

/** The test makes its lines with `line(epoch, size, epoch as a number)`; some rows change one text in it. */
function lineOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const call = asObject(value);
  const args = asArray(call?.['args']);
  if (call?.['call'] === 'line') {
    const [epoch, size, number] = args.map(String);
    return ['vim', '9.0-1.cm2', '1', '1', 'Vendor', epoch, size, 'x86_64', number, 'vim-9.0-1.cm2.src.rpm'].join('\t');
  }
  if (call?.['call'] !== 'strings.Replace') return undefined;
  return lineOf(args[0])?.replace(asString(args[1]) ?? '', asString(args[2]) ?? '');
}

function checkLine(row: Row): CaseResult {
  const line = lineOf(row['entry']);
  if (line === undefined) return failed('a line', row['entry']);
  const output = catalog('rpm-manifest', { [manifest]: `${line}\n` });
  if (row['wantErr'] !== undefined) return output.problems.length > 0 ? passed : failed('a problem', output.lists);
  const [found] = packagesOf(output);
  const epoch = /[?&]epoch=(\d+)/.exec(found?.purl ?? '')?.[1];
  return expectEqual(
    { epoch: row['wantEpoch'] ?? null, size: row['wantSize'] },
    { epoch: epoch === undefined ? null : Number(epoch), size: Number(found?.facts?.other?.['installedSize']) },
  );
}

/** What no function here takes as input. */
function textOfSignature(): CaseResult {
  return { outcome: 'skipped', reason: 'parses the text that a Go library makes of a signature' };
}

export const redhatTables: TableChecks = {
  'redhat/cataloger#Test_denySelfReferences': checkSelfReferences,
  'redhat/dependency#Test_dbEntryDependencySpecifier': checkSpecification,
  'redhat/dependency#Test_isSupportedKey': checkKey,
  'redhat/package#Test_packageURL': checkPurl,
  'redhat/parse_rpm_archive#Test_parseRSA': checkSignature,
  'redhat/parse_rpm_db#TestToElVersion': checkVersion,
  'redhat/parse_rpm_db#TestParseSignatures': textOfSignature,
  'redhat/parse_rpm_manifest#TestNewMetadataFromManifestLine': checkLine,
};
