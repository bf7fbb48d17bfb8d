// SPDX-License-Identifier: Apache-2.0
// A folder on disk. Symbolic links to folders are never followed: what they lead to inside the root is visited at its own path, what lies
// outside is not part of the target. Both are counted. A link to a file inside the root is read where only the link's name is wanted.
import { join, relative, sep } from 'node:path';
import type { DirectoryEntry, Disk } from '../io/disk.ts';
import { reasonOf } from '../io/disk.ts';
import type { Coverage } from '../model/coverage.ts';
import { CoverageRecorder } from '../model/coverage.ts';
import type { Limits } from '../model/limits.ts';
import { subjectOf } from '../model/subject.ts';
import { isExecutable } from './executables.ts';
import { readPart } from './read-part.ts';
import type { FileVisitor, Source } from './source.ts';

export interface DirectoryOptions {
  readonly disk: Disk;
  readonly limits: Limits;
  /** As typed by the user; the name of the target. */
  readonly path: string;
  /** Absolute, links resolved. */
  readonly root: string;
  /** true for paths that are left out (files, and folders with all they hold). */
  readonly isExcluded?: ((path: string) => boolean) | undefined;
  /** Told now and then how far the walk is. */
  readonly onProgress?: (files: number, bytes: number) => void;
}

/** Folders that hold no sources of the project itself. */
const versionControlFolders: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', '.jj', 'CVS']);

/** Files between two calls of `onProgress`. */
const progressStep = 256;

export function directorySource(options: DirectoryOptions): Source {
  const name = options.root.slice(options.root.lastIndexOf(sep) + 1) || options.root;
  return {
    target: `dir:${options.path}`,
    kind: 'directory',
    subject: subjectOf('source-tree', options.path, options.path),
    name,
    version: '',
    visit: async (visitor) => new DirectoryWalk(options, visitor).run(),
  };
}

class DirectoryWalk {
  readonly #options: DirectoryOptions;
  readonly #visitor: FileVisitor;
  readonly #coverage = new CoverageRecorder();
  /** Shorter paths of files need no second look: they are within the limit, and nothing is excluded. */
  readonly #plainLength: number;
  #entries = 0;
  #full = false;

  constructor(options: DirectoryOptions, visitor: FileVisitor) {
    this.#options = options;
    this.#visitor = visitor;
    this.#plainLength = options.isExcluded === undefined ? options.limits.pathLength : 0;
  }

  run(): Coverage {
    this.#directory('', 0);
    this.#options.onProgress?.(this.#coverage.filesSeen, this.#coverage.bytesRead);
    return this.#coverage.finish();
  }

  #directory(path: string, depth: number): void {
    if (depth > this.#options.limits.pathDepth) {
      this.#problem('limit', path, `folders nested deeper than ${this.#options.limits.pathDepth}; not visited`);
      return;
    }
    const entries = this.#list(path);
    // By index, here and below: an iterator makes an object for each of what can be millions of entries.
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index];
      if (entry === undefined || this.#full) return;
      this.#entries += 1;
      if (this.#entries > this.#options.limits.entries) {
        this.#full = true;
        this.#problem('limit', path, `more than ${this.#options.limits.entries} entries; the rest was not visited`);
        return;
      }
      this.#entry(path, entry, depth);
    }
  }

  /** Sorted, so that every run visits in the same order. */
  #list(path: string): readonly DirectoryEntry[] {
    try {
      return inOrder(this.#options.disk.list(this.#absolute(path)));
    } catch (error) {
      this.#coverage.skip('unreadable', path);
      this.#problem('unreadable', path, `folder not readable: ${reasonOf(error)}`);
      return [];
    }
  }

  /** Most entries are files that nobody wants: no path is put together for them. */
  #entry(folder: string, entry: DirectoryEntry, depth: number): void {
    const { name } = entry;
    const isFile = entry.isFile();
    if (isFile && folder.length + name.length < this.#plainLength) {
      this.#count();
      if (this.#visitor.mayWant?.(folder, name) !== false) this.#file(pathOf(folder, name));
      return;
    }
    const { limits, isExcluded } = this.#options;
    const path = pathOf(folder, name);
    if (path.length > limits.pathLength) {
      this.#problem('limit', path.slice(0, 200), `path longer than ${limits.pathLength} characters; not visited`);
      return;
    }
    if (isExcluded?.(path) === true) this.#coverage.skip('excluded', path);
    else if (isFile) {
      this.#count();
      this.#file(path);
    } else if (entry.isDirectory()) {
      if (versionControlFolders.has(name)) this.#coverage.skip('excluded', path);
      else this.#directory(path, depth + 1);
    } else if (entry.isSymbolicLink()) this.#link(path);
    else this.#coverage.skip('special', path);
  }

  #count(): void {
    this.#coverage.filesSeen += 1;
    if (this.#coverage.filesSeen % progressStep === 0) {
      this.#options.onProgress?.(this.#coverage.filesSeen, this.#coverage.bytesRead);
    }
  }

  #file(path: string): void {
    const isProgram =
      this.#visitor.wantsExecutable?.(path) === true && isExecutable(this.#options.disk, this.#absolute(path));
    if (!isProgram && !this.#visitor.wants(path)) return;
    const signature = this.#visitor.knows === undefined ? undefined : this.#signature(path);
    if (signature !== undefined && this.#visitor.knows?.(path, signature) === true) {
      this.#coverage.skip('unchanged', path);
      return;
    }
    const reading = isProgram ? undefined : this.#visitor.readingOf?.(path);
    const maximum = this.#options.limits[isProgram ? 'executableBytes' : (reading?.limit ?? 'manifestBytes')];
    const result = readPart(this.#options.disk, this.#absolute(path), { reading, maximum });
    if (result.kind === 'bytes') {
      this.#coverage.filesRead += 1;
      this.#coverage.bytesRead += result.bytes.length;
      const file = { path, bytes: result.bytes, mode: result.mode };
      this.#visitor.take(signature === undefined ? file : { ...file, signature });
    } else if (result.kind === 'too-large') {
      this.#coverage.skip('too-large', path);
      this.#problem('limit', path, `${result.size} bytes, more than the limit of ${maximum}; not read`);
    } else {
      this.#coverage.skip('unreadable', path);
      this.#problem('unreadable', path, `not readable: ${result.reason}`);
    }
  }

  #signature(path: string): string | undefined {
    return this.#options.disk.signature?.(this.#absolute(path));
  }

  #link(path: string): void {
    const target = this.#options.disk.resolve(this.#absolute(path));
    if (target === undefined) {
      this.#coverage.skip('symlink', path);
      if (this.#visitor.wants(path)) this.#problem('unreadable', path, 'a link that leads nowhere');
      return;
    }
    const { root } = this.#options;
    const isInside = target === root || target.startsWith(root.endsWith(sep) ? root : root + sep);
    const isLoop = isInside && `${this.#absolute(path)}${sep}`.startsWith(`${target}${sep}`);
    if (isInside && this.#isOnlyWantedHere(path, target)) {
      this.#count();
      this.#file(path);
      return;
    }
    this.#coverage.skip(isLoop ? 'loop' : isInside ? 'symlink' : 'outside', path);
    if (!isInside && this.#visitor.wants(path) && this.#options.disk.kindOf(target) === 'file') {
      this.#problem('outside', path, 'a link that leaves the root; what it leads to was not read');
    }
  }

  /** A wanted name that leads to a file whose own name nobody wants: `package-lock.json -> locks/production`. */
  #isOnlyWantedHere(path: string, target: string): boolean {
    const { root, disk, isExcluded } = this.#options;
    if (!this.#visitor.wants(path) || disk.kindOf(target) !== 'file') return false;
    const own = relative(root, target).replaceAll(sep, '/');
    return isExcluded?.(own) !== true && !this.#visitor.wants(own);
  }

  #absolute(path: string): string {
    const { root } = this.#options;
    if (path === '') return root;
    // What `path.join` would give where the slash is the separator, without its looking through the path.
    return sep === '/' ? `${root === '/' ? '' : root}/${path}` : join(root, path);
  }

  #problem(kind: 'limit' | 'unreadable' | 'outside', path: string, message: string): void {
    this.#coverage.problem({ kind, message, location: { path: path === '' ? '.' : path }, hidesFindings: true });
  }
}

function pathOf(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** By code unit. Node's listings are in order of their bytes already, which nearly always is the same. */
function inOrder(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  let last = '';
  for (let index = 0; index < entries.length; index += 1) {
    const name = entries[index]?.name ?? '';
    if (name < last) return entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    last = name;
  }
  return entries;
}
