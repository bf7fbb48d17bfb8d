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
import { addRegistryLicenses } from '../../../src/io/license-registry.ts';
import type { Package } from '../../../src/model/package.ts';
import { packageOf } from '../../../src/model/package.ts';
import { zipOf } from '../../support/zip-archive.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';
import { catalogTexts, packagesIn } from './tables-python.ts';

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

function checkProxies(row: Row): CaseResult {
  const servers =
    asStrings(row['expected']).length > 1 ? asStrings(row['expected']) : ['https://somewhere.example', 'direct'];
  return expectEqual(
    row['expected'],
    proxiesOf(asString(row['module']) ?? '', servers, asString(row['noProxy']) ?? ''),
  );
}

const apache = 'Apache License\nVersion 2.0, January 2004\n';

/** The files of the test are not in the pack: where they lie is told by the options, and what they are by the licence that is found. */
async function checkLicenses(row: Row): Promise<CaseResult> {
  const config = asObject(row['config']);
  const [module, version] = [nameOf(row), asString(row['version']) ?? ''];
  const stated = asArray(row['expected']).map((item) => asObject(item));
  const expected = stated.map((item) => asString(item?.['SPDXExpression']));
  const contents = asString(asArray(asObject(stated[0]?.['Contents'])?.['args'])[1]) ?? 'LICENSE';
  const url = asStrings(stated[0]?.['URLs'])[0] ?? '';
  const fileName = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
  const escaped = escapedModulePath(module);
  if (config?.['SearchRemoteLicenses'] === true) {
    const zip = zipOf([{ path: `${module}@${version}/${fileName(contents)}`, bytes: Buffer.from(apache) }]);
    const item = packageOf({ name: module, version, type: 'golang', purl: `pkg:golang/${module}@${version}` });
    const answers = async (input: string | URL | Request): Promise<Response> => {
      const isAsked =
        new URL(input instanceof Request ? input.url : input).pathname === `/${escaped}/@v/${version}.zip`;
      return new Response(isAsked ? Uint8Array.from(zip) : '', { status: isAsked ? 200 : 404 });
    };
    const registries = { addresses: new Map([['golang', 'https://proxy.example/']]), fetch: answers, timeout: 1000 };
    const list = { cataloger: 'x', path: 'x', ecosystem: 'golang', kind: 'declared', packages: [item] } as const;
    const { lists } = await addRegistryLicenses([list], registries);
    return expectEqual(expected, lists[0]?.packages[0]?.licenses);
  }
  const place =
    config?.['SearchLocalVendorLicenses'] === true
      ? `vendor/${module}/${fileName(url)}`
      : `root/go/pkg/mod/${escaped}@${version}/${fileName(contents)}`;
  const files = { 'go.mod': `module example.com/x\n\ngo 1.22\n\nrequire ${module} ${version}\n`, [place]: apache };
  const found = packagesIn(catalogTexts(['go-mod'], files)).find((item: Package) => item.name === module);
  return expectEqual(expected, found?.licenses);
}

export const golangOptionTables: TableChecks = {
  'golang/symbol_selector#Test_symbolSelector_selects': (row) =>
    expectEqual(row['want'] ?? false, selectsModule(scopeOf(row), asString(row['modulePath']) ?? '')),
  'golang/parse_go_binary#Test_buildGoPkgInfo_symbolScope': checkSymbolScope,
  'golang/scan_binary#Test_getCryptoSettingsFromVersion': checkCrypto,
  'golang/licenses#Test_processCaps': (row) => expectEqual(row['expected'], escapedModulePath(nameOf(row))),
  'golang/licenses#Test_remotesForModule': checkProxies,
  'golang/licenses#Test_LicenseSearch': checkLicenses,
};
