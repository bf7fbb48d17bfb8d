// SPDX-License-Identifier: Apache-2.0
// Runs catalogers over the files a source hands out: picks by path, keeps companion files, returns package lists and problems.
import { compileGlob } from '../../formats/glob.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { PackageList } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { FileVisitor, SourceFile } from '../../sources/source.ts';
import type { Cataloger, CompanionFiles } from './cataloger.ts';
import { CatalogerSelector } from './selector.ts';

export interface CatalogOutput {
  readonly lists: readonly PackageList[];
  readonly problems: readonly Problem[];
}

/** One run: hand it to `Source.visit`, then call `finish`. */
export class CatalogRun implements FileVisitor {
  readonly #selector: CatalogerSelector;
  readonly #lists: PackageList[] = [];
  readonly #problems: Problem[] = [];
  readonly #kept = new Map<string, SourceFile>();
  readonly #waiting: { readonly cataloger: Cataloger; readonly file: SourceFile }[] = [];
  #keptBytes = 0;

  constructor(catalogers: readonly Cataloger[]) {
    this.#selector = new CatalogerSelector(catalogers);
  }

  wants(path: string, size: number): boolean {
    const wanted = this.#selector.parsersOf(path).length > 0 || this.#selector.isCompanion(path);
    if (wanted && size > defaultLimits.manifestBytes) {
      const message = `larger than ${defaultLimits.manifestBytes} bytes (${size}); not read`;
      this.#problems.push({ kind: 'limit', message, location: { path }, hidesFindings: true });
      return false;
    }
    return wanted;
  }

  take(file: SourceFile): void {
    if (this.#selector.isCompanion(file.path)) this.#keep(file);
    for (const cataloger of this.#selector.parsersOf(file.path)) {
      if (cataloger.companions === undefined) this.#parse(cataloger, file, noFiles);
      else this.#waiting.push({ cataloger, file });
    }
  }

  /** Parses what needed companion files. Lists come in path order, then cataloger order. */
  finish(): CatalogOutput {
    const paths = [...this.#kept.keys()].sort();
    const tree: CompanionFiles = {
      get: (path) => this.#kept.get(path),
      match: (glob) => paths.filter(compileGlob(glob)),
    };
    for (const { cataloger, file } of this.#waiting) this.#parse(cataloger, file, tree);
    this.#waiting.length = 0;
    const lists = this.#lists.toSorted((a, b) => compare(a.path, b.path) || compare(a.cataloger, b.cataloger));
    return { lists, problems: this.#problems };
  }

  #keep(file: SourceFile): void {
    this.#keptBytes += file.bytes.length;
    if (this.#keptBytes > defaultLimits.companionBytes) {
      const message = `more than ${defaultLimits.companionBytes} bytes of companion files; values that stand in this one are unresolved`;
      this.#problems.push({ kind: 'limit', message, location: { path: file.path }, hidesFindings: true });
      return;
    }
    this.#kept.set(file.path, file);
  }

  #parse(cataloger: Cataloger, file: SourceFile, tree: CompanionFiles): void {
    const result = cataloger.parse(file, tree);
    this.#problems.push(...result.problems);
    let packages = result.packages;
    if (packages.length > defaultLimits.packagesPerFile) {
      const message = `${packages.length} packages; only the first ${defaultLimits.packagesPerFile} are kept`;
      this.#problems.push({ kind: 'limit', message, location: { path: file.path }, hidesFindings: true });
      packages = packages.slice(0, defaultLimits.packagesPerFile);
    }
    if (packages.length === 0 && result.distribution === undefined) return;
    this.#lists.push({
      cataloger: cataloger.id,
      path: file.path,
      ecosystem: cataloger.ecosystems[0] ?? 'generic',
      kind: cataloger.kind,
      packages,
      ...(result.distribution === undefined ? {} : { distribution: result.distribution }),
    });
  }
}

const noFiles: CompanionFiles = { get: () => undefined, match: () => [] };

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
