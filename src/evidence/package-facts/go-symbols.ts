// SPDX-License-Identifier: Apache-2.0
// Names of functions in a Go program: the package each belongs to, and the module that brought the package.
// How the Go linker writes names: https://pkg.go.dev/cmd/internal/objabi#PathToPrefix

import { normaliseGoSymbol } from '../../advisories/go-symbols.ts';

/** Names the linker makes for types, texts and tables; `go.` is also how domains begin (`go.opentelemetry.io`). */
const made =
  /^(?:type[:.]|go:|go\.(?:type|itab|string|func|importpath|buildid|info|weak|map|cuinfo|loc|range)(?:$|[.*]))/;

/** Import path of a function's package: `github.com/a/b.(*T).M` -> `github.com/a/b`; empty for what is no function of a package. */
export function packageOfSymbol(symbol: string): string {
  if (made.test(symbol)) return '';
  // Type arguments hold paths of their own: `Do[net/url.Values]`.
  const bracket = symbol.indexOf('[');
  const plain = bracket === -1 ? symbol : symbol.slice(0, bracket);
  const dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
  return dot <= 0 ? '' : unescapedPath(plain.slice(0, dot));
}

/** The linker writes dots of the last part, quotes and others as `%xx`. What is no such sequence stays. */
export function unescapedPath(path: string): string {
  return path.replace(/%([0-9a-fA-F]{2})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Without the package: `(*T).M`. */
export function localSymbol(symbol: string, importPath: string): string {
  return importPath !== '' && symbol.startsWith(`${importPath}.`) ? symbol.slice(importPath.length + 1) : symbol;
}

/** Packages of the standard library have no dot in the first part of their path. */
export function isStandardPackage(path: string): boolean {
  return !(path.split('/')[0] ?? '').includes('.') && path !== 'main' && path !== 'command-line-arguments';
}

export interface ModulePackages {
  /** Module path -> import paths of its packages. */
  readonly byModule: ReadonlyMap<string, ReadonlySet<string>>;
  readonly standard: ReadonlySet<string>;
}

/**
 * Puts each package to the module with the longest path that it begins with. `main` belongs to the main module. A copy under `vendor/`
 * counts as the package it is a copy of, unless a module has that very path.
 */
export function packagesByModule(
  packages: Iterable<string>,
  modules: readonly string[],
  mainModule: string | undefined,
): ModulePackages {
  const known = new Set(modules);
  const byModule = new Map<string, Set<string>>();
  const standard = new Set<string>();
  for (const path of new Set(packages)) {
    const owner = path === 'main' ? mainModule : ownerOf(path, known);
    const bare = path.startsWith('vendor/') && owner === undefined ? path.slice('vendor/'.length) : path;
    const module = owner ?? ownerOf(bare, known);
    if (module !== undefined) {
      const paths = byModule.get(module);
      if (paths === undefined) byModule.set(module, new Set([bare]));
      else paths.add(bare);
    } else if (isStandardPackage(path)) standard.add(path);
  }
  return { byModule, standard };
}

function ownerOf(path: string, modules: ReadonlySet<string>): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (modules.has(path.slice(0, end))) return path.slice(0, end);
  }
  return undefined;
}

/** What the compiler makes of a function: closures, wrappers of `defer` and `go`, bodies of loops, initialisers. */
const part = /\.(?:func|gowrap|deferwrap|init|map\.init)\.?[0-9]|-range[0-9]|^(?:init|glob\.)/;
/** A program with more is listed without its functions. */
const maximumSymbols = 500_000;

/**
 * Functions and methods by package, as advisories write them (`Parse`, `Server.Serve`), each once. `names` are separated by NULs. Parts of
 * a function are left out, because the function itself is there. Undefined for a program with more than half a million.
 */
export function symbolsByPackage(names: string): ReadonlyMap<string, ReadonlySet<string>> | undefined {
  const found = new Map<string, Set<string>>();
  let count = 0;
  for (const name of names.split('\0')) {
    const path = packageOfSymbol(name);
    if (path === '') continue;
    const local = name.slice(name.indexOf('.', nameStart(name)) + 1);
    let symbols = found.get(path);
    if (symbols === undefined) {
      symbols = new Set();
      found.set(path, symbols);
    }
    if (part.test(local)) continue;
    symbols.add(normaliseGoSymbol(local));
    count += 1;
    if (count > maximumSymbols) return undefined;
  }
  return found;
}

/** Where the last part of the import path begins; type arguments, which hold paths of their own, are not looked at. */
function nameStart(symbol: string): number {
  const bracket = symbol.indexOf('[');
  return symbol.lastIndexOf('/', bracket === -1 ? undefined : bracket) + 1;
}
