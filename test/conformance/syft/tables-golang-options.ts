// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's options for Go: of which modules the functions are listed, where licences are looked for, and which cryptography was
// linked in.
import { goBinaryPackages } from '../../../src/evidence/package-facts/go-binary.ts';
import { linkedCrypto } from '../../../src/evidence/package-facts/go-crypto.ts';
import {
  goSymbolScope,
  selectsModule,
  withSelectedSymbols,
} from '../../../src/evidence/package-facts/go-symbol-scope.ts';
import { symbolsByPackage } from '../../../src/evidence/package-facts/go-symbols.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../../src/formats/document.ts';
import { escapedModulePath, proxiesOf } from '../../../src/formats/go-module-path.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';
import { notShown } from './fixture.ts';

function nameOf(row: Row): string {
  return row.id.slice(row.id.indexOf('/', row.id.indexOf('#')) + 1);
}

function scopeOf(row: Row): ReturnType<typeof goSymbolScope> {
  return goSymbolScope([asString(row['scope']) ?? '', ...asStrings(row['modules'])]);
}

/** A list of functions, or `{call: slices.Concat, args: [lists]}`, as the linker writes their names. */
function symbolNames(value: unknown): readonly string[] {
  const lists = Array.isArray(value) ? [value] : asArray(asObject(value)?.['args']);
  return lists.flatMap((list) => asArray(list).map((item) => asString(asObject(item)?.['name']) ?? ''));
}

/** Import path to functions; ours are written as advisories write them: `Client.Do` for `(*Client).Do`. */
function wantedSymbols(value: unknown): JsonObject | undefined {
  const entries = entriesOf(value).map(([path, names]) => [
    path,
    asStrings(names).map((name) => name.replace(/^\(\*?([^)]+)\)/, '$1')),
  ]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The program of the test is not in the row: its main module is matched by `github.com/anchore/**`, and it has github.com/foo/bar in it. */
function checkSymbolScope(row: Row): CaseResult {
  const main = { path: 'github.com/anchore/syft', version: 'v1.0.0', sum: '' };
  const extra = asArray(row['extraDeps']).map((item) => asString(asObject(item)?.['Path']) ?? '');
  const modules = ['github.com/foo/bar', ...extra].map((path) => ({ path, version: 'v1.0.0', sum: '' }));
  const found = goBinaryPackages({
    info: { goVersion: 'go1.22.0', path: main.path, main, modules, settings: new Map() },
    architecture: '',
    location: { path: 'x' },
    symbols: symbolsByPackage(symbolNames(row['symbols']).join('\0')),
  });
  const list = { cataloger: 'x', path: 'x', ecosystem: 'golang', kind: 'installed', packages: found } as const;
  const { packages } = withSelectedSymbols(list, scopeOf(row));
  const symbolsOf = (name: string): unknown => {
    const symbols = packages.find((item) => item.name === name)?.facts?.goSymbols;
    return symbols === undefined || Object.keys(symbols).length === 0 ? undefined : symbols;
  };
  const wantedExtra = asArray(row['wantExtraSyms']);
  return expectEqual(
    [
      wantedSymbols(row['wantStdlibSyms']),
      wantedSymbols(row['wantMainSyms']),
      wantedSymbols(row['wantDepSyms']),
      extra.map((_, index) => wantedSymbols(wantedExtra[index])),
    ],
    [symbolsOf('stdlib'), symbolsOf(main.path), symbolsOf('github.com/foo/bar'), extra.map(symbolsOf)],
  );
}

/** What the Go library found, each shown by a function that shows it here. */
function checkCrypto(row: Row): CaseResult {
  const version = asObject(row['version']);
  const names = [
    version?.['StandardCrypto'] === true ? 'crypto/sha256.(*digest).Write' : '',
    version?.['BoringCrypto'] === true ? 'crypto/internal/boring/sig.BoringCrypto' : '',
    version?.['FIPSOnly'] === true ? 'crypto/internal/boring/sig.FIPSOnly' : '',
  ];
  return expectEqual(row['result'] ?? [], linkedCrypto(symbolsByPackage(names.join('\0')) ?? new Map()));
}

/** Servers that are asked in general; a row where they are expected does not show which ones its test names. */
const servers = ['https://somewhere.example', 'direct'];

function checkProxies(row: Row): CaseResult {
  if (asStrings(row['expected']).length > 1) return notShown();
  return expectEqual(
    row['expected'],
    proxiesOf(asString(row['module']) ?? '', servers, asString(row['noProxy']) ?? ''),
  );
}

export const golangOptionTables: TableChecks = {
  'golang/symbol_selector#Test_symbolSelector_selects': (row) =>
    expectEqual(row['want'] ?? false, selectsModule(scopeOf(row), asString(row['modulePath']) ?? '')),
  'golang/parse_go_binary#Test_buildGoPkgInfo_symbolScope': checkSymbolScope,
  'golang/scan_binary#Test_getCryptoSettingsFromVersion': checkCrypto,
  'golang/licenses#Test_processCaps': (row) => expectEqual(row['expected'], escapedModulePath(nameOf(row))),
  'golang/licenses#Test_remotesForModule': checkProxies,
  'golang/licenses#Test_LicenseSearch': notShown,
};
