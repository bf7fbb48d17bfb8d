// SPDX-License-Identifier: Apache-2.0
// Runs catalogers over the files a source hands out: picks by path, keeps companion files, returns package lists and problems.
import { executableCandidate, executableFormat } from '../../formats/executable-image.ts';
import { compileGlob } from '../../formats/glob.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Package, PackageList } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { FileReading, FileVisitor, SourceFile } from '../../sources/source.ts';
import { withSeenPurls } from '../package-facts/asserted-packages.ts';
import { FolderNames } from '../package-facts/folder-names.ts';
import type { Cataloger, CompanionFiles, CondenseCompanion } from './cataloger.ts';
import { gathered } from './gather.ts';
import { CatalogerSelector } from './selector.ts';

export interface CatalogOutput {
  readonly lists: readonly PackageList[];
  readonly problems: readonly Problem[];
}

export interface CatalogOptions {
  /** `owned`: packages are told with the files they own, where their database says so. */
  readonly files?: 'owned';
}

/**
 * What one file gave, before other files are looked at. Plain values: they can be sent between threads, stored, and added to any run of
 * the same catalogers.
 */
export interface CatalogedFile {
  readonly path: string;
  readonly lists: readonly PackageList[];
  readonly problems: readonly Problem[];
  /** As a companion of other files: a cataloger that asks for it, and the bytes as that one shrank them. */
  readonly kept: readonly { readonly asker: string; readonly file: SourceFile }[];
  /** For catalogers (by id) that read it when their companions are there. */
  readonly waiting: { readonly catalogers: readonly string[]; readonly file: SourceFile } | undefined;
}

/** One run: hand it to `Source.visit`, then call `finish`. */
export class CatalogRun implements FileVisitor {
  readonly #catalogers: readonly Cataloger[];
  readonly #byId: ReadonlyMap<string, Cataloger>;
  readonly #selector: CatalogerSelector;
  readonly #lists: PackageList[] = [];
  readonly #problems: Problem[] = [];
  /** Companions by the function that shrank them, then by path. */
  readonly #kept = new Map<CondenseCompanion | undefined, Map<string, SourceFile>>();
  /** Catalogers that take executables whatever they are called. */
  readonly #executables: readonly Cataloger[];
  readonly #waiting: { readonly cataloger: Cataloger; readonly file: SourceFile }[] = [];
  readonly #yields: ReadonlyMap<string, readonly string[]>;
  readonly #noFiles: CompanionFiles;
  readonly #folders: FolderNames;
  /** The folder that was asked for last: the files of a folder come one after the other. */
  #lastFolder: string | undefined;
  #keptBytes = 0;
  #ownedFiles = 0;

  constructor(given: readonly Cataloger[], options: CatalogOptions = {}) {
    const catalogers = options.files === 'owned' ? given.map(withOwnershipFiles) : given;
    this.#noFiles = { get: () => undefined, match: () => [], ...options };
    this.#catalogers = catalogers;
    this.#byId = new Map(catalogers.map((cataloger) => [cataloger.id, cataloger]));
    this.#executables = catalogers.filter((cataloger) => cataloger.executables !== undefined);
    this.#folders = new FolderNames(catalogers);
    this.#selector = new CatalogerSelector(catalogers);
    this.#yields = new Map(catalogers.map((cataloger) => [cataloger.id, cataloger.yieldsTo ?? []]));
  }

  mayWant(folder: string, name: string): boolean {
    if (folder !== this.#lastFolder) {
      this.#lastFolder = folder;
      this.#folders.note(folder);
    }
    return this.#selector.mayTake(folder, name) || this.wantsExecutable(name);
  }

  wants(path: string): boolean {
    this.#folders.note(path, path.lastIndexOf('/'));
    return this.takes(path);
  }

  /** Whether some cataloger takes files of this path; for readers that note folders themselves. */
  takes(path: string): boolean {
    return this.#selector.takes(path);
  }

  /** Of a wanted file: the largest part that one of its readers asks for. */
  readingOf(path: string): FileReading | undefined {
    return this.#selector.readingOf(path);
  }

  take(file: SourceFile): void {
    this.add(this.catalog(file));
  }

  /** Reads a file without adding it to the run. */
  catalog(file: SourceFile): CatalogedFile {
    const kept: { asker: string; file: SourceFile }[] = [];
    const seen = new Set<CondenseCompanion | undefined>();
    for (const { id, condense } of this.#selector.askersOf(file.path)) {
      if (seen.has(condense)) continue;
      seen.add(condense);
      const bytes = condense === undefined ? file.bytes : condense(file);
      if (bytes !== undefined) kept.push({ asker: id, file: { ...file, bytes } });
    }
    const parsers = this.#parsersOf(file);
    const waiting = parsers.filter((cataloger) => cataloger.companions !== undefined).map(({ id }) => id);
    const found = parsers
      .filter((cataloger) => cataloger.companions === undefined)
      .map((cataloger) => parse(cataloger, file, this.#noFiles));
    return {
      path: file.path,
      lists: found.flatMap(({ list }) => list ?? []),
      problems: found.flatMap(({ problems }) => problems),
      kept,
      waiting: waiting.length === 0 ? undefined : { catalogers: waiting, file },
    };
  }

  add(item: CatalogedFile): void {
    for (const { asker, file } of item.kept) this.#keep(file, this.#byId.get(asker)?.condense);
    for (const list of item.lists) this.#addList(list);
    this.#problems.push(...item.problems);
    if (item.waiting === undefined) return;
    for (const id of item.waiting.catalogers) {
      const cataloger = this.#byId.get(id);
      if (cataloger !== undefined) this.#waiting.push({ cataloger, file: item.waiting.file });
    }
  }

  /** Whether a file of this path is wanted when it turns out to be an executable. */
  wantsExecutable(path: string): boolean {
    return this.#executables.length > 0 && executableCandidate(path) !== undefined;
  }

  #parsersOf(file: SourceFile): readonly Cataloger[] {
    const named = this.#selector.parsersOf(file.path);
    const format = this.wantsExecutable(file.path) ? executableFormat(file.bytes) : undefined;
    if (format === undefined) return named;
    const others = this.#executables.filter((cataloger) => cataloger.executables?.includes(format) === true);
    return [...new Set([...named, ...others])];
  }

  /** Folders that were met and whose names make them packages; `finish` adds them to this run, a run in parts adds them to another. */
  takeFolders(): readonly CatalogedFile[] {
    return this.#folders.take();
  }

  /** Parses what needed companion files. Lists come in path order, then cataloger order. */
  finish(): CatalogOutput {
    for (const folder of this.takeFolders()) this.add(folder);
    const trees = new Map(
      [...this.#kept].map(([condense, files]) => [condense, { ...this.#noFiles, ...companionFiles(files) }]),
    );
    for (const { cataloger, file } of this.#waiting) {
      const { list, problems } = parse(cataloger, file, trees.get(cataloger.condense) ?? this.#noFiles);
      if (list !== undefined) this.#addList(list);
      this.#problems.push(...problems);
    }
    this.#waiting.length = 0;
    const lists = withSeenPurls(gathered(this.#withoutYielding(), this.#catalogers)).toSorted(
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

  #keep(file: SourceFile, condense: CondenseCompanion | undefined): void {
    this.#keptBytes += file.bytes.length;
    if (this.#keptBytes > defaultLimits.companionBytes) {
      const message = `more than ${defaultLimits.companionBytes} bytes of companion files; values that stand in this one are unresolved`;
      this.#problems.push({ kind: 'limit', message, location: { path: file.path }, hidesFindings: true });
      return;
    }
    const group = this.#kept.get(condense);
    if (group === undefined) this.#kept.set(condense, new Map([[file.path, file]]));
    else group.set(file.path, file);
  }

  /** Beyond the limit packages stay, and lose the list of their files. */
  #withinOwnedFiles(packages: readonly Package[], path: string): readonly Package[] {
    const before = this.#ownedFiles;
    for (const item of packages) this.#ownedFiles += item.files?.length ?? 0;
    if (this.#ownedFiles === before || this.#ownedFiles <= defaultLimits.ownedFiles) return packages;
    this.#ownedFiles = before;
    const message = `packages own more than ${defaultLimits.ownedFiles} files; those of this list are left out`;
    this.#problems.push({ kind: 'limit', message, location: { path }, hidesFindings: false });
    return packages.map(withoutFiles);
  }

  #addList(list: PackageList): void {
    this.#lists.push({ ...list, packages: this.#withinOwnedFiles(list.packages, list.path) });
  }
}

interface ParsedFile {
  readonly list: PackageList | undefined;
  readonly problems: readonly Problem[];
}

function parse(cataloger: Cataloger, file: SourceFile, tree: CompanionFiles): ParsedFile {
  const result = cataloger.parse(file, tree);
  const problems = [...result.problems];
  const complain = (kind: Problem['kind'], message: string): void =>
    void problems.push({ kind, message, location: { path: file.path }, hidesFindings: true });
  let packages = result.packages.filter((item) => item.name !== '');
  if (packages.length < result.packages.length)
    complain('schema', `${result.packages.length - packages.length} packages without a name`);
  if (packages.length > defaultLimits.packagesPerFile) {
    complain('limit', `${packages.length} packages; only the first ${defaultLimits.packagesPerFile} are kept`);
    packages = packages.slice(0, defaultLimits.packagesPerFile);
  }
  if (packages.length === 0 && result.distribution === undefined) return { list: undefined, problems };
  const list: PackageList = {
    cataloger: cataloger.id,
    path: file.path,
    ecosystem: result.ecosystem ?? cataloger.ecosystems[0] ?? 'generic',
    kind: cataloger.kind,
    ...(cataloger.trust === undefined ? {} : { trust: cataloger.trust }),
    packages,
    ...(result.distribution === undefined ? {} : { distribution: result.distribution }),
  };
  return { list, problems };
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

function withoutFiles(item: Package): Package {
  const kept = { ...item };
  delete kept.files;
  return kept;
}

/** Files that tell of ownership become companions like others. */
function withOwnershipFiles(cataloger: Cataloger): Cataloger {
  if (cataloger.ownershipFiles === undefined) return cataloger;
  return { ...cataloger, companions: [...(cataloger.companions ?? []), ...cataloger.ownershipFiles] };
}

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
