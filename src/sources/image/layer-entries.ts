// SPDX-License-Identifier: Apache-2.0
// The entries of one layer as they come: wanted files, links, whiteouts (OCI image-spec layer.md, "Whiteouts") and what else changes the
// layers below.
import { executableCandidate, executableFormat } from '../../formats/executable-image.ts';
import type { TarAnswer, TarHandler, TarProblem } from '../../formats/tar.ts';
import type { TarEntry } from '../../formats/tar-entry.ts';
import { linkTarget, pathInRoot } from '../../formats/tar-path.ts';
import { CoverageRecorder } from '../../model/coverage.ts';
import type { Problem } from '../../model/problem.ts';
import { mayBeExecutable } from '../executables.ts';
import type { FileReading } from '../source.ts';
import type { ImageLayer } from './image-input.ts';
import type { LayerReading } from './layer.ts';
import type { LayerItem, LayerLink, LayerRecord, PrivilegedFile } from './layer-record.ts';
import { recordOfProblems } from './layer-record.ts';
import { NumberList, pathHash } from './path-hash.ts';
import type { FileContent } from './recent-files.ts';
import { RecentFiles } from './recent-files.ts';

const whiteoutPrefix = '.wh.';
/** Left by aufs, never part of a file system. */
const metaPrefix = '.wh..wh.';
const opaqueName = '.wh..wh..opq';

const mostPrivileged = 10_000;

/** Folders that a distribution may have merged into /usr, with a link in the old place. */
const mergedFolder = /^usr\/(?=(?:bin|sbin|lib|lib32|lib64|libx32)\/)/;

interface WantedName {
  readonly path: string;
  /** See LayerItem. */
  readonly alias?: string;
}

interface Wish {
  readonly names: readonly WantedName[];
  /** Whether it is wanted by its name, and not only for what its first bytes may say. */
  readonly isNamed: boolean;
  /** `lent`: not to be kept (see TarHandler). */
  readonly bytes: 'given' | 'lent';
}

export class LayerEntries<T> implements TarHandler {
  readonly #layer: ImageLayer;
  readonly #reading: LayerReading<T>;
  #coverage = new CoverageRecorder();
  readonly #items: LayerItem<T>[] = [];
  readonly #links: LayerLink[] = [];
  readonly #missing: LayerLink[] = [];
  readonly #gone = new NumberList();
  readonly #folders = new NumberList();
  readonly #opaque = new NumberList();
  readonly #privileged: PrivilegedFile[] = [];
  readonly #recent = new RecentFiles();
  readonly #problems: Problem[] = [];
  #hiddenProblems = 0;
  #entries = 0;
  /** Of the entry whose content comes next. */
  #wish: Wish = { names: [], isNamed: false, bytes: 'given' };
  /** Too many entries: nothing more is taken. */
  isFull = false;

  constructor(layer: ImageLayer, reading: LayerReading<T>) {
    this.#layer = layer;
    this.#reading = reading;
  }

  entry(entry: TarEntry): TarAnswer {
    if (this.isFull) return false;
    this.#entries += 1;
    if (this.#entries > this.#reading.limits.imageEntries) {
      this.isFull = true;
      this.fail('limit', `more than ${this.#reading.limits.imageEntries} entries; the rest was not read`);
      return false;
    }
    const path = this.#pathOf(entry);
    if (path === undefined) return false;
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name.startsWith(whiteoutPrefix)) {
      this.#whiteout(path, name);
      return false;
    }
    if (entry.kind === 'directory') {
      this.#folders.push(pathHash(path));
      return false;
    }
    this.#gone.push(pathHash(path));
    if (entry.kind === 'file') return this.#file(path, entry);
    if (entry.kind === 'symlink') this.#link(path, entry);
    else if (entry.kind === 'hardlink') this.#hardLink(path, entry);
    else this.#coverage.skip('special', path);
    return false;
  }

  wantsAfter(entry: TarEntry, head: Buffer): boolean {
    if (executableFormat(head) !== undefined) return this.#isWithin(entry, this.#reading.limits.executableBytes);
    // Wanted by its name as well, but only as small as such files are.
    return this.#wish.isNamed && this.#isWithin(entry, this.#readingOf(this.#wish.names).maximum);
  }

  content(entry: TarEntry, bytes: Buffer): void {
    this.#coverage.filesRead += 1;
    this.#coverage.bytesRead += bytes.length;
    const content = { bytes, mode: entry.mode };
    const wish = this.#wish;
    for (const name of wish.names) this.#keep(name, content, wish.bytes);
    const [first] = wish.names;
    if (first !== undefined && wish.bytes === 'given') this.#recent.add(first.path, content);
  }

  problem(problem: TarProblem): void {
    const place = problem.path === undefined ? {} : { path: pathInRoot(problem.path) ?? problem.path };
    this.fail('syntax', `${problem.message} (at byte ${problem.offset} of the layer)`, place.path);
  }

  fail(kind: Problem['kind'], message: string, path?: string): void {
    if (this.#problems.length >= this.#reading.limits.layerProblems) {
      this.#hiddenProblems += 1;
      return;
    }
    const location = { path: path === undefined || path === '' ? '.' : printable(path), layer: this.#layer.digest };
    this.#problems.push({ kind, message, location, hidesFindings: true });
  }

  finish(diffId: string): LayerRecord<T> {
    const coverage = this.#coverage.finish();
    return {
      digest: this.#layer.digest,
      diffId,
      items: this.#items,
      links: this.#links,
      missing: this.#missing,
      gone: this.#gone.toArray(),
      folders: this.#folders.toArray(),
      opaque: this.#opaque.toArray(),
      privileged: this.#privileged,
      entries: this.#entries,
      coverage: { ...coverage, problems: this.#allProblems() },
    };
  }

  /** The record of a layer whose content is not to be trusted: nothing but the problems. */
  refused(): LayerRecord<T> {
    return recordOfProblems(this.#layer.digest, this.#allProblems());
  }

  #allProblems(): readonly Problem[] {
    if (this.#hiddenProblems === 0) return this.#problems;
    const message = `${this.#hiddenProblems} more problems in this layer`;
    return [
      ...this.#problems,
      { kind: 'limit', message, location: { path: '.', layer: this.#layer.digest }, hidesFindings: true },
    ];
  }

  /** The path inside the root; undefined for the root itself and for names that are refused. */
  #pathOf(entry: TarEntry): string | undefined {
    const path = pathInRoot(entry.path);
    if (path === undefined) {
      this.#coverage.skip('outside', printable(entry.path));
      this.fail('outside', 'a name that leaves the root of the image; not read', entry.path.slice(0, 200));
      return undefined;
    }
    if (path.length > this.#reading.limits.pathLength) {
      const message = `path longer than ${this.#reading.limits.pathLength} characters; not read`;
      this.fail('limit', message, path.slice(0, 200));
      return undefined;
    }
    return path === '' ? undefined : path;
  }

  #whiteout(path: string, name: string): void {
    const folder = path.slice(0, Math.max(0, path.length - name.length - 1));
    if (name === opaqueName) this.#opaque.push(folder === '' ? 0 : pathHash(folder));
    else if (!name.startsWith(metaPrefix)) {
      const removed = name.slice(whiteoutPrefix.length);
      if (removed === '' || removed === '.' || removed === '..')
        this.fail('schema', 'a whiteout that names no file', path);
      else this.#gone.push(pathHash(folder === '' ? removed : `${folder}/${removed}`));
    }
  }

  #file(path: string, entry: TarEntry): TarAnswer {
    this.#coverage.filesSeen += 1;
    if ((entry.mode & 0o6000) !== 0 && this.#privileged.length < mostPrivileged) {
      const { mode, userId, groupId } = entry;
      this.#privileged.push({ path, mode, userId, groupId });
    }
    const { only } = this.#reading;
    const names = this.#namesOf(path, entry.size);
    const isNamed = names.length > 0 && (only === undefined || this.#isAnyWanted(names, entry.size));
    const { part, maximum } = this.#readingOf(isNamed ? names : noNames);
    const isSmall = part === 'beginning' || entry.size <= maximum;
    const mayBeProgram = only === undefined ? this.#mayBeExecutable(path, entry.mode) : names.length > 0;
    if ((isNamed && isSmall) || !mayBeProgram || entry.size === 0) {
      this.#wish = { names, isNamed, bytes: 'given' };
      if (isNamed && part === 'beginning' && entry.size > maximum) return { first: maximum };
      return isNamed && this.#isWithin(entry, maximum);
    }
    this.#wish = { names: names.length > 0 ? names : [{ path }], isNamed, bytes: 'lent' };
    return 'head';
  }

  /** How much is read of a file that is wanted under these names: what the first of them asks for. */
  #readingOf(names: readonly WantedName[]): { readonly part: FileReading['part']; readonly maximum: number } {
    const { limits, work } = this.#reading;
    const [name] = names;
    const reading = name === undefined ? undefined : work.readingOf?.(name.alias ?? name.path);
    return { part: reading?.part ?? 'whole', maximum: limits[reading?.limit ?? 'manifestBytes'] };
  }

  /** For the targets of hard links: whether the name of a link is wanted, or only what it may turn out to be. */
  #isAnyWanted(names: readonly WantedName[], size: number): boolean {
    return names.some(({ path }) => this.#reading.work.wants(path, size));
  }

  #mayBeExecutable(path: string, mode: number): boolean {
    const { only, work } = this.#reading;
    if (only !== undefined || work.wantsExecutable?.(path) !== true) return false;
    return mayBeExecutable(path, (mode & 0o777).toString(8).padStart(3, '0'));
  }

  /** Tells of a file that is too large to be read. */
  #isWithin(entry: TarEntry, maximum: number): boolean {
    if (entry.size <= maximum) return true;
    const path = pathInRoot(entry.path) ?? entry.path;
    this.#coverage.skip('too-large', path);
    this.fail('limit', `${entry.size} bytes, more than the limit of ${maximum}; not read`, path);
    return false;
  }

  #namesOf(path: string, size: number | undefined): readonly WantedName[] {
    const { only, work } = this.#reading;
    if (only !== undefined) return (only.get(path) ?? []).map((name) => ({ path: name }));
    if (work.wants(path, size)) return [{ path }];
    if (!mergedFolder.test(path)) return noNames;
    const alias = path.slice('usr/'.length);
    return work.wants(alias, size) ? [{ path, alias }] : noNames;
  }

  #link(path: string, entry: TarEntry): void {
    this.#coverage.skip('symlink', path);
    if (this.#links.length < this.#reading.limits.layerLinks)
      this.#links.push({ path, target: linkTarget(path, entry.link) });
    else if (this.#links.length === this.#reading.limits.layerLinks) {
      this.fail('limit', `more than ${this.#reading.limits.layerLinks} symbolic links; the rest was not followed`);
      this.#links.push({ path, target: linkTarget(path, entry.link) });
    }
  }

  #hardLink(path: string, entry: TarEntry): void {
    this.#coverage.filesSeen += 1;
    if (this.#reading.only !== undefined) return;
    const target = pathInRoot(entry.link);
    if (target === undefined) {
      this.fail('outside', 'a hard link to a name that leaves the root of the image', path);
      return;
    }
    const names = this.#namesOf(path, undefined);
    // A program that was seen under its first name is not told of again; one that had a name like `ab12.file` there was not seen.
    if (names.length === 0 && this.#mayBeExecutable(path, entry.mode) && executableCandidate(target) === undefined)
      this.#missing.push({ path, target });
    const known = this.#recent.get(target);
    for (const name of names) {
      if (known === undefined) this.#missing.push({ path, target });
      else this.#keep(name, known, 'given');
    }
  }

  #keep({ path, alias }: WantedName, content: FileContent, bytes: Wish['bytes']): void {
    const file = { path: alias ?? path, layer: this.#layer.digest, ...content };
    const result = this.#reading.work.digest(file, bytes);
    if (result === undefined) return;
    const item = { path, result, ...(alias === undefined ? {} : { alias }) };
    if (this.#reading.take === undefined) this.#items.push(item);
    else this.#reading.take(item);
  }
}

const noNames: readonly never[] = [];

/** Paths go to screens and reports. */
function printable(path: string): string {
  return path.replace(/\p{Cc}/gu, '?');
}
