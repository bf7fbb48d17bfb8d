// SPDX-License-Identifier: Apache-2.0
// Runs catalogers over the files a source hands out: picks by path, keeps companion files, returns package lists and problems.
import { compileGlob } from '../../formats/glob.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { PackageList } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { FileVisitor, SourceFile } from '../../sources/source.ts';
import type { Cataloger, CompanionFiles, CondenseCompanion } from './cataloger.ts';
import { gathered } from './gather.ts';
import { CatalogerSelector } from './selector.ts';

export interface CatalogOutput {
  readonly lists: readonly PackageList[];
  readonly problems: readonly Problem[];
}

/** One run: hand it to `Source.visit`, then call `finish`. */
export class CatalogRun implements FileVisitor {
  readonly #catalogers: readonly Cataloger[];
  readonly #selector: CatalogerSelector;
  readonly #lists: PackageList[] = [];
  readonly #problems: Problem[] = [];
  /** Companions by the function that shrank them, then by path. */
  readonly #kept = new Map<CondenseCompanion | undefined, Map<string, SourceFile>>();
  readonly #waiting: { readonly cataloger: Cataloger; readonly file: SourceFile }[] = [];
  readonly #yields: ReadonlyMap<string, readonly string[]>;
  #keptBytes = 0;

  constructor(catalogers: readonly Cataloger[]) {
    this.#catalogers = catalogers;
    this.#selector = new CatalogerSelector(catalogers);
    this.#yields = new Map(catalogers.map((cataloger) => [cataloger.id, cataloger.yieldsTo ?? []]));
  }

  wants(path: string): boolean {
    return this.#selector.parsersOf(path).length > 0 || this.#selector.isCompanion(path);
  }

  take(file: SourceFile): void {
    for (const condense of new Set(this.#selector.askersOf(file.path).map((asker) => asker.condense))) {
      this.#keep(file, condense);
    }
    for (const cataloger of this.#selector.parsersOf(file.path)) {
      if (cataloger.companions === undefined) this.#parse(cataloger, file, noFiles);
      else this.#waiting.push({ cataloger, file });
    }
  }

  /** Parses what needed companion files. Lists come in path order, then cataloger order. */
  finish(): CatalogOutput {
    const trees = new Map([...this.#kept].map(([condense, files]) => [condense, companionFiles(files)]));
    for (const { cataloger, file } of this.#waiting) {
      this.#parse(cataloger, file, trees.get(cataloger.condense) ?? noFiles);
    }
    this.#waiting.length = 0;
    const lists = gathered(this.#withoutYielding(), this.#catalogers).toSorted(
      (a, b) => compare(a.path, b.path) || compare(a.cataloger, b.cataloger),
    );
    return { lists, problems: this.#problems };
  }

  /** Leaves out manifests whose lock file told more. */
  #withoutYielding(): PackageList[] {
    const byCataloger = Map.groupBy(this.#lists, (list) => list.cataloger);
    return this.#lists.filter((list) => {
      const locks = (this.#yields.get(list.cataloger) ?? []).flatMap((id) => byCataloger.get(id) ?? []);
      return !locks.some((lock) => isAtOrAbove(folderOf(lock.path), folderOf(list.path)));
    });
  }

  #keep(whole: SourceFile, condense: CondenseCompanion | undefined): void {
    const bytes = condense === undefined ? whole.bytes : condense(whole);
    if (bytes === undefined) return;
    const file = { ...whole, bytes };
    this.#keptBytes += bytes.length;
    if (this.#keptBytes > defaultLimits.companionBytes) {
      const message = `more than ${defaultLimits.companionBytes} bytes of companion files; values that stand in this one are unresolved`;
      this.#problems.push({ kind: 'limit', message, location: { path: file.path }, hidesFindings: true });
      return;
    }
    const group = this.#kept.get(condense);
    if (group === undefined) this.#kept.set(condense, new Map([[file.path, file]]));
    else group.set(file.path, file);
  }

  #parse(cataloger: Cataloger, file: SourceFile, tree: CompanionFiles): void {
    const result = cataloger.parse(file, tree);
    this.#problems.push(...result.problems);
    let packages = result.packages.filter((item) => item.name !== '');
    if (packages.length < result.packages.length) {
      const message = `${result.packages.length - packages.length} packages without a name`;
      this.#problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
    }
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

function companionFiles(files: ReadonlyMap<string, SourceFile>): CompanionFiles {
  const paths = [...files.keys()].sort();
  // A cataloger asks the same question for each of its files: a thousand lock files must not cost a thousand walks over all paths.
  const answers = new Map<string, readonly string[]>();
  return {
    get: (path) => files.get(path),
    match: (glob) => {
      const answer = answers.get(glob) ?? paths.filter(compileGlob(glob));
      answers.set(glob, answer);
      return answer;
    },
  };
}

const noFiles: CompanionFiles = { get: () => undefined, match: () => [] };

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `a/b/c.lock` -> `a/b`; the root is the empty text. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function isAtOrAbove(upper: string, folder: string): boolean {
  return upper === '' || upper === folder || folder.startsWith(`${upper}/`);
}
