// SPDX-License-Identifier: Apache-2.0
// One walk for all that look at files: the catalogers of packages and the scanners. Each file is read once and handed to everybody who wants it.
import type { CatalogRun } from '../../evidence/packages/catalog.ts';
import type { FileReading, FileVisitor, SourceFile } from '../../sources/source.ts';
import type { FileScan, FileScanner } from './file-scanner.ts';

/** Files that were looked at before and gave nothing, by path and signature. */
export interface KnownFiles {
  has(path: string, signature: string): boolean;
  add(path: string, signature: string): void;
}

export class SharedWalk implements FileVisitor {
  readonly #catalog: CatalogRun;
  readonly #scanners: readonly FileScanner[];
  readonly #known: KnownFiles | undefined;
  readonly #now: () => number;
  readonly #looked: (readonly [path: string, signature: string])[] = [];
  /** Milliseconds by scanner. */
  readonly timing = new Map<string, number>();

  constructor(
    catalog: CatalogRun,
    scanners: readonly FileScanner[],
    { known, now }: { readonly known?: KnownFiles | undefined; readonly now: () => number },
  ) {
    this.#catalog = catalog;
    this.#scanners = scanners;
    this.#known = known;
    this.#now = now;
  }

  mayWant(folder: string, name: string): boolean {
    const isCataloged = this.#catalog.mayWant(folder, name);
    return isCataloged || this.#scanners.some((scanner) => scanner.mayWant(folder, name));
  }

  wants(path: string): boolean {
    const isCataloged = this.#catalog.wants(path);
    return isCataloged || this.#scanners.some((scanner) => scanner.wants(path));
  }

  /** Packages are read in the way their catalogers ask for; everything else whole. */
  readingOf(path: string): FileReading | undefined {
    return this.#catalog.readingOf(path);
  }

  wantsExecutable(path: string): boolean {
    return this.#catalog.wantsExecutable(path);
  }

  knows(path: string, signature: string): boolean {
    return this.#known?.has(path, signature) === true;
  }

  take(file: SourceFile): void {
    const isOfUse = this.#isCataloged(file);
    for (const scanner of this.#scanners) {
      if (!scanner.wants(file.path)) continue;
      const start = this.#now();
      scanner.take(file);
      this.timing.set(scanner.name, (this.timing.get(scanner.name) ?? 0) + this.#now() - start);
    }
    if (!isOfUse && file.signature !== undefined) this.#looked.push([file.path, file.signature]);
  }

  /** Whether some cataloger has any use for the file: most YAML names no image, and need not be read for that again. */
  #isCataloged(file: SourceFile): boolean {
    if (!this.#catalog.takes(file.path) && !this.#catalog.wantsExecutable(file.path)) return false;
    const { lists, problems, kept, waiting, ...rest } = this.#catalog.catalog(file);
    this.#catalog.add({ ...rest, lists, problems, kept, waiting });
    return lists.length > 0 || problems.length > 0 || kept.length > 0 || waiting !== undefined;
  }

  /** Files in which nobody found anything are known next time; what somebody could not look at has to be told again. */
  remember(scans: readonly Pick<FileScan, 'notable' | 'problems'>[]): void {
    const troubled = new Set(scans.flatMap(({ problems }) => problems.map(({ location }) => location.path)));
    for (const [path, signature] of this.#looked)
      if (!troubled.has(path) && !scans.some(({ notable }) => notable.has(path))) this.#known?.add(path, signature);
  }
}
