// SPDX-License-Identifier: Apache-2.0
// Whether what is vulnerable in a Go module was compiled into a binary. Advisories name import paths, and functions and methods in
// them; binaries tell what they hold, in the words of the linker.
import type { AffectedPackage } from '../model/advisory.ts';
import type { Package } from '../model/package.ts';

export interface GoImport {
  readonly path: string;
  /** `Parse`, `Server.Serve`; empty: the whole package. */
  readonly symbols: readonly string[];
}

/** The form in which an advisory keeps an import: `net/http#Serve,Server.Serve`, or the path alone. */
export function formatGoImport({ path, symbols }: GoImport): string {
  return symbols.length === 0 ? path : `${path}#${[...new Set(symbols)].sort().join(',')}`;
}

export function parseGoImport(text: string): GoImport {
  const hash = text.indexOf('#');
  if (hash === -1) return { path: text, symbols: [] };
  return { path: text.slice(0, hash), symbols: text.slice(hash + 1).split(',') };
}

/** One entry per path: symbols of several are united, and a whole package takes in its parts. */
export function mergeGoImports(imports: readonly GoImport[]): readonly GoImport[] {
  return [...Map.groupBy(imports, (one) => one.path)].map(([path, all]) => ({
    path,
    symbols: all.some((one) => one.symbols.length === 0) ? [] : [...new Set(all.flatMap((one) => one.symbols))].sort(),
  }));
}

/**
 * The linker's name of a function or method as advisories write it: no pointer receiver (`(*Server).Serve`), no type arguments
 * (`Map[go.shape.int]`), no `-fm` of method values. Of nested brackets only the inner pair goes (matches Grype: such a name equals none).
 */
export function normaliseGoSymbol(symbol: string): string {
  return symbol
    .replace(/\[[^\]]{0,2000}\]/g, '')
    .replace(/\(\*([^()]{0,500})\)/g, '$1')
    .replace(/-fm$/, '');
}

/** Vulnerable symbols that the binary holds, as `path.Symbol`, sorted; for a whole package its path. */
export function matchedGoSymbols(
  imports: readonly GoImport[],
  held: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const found = new Set<string>();
  for (const { path, symbols } of imports) {
    if (!Object.hasOwn(held, path)) continue;
    const own = new Set((held[path] ?? []).map(normaliseGoSymbol));
    if (symbols.length === 0) found.add(path);
    for (const symbol of symbols) if (own.has(symbol)) found.add(`${path}.${symbol}`);
  }
  return [...found].sort();
}

/** False only when the advisory names imports, the package's symbols are known, and none of them is there. */
export function holdsVulnerableSymbol(
  affected: Pick<AffectedPackage, 'importPaths'>,
  item: Pick<Package, 'facts'>,
): boolean {
  const held = item.facts?.goSymbols;
  const imports = (affected.importPaths ?? []).map(parseGoImport);
  if (held === undefined || imports.length === 0) return true;
  return matchedGoSymbols(imports, held).length > 0;
}
