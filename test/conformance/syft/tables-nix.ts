// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's functions for the Nix store, Bitnami's package URLs and Homebrew's folders that have a counterpart here.
import { nixPurl, nixVersionIn, parseNixStorePath } from '../../../src/evidence/package-facts/nix-store-path.ts';
import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import { nixStore } from '../../../src/evidence/packages/nix-store.ts';
import { asObject, asString } from '../../../src/formats/document.ts';
import { parsePurl } from '../../../src/model/purl.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';
import { catalogTexts, packagesIn } from './tables-python.ts';

function checkVersion(row: Row): CaseResult {
  const found = nixVersionIn(asString(row['input']) ?? '');
  return expectEqual(
    [row['wantIdx'], row['wantVersion'], row['wantPreRelease']],
    [found?.index ?? -1, found?.version ?? '', found?.stage ?? ''],
  );
}

/** The name of the row is the path. Without a version Syft gives nothing, and we list nothing. */
function checkPath(row: Row): CaseResult {
  const want = asObject(row['want']);
  const path = asString(row['source']) ?? row.id.slice(row.id.indexOf('#')).replace(/^[^/]*\//, '');
  const found = parseNixStorePath(path);
  const isPackage = found !== undefined && found.version !== '';
  return expectEqual(
    want === undefined ? undefined : [want['Name'], want['Version'], want['OutputHash'], want['Output'] ?? ''],
    isPackage ? [found.name, found.version, found.hash, found.output] : undefined,
  );
}

/** The folder of the store that a file lies in, as a run notes it; upstream keeps the slash it was given. */
function checkParent(row: Row): CaseResult {
  const source = asString(row['source']) ?? '';
  const run = new CatalogRun([nixStore]);
  run.wants(source.replace(/\/+$/, '').replace(/^\/+/, ''));
  const [list] = run.finish().lists;
  return expectEqual((asString(row['want']) ?? '').replace(/^\//, ''), list?.packages[0]?.locations[0]?.path ?? '');
}

function checkPurl(row: Row): CaseResult {
  const path = asObject(row['storePath']);
  const text = (field: string): string => asString(path?.[field]) ?? '';
  const item = { name: text('Name'), version: text('Version'), hash: text('OutputHash'), output: text('Output') };
  return expectEqual(row['want'], nixPurl(item, asString(row['drvPath'])));
}

/** Syft cuts the version into version and revision, and refuses one without revision; we keep it whole. */
function checkBitnami(row: Row): CaseResult {
  const purl = parsePurl(asString(row['purl']) ?? '');
  const want = asObject(row['want']);
  const version = `${asString(want?.['Version']) ?? ''}-${asString(want?.['Revision']) ?? ''}`;
  return expectEqual(
    want === undefined ? undefined : [want['Name'], version, want['Architecture'], want['Distro']],
    purl === undefined ? undefined : [purl.name, purl.version, purl.qualifiers?.['arch'], purl.qualifiers?.['distro']],
  );
}

/** Syft reads the formula in a folder of the Cellar, we read the receipt beside it; both take name and version from the path. */
function checkCellar(row: Row): CaseResult {
  const path = asString(row['path']);
  const folder =
    path?.replace(/\/\.brew\/[^/]*$/, '') ??
    `Cellar/${asString(row['packageName']) ?? ''}/${asString(row['packageVersion']) ?? ''}`;
  const found = packagesIn(
    catalogTexts(['homebrew-cellar'], { [`${folder.replace(/^\//, '')}/INSTALL_RECEIPT.json`]: '{}' }),
  )[0];
  return path === undefined
    ? expectEqual(row['expected'], found?.purl)
    : expectEqual([row['expectedName'], row['expectedVer']], [found?.name, found?.version]);
}

function notInPack(): CaseResult {
  return { outcome: 'skipped', reason: 'the fixture is a container image that the test builds; not in the pack' };
}

export const nixTables: TableChecks = {
  'homebrew/package#Test_packageURL': checkCellar,
  'homebrew/parse_homebrew_formula#TestGetNameAndVersionFromPath': checkCellar,
  'nix/cataloger': notInPack,
  'nix/store_cataloger': notInPack,
  'nix/parse_store_path#Test_findVersionIsh': checkVersion,
  'nix/parse_store_path#Test_parseNixStorePath': checkPath,
  'nix/parse_store_path#Test_parentNixStorePath': checkParent,
  'nix/package#Test_packageURL': checkPurl,
  'bitnami/package#Test_parseBitnamiPURL': checkBitnami,
};
