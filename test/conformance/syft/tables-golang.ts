// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's functions for Go programs that have a counterpart here.
import { readFileSync } from 'node:fs';
import { goLinked } from '../../../src/evidence/binary-classifiers/classifier.ts';
import { goPurl } from '../../../src/evidence/package-facts/go.ts';
import {
  goBinaryPackages,
  goStandardLibrary,
  nativeFipsSettings,
} from '../../../src/evidence/package-facts/go-binary.ts';
import { goLinkerVersion } from '../../../src/evidence/package-facts/go-linker-version.ts';
import {
  localSymbol,
  packageOfSymbol,
  packagesByModule,
  unescapedPath,
} from '../../../src/evidence/package-facts/go-symbols.ts';
import { searchBytes } from '../../../src/formats/byte-search.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import { readExecutable } from '../../../src/formats/executable.ts';
import type { GoBuildInfo, GoModule } from '../../../src/formats/go-buildinfo.ts';
import { isUpxCompressed } from '../../../src/formats/upx.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, expectSameSet } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';

const location = { path: 'bin/x' };

/** Name of the row, which some tables use as their input. */
function nameOf(row: Row): string {
  return row.id.slice(row.id.indexOf('/', row.id.indexOf('#')) + 1);
}

function checkPurl(row: Row): CaseResult {
  const item = asObject(row['pkg']);
  return expectEqual(row['expected'], goPurl(asString(item?.['Name']) ?? '', asString(item?.['Version']) ?? ''));
}

function checkStandardCpe(row: Row): CaseResult {
  return expectEqual([row['want']], goStandardLibrary(asString(row['candidate']) ?? '', location)?.cpes);
}

function moduleOf(value: unknown): GoModule {
  const item = asObject(value);
  const text = (field: string): string => asString(item?.[field]) ?? '';
  const module = { path: text('Path'), version: text('Version'), sum: text('Sum') };
  const replaced = asObject(item?.['Replace']);
  return replaced === undefined ? module : { ...module, replacedBy: moduleOf(replaced) };
}

function buildInfoOf(value: unknown): GoBuildInfo {
  const info = asObject(value) ?? {};
  return {
    goVersion: asString(info['GoVersion']) ?? '',
    path: asString(info['Path']) ?? '',
    main: info['Main'] === undefined ? undefined : moduleOf(info['Main']),
    modules: asArray(info['Deps']).map(moduleOf),
    settings: settingsOf(info['Settings']),
  };
}

function settingsOf(value: unknown): Map<string, string> {
  const pairs = asArray(value).map((item) => asObject(item));
  return new Map(pairs.map((item) => [asString(item?.['Key']) ?? '', asString(item?.['Value']) ?? '']));
}

/** Syft makes the standard library a package in a later step. */
function packagesOf(info: GoBuildInfo): Package[] {
  return goBinaryPackages({ info, architecture: '', location }).filter((item) => item.name !== 'stdlib');
}

function checkPackages(row: Row): CaseResult {
  const stated = Array.isArray(row['expected']) ? row['expected'].map((item) => asObject(item) ?? {}) : [];
  const ours = packagesOf(buildInfoOf(asObject(row['mod'])?.['BuildInfo']));
  return expectSameSet(
    stated.map((item: JsonObject) => ({ name: item['Name'], version: item['Version'], purl: item['PURL'] })),
    ours.map(({ name, version, purl }) => ({ name, version, purl })),
  );
}

function checkReplaced(row: Row): CaseResult {
  const info = { ...buildInfoOf({}), modules: [moduleOf(row['dep'])], main: moduleOf({ Path: 'example.com/main' }) };
  return expectEqual(
    [row['expectedName']],
    packagesOf(info)
      .map((item) => item.name)
      .slice(1),
  );
}

/** Ours is the number as it stands in the flags; Syft puts the `v` of modules before it. */
function checkLinkerFlags(row: Row): CaseResult {
  const version = goLinkerVersion(asString(row['ldflags']) ?? '', asString(row['mainModule']) ?? '') ?? '';
  return expectEqual(row['wantFullVersion'] ?? '', version === '' ? '' : `v${version.replace(/^v/, '')}`);
}

/** What Syft looks for in any Go program is the pattern of our classifiers of Go programs. */
function checkContents(row: Row): CaseResult {
  const text = asArray(asObject(row['contents'])?.['args'])[0];
  const bytes = Buffer.from(asString(text) ?? '', 'utf8');
  const found = searchBytes(
    bytes,
    { pattern: goLinked(String.raw`v?\d{1,3}\.\d{1,3}\.\d{1,3}`) },
    (match) => match.groups,
  );
  return expectEqual(row['want'] ?? '', found?.['version'] ?? '');
}

function checkStandardLibrary(row: Row): CaseResult {
  const libraries = asArray(row['pkgs']).map((value) => {
    const item = asObject(value);
    const metadata = asObject(item?.['Metadata']);
    const isProgram =
      metadata?.['type'] === 'pkg.GolangBinaryBuildinfoEntry' && asArray(item?.['Locations']).length > 0;
    return isProgram ? goStandardLibrary(asString(metadata['GoCompiledVersion']) ?? '', location) : undefined;
  });
  return expectEqual(row['wantPkgs'] ?? 0, libraries.filter((item) => item !== undefined).length);
}

function checkFips(row: Row): CaseResult {
  return expectEqual(row['result'] ?? [], nativeFipsSettings(settingsOf(row['settings'])));
}

function checkPackagePath(row: Row): CaseResult {
  return expectEqual(row['expected'] ?? '', packageOfSymbol(nameOf(row)));
}

function checkUnescaped(row: Row): CaseResult {
  return expectEqual(row['expected'] ?? '', unescapedPath(asString(row['input']) ?? ''));
}

function checkLocalName(row: Row): CaseResult {
  const symbol = asString(row['symbol']) ?? '';
  return expectEqual(row['expected'] ?? '', localSymbol(symbol, asString(row['importPath']) ?? ''));
}

/** The row does not show the modules of its test: those that get packages, the first as the main module. Functions are grouped by package. */
function checkModuleSymbols(row: Row): CaseResult {
  const expected = asObject(row['expected']) ?? {};
  const modules = Object.keys(expected);
  const symbols = asArray(row['symbols']).map((item) => asString(asObject(item)?.['packagePath']) ?? '');
  const ours = packagesByModule(symbols, modules, modules[0]);
  const wanted = modules.map((module) => [module, Object.keys(asObject(expected[module]) ?? {}).toSorted()]);
  const found = modules.map((module) => [module, [...(ours.byModule.get(module) ?? [])].toSorted()]);
  const standard = Object.keys(asObject(row['expectedStdlib']) ?? {}).toSorted();
  return expectEqual([wanted, standard], [found, [...ours.standard].toSorted()]);
}

/** `{call: 'make', args: [.., n]}` is a list of n zeros; texts and lists are put together. */
function bytesOf(value: unknown): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'latin1');
  if (Array.isArray(value)) return Buffer.concat(value.map(bytesOf));
  const object = asObject(value);
  if (object?.['op'] === '+') return Buffer.concat([bytesOf(object['l']), bytesOf(object['r'])]);
  const count = asArray(object?.['args'])[1];
  return Buffer.alloc(typeof count === 'number' ? count : 0);
}

function checkUpx(row: Row): CaseResult {
  return expectEqual(row['expected'] ?? false, isUpxCompressed(bytesOf(row['data'])));
}

function skipped(reason: string): () => CaseResult {
  return () => ({ outcome: 'skipped', reason });
}

const needsModules = skipped('reads the module cache of the machine or asks a module proxy');

/** Syft gives the magic number of an XCOFF file; ours is Go's name of the machine. */
export function checkArchitecture(row: Row, context: { readonly fixtures: readonly string[] }): CaseResult {
  const image = readExecutable(readFileSync(context.fixtures[0] ?? ''));
  const magic = image?.format === 'xcoff' ? { ppc: 479, ppc64: 503 }[image.architecture] : undefined;
  return expectEqual(goItoa(row['expected']), magic);
}

/** `{call: 'strconv.Itoa', args: [503]}` */
function goItoa(value: unknown): unknown {
  return asArray(asObject(value)?.['args'])[0];
}

export const golangTables: TableChecks = {
  'golang/package#Test_packageURL': checkPurl,
  'golang/cataloger#Test_Binary_Cataloger_Stdlib_Cpe': checkStandardCpe,
  'golang/package#Test_newGoBinaryPackage_relativeReplace': checkReplaced,
  'golang/parse_go_binary#TestBuildGoPkgInfo': checkPackages,
  'golang/parse_go_binary#Test_extractVersionFromLDFlags': checkLinkerFlags,
  'golang/parse_go_binary#Test_extractVersionFromContents': checkContents,
  'golang/stdlib_package#Test_stdlibPackageAndRelationships': checkStandardLibrary,
  'golang/scan_binary#Test_getNativeFIPSSettings': checkFips,
  'golang/symbols#Test_packagePathFromSymbolName': checkPackagePath,
  'golang/symbols#Test_unescapePackagePath': checkUnescaped,
  'golang/symbols#Test_localSymbolName': checkLocalName,
  'golang/symbols#Test_moduleSymbols': checkModuleSymbols,
  'golang/upx#TestIsUPXCompressed': checkUpx,
  'golang/config': needsModules,
  'golang/licenses': needsModules,
};
