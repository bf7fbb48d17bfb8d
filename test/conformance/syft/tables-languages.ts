// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's functions for R, Lua and OCaml that have a counterpart here.
import { readFileSync } from 'node:fs';
import { rockDependency } from '../../../src/evidence/package-facts/luarocks.ts';
import { asObject, asString } from '../../../src/formats/document.ts';
import { parseHeaderFields } from '../../../src/formats/header-fields.ts';
import { parseLuaData } from '../../../src/formats/lua-data.ts';
import { parseOpamFile, textsOf } from '../../../src/formats/opam-file.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import type { CheckContext } from './cataloger-mapping.ts';
import type { Row, TableChecks } from './fixture.ts';
import { catalogTexts, packagesIn } from './tables-python.ts';

/** Fields of an R DESCRIPTION file, in the order-free form of the row. */
export function checkDescription(row: Row, context: CheckContext): CaseResult {
  const text = readFileSync(context.fixtures[0] ?? '', 'utf8');
  const fields = parseHeaderFields(text).fields.map(({ name, value }) => [name, value]);
  return expectEqual(row['want'], Object.fromEntries(fields));
}

function checkLicenses(row: Row): CaseResult {
  const description = asObject(row['pd']);
  const text = ['Package', 'Version', 'License'].map((field) => `${field}: ${asString(description?.[field]) ?? ''}`);
  const packages = packagesIn(catalogTexts(['r-description'], { 'x/DESCRIPTION': text.join('\n') }));
  return expectEqual(row['want'] ?? [], packages[0]?.licenses);
}

/** The table's own `name` is the name of the package as well. */
function nameOf(row: Row): string {
  return asString(row['name']) ?? row.id.slice(row.id.lastIndexOf('/') + 1);
}

function checkRockPurl(row: Row): CaseResult {
  const text = `package = ${JSON.stringify(nameOf(row))}\nversion = ${JSON.stringify(row['version'])}\n`;
  return expectEqual(row['expected'], packagesIn(catalogTexts(['rockspec'], { 'x.rockspec': text }))[0]?.purl);
}

function checkRockDependency(row: Row): CaseResult {
  const { name, constraint } = rockDependency(asString(row['input']) ?? '');
  return expectEqual([row['expectedName'] ?? '', row['expectedVersion'] ?? ''], [name, constraint]);
}

/** Only whether the text is read is compared; the values stand in a tree of Syft's own. */
function checkLuaData(row: Row): CaseResult {
  const { problems } = parseLuaData(asString(row['content']) ?? '', 'x.rockspec');
  const isBroken = problems.length > 0;
  if ((row['wantErr'] === 'require.Error') === isBroken) return passed;
  return failed(row['wantErr'] ?? 'no problem', problems);
}

function checkOpamPurl(row: Row): CaseResult {
  const identity = asObject(row['args']);
  const text = `name: ${JSON.stringify(identity?.['name'])}\nversion: ${JSON.stringify(identity?.['version'])}\n`;
  return expectEqual(row['want'], packagesIn(catalogTexts(['opam'], { 'x.opam': text }))[0]?.purl);
}

function checkOpamLicense(row: Row): CaseResult {
  const text = `license: ${asString(row['input']) ?? ''}\n`;
  return expectEqual(row['want'], packagesIn(catalogTexts(['opam'], { 'x.opam': text }))[0]?.licenses);
}

function checkOpamUrl(row: Row): CaseResult {
  const { fields } = parseOpamFile(`url {\n${asString(row['input']) ?? ''}\n}\n`, 'opam');
  const url = textsOf(fields.get('url.src'))[0] ?? '';
  return expectEqual([row['wantUrl'] ?? '', row['wantChecksums'] ?? []], [url, textsOf(fields.get('url.checksum'))]);
}

export const languageTables: TableChecks = {
  'r/package#Test_NewPackageLicenses': checkLicenses,
  'lua/package#Test_packageURL': checkRockPurl,
  'lua/parse_rockspec#Test_parseDependency': checkRockDependency,
  'lua/rockspec_parser#Test_parseRockspecData': checkLuaData,
  'ocaml/package#Test_packageURL': checkOpamPurl,
  'ocaml/parse_opam#TestParseLicense': checkOpamLicense,
  'ocaml/parse_opam#TestParseUrl': checkOpamUrl,
};
