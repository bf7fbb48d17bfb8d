// SPDX-License-Identifier: Apache-2.0
// Searches a folder, or one file, for secrets. Files are read one after the other and scanned in batches; a large one in pieces.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { archiveKindOf, isBinary, wideEncodingOf } from '../../evidence/secrets/file-kind.ts';
import { fragmentBytes, fragmentsOf, mostReadAhead } from '../../evidence/secrets/fragments.ts';
import type { SecretFile, SecretScanner } from '../../evidence/secrets/raw-secret.ts';
import type { DirectoryEntry } from '../../io/disk.ts';
import { linkText, localDisk, reasonOf } from '../../io/disk.ts';
import { filePieces, readInto } from '../../io/file-pieces.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { SecretRun } from './secret-run.ts';
import { SecretRecorder } from './secret-run.ts';

export interface FolderScan {
  readonly scanner: SecretScanner;
  /** Absolute. */
  readonly root: string;
  /** What stands before the paths that are told: the folder as it was typed; empty for none. */
  readonly shownRoot: string;
  readonly isExcluded?: ((path: string) => boolean) | undefined;
  /** Files that links lead to are read, and told with both names. */
  readonly followsLinks?: boolean;
  readonly onProgress?: ((files: number, bytes: number) => void) | undefined;
}

const batchBytes = 2_000_000;
const batchFiles = 1_000;
const memoryBytes = 2 * batchBytes;
/** Larger files are read in pieces. */
const wholeFileBytes = 16_000_000;
const pieceBytes = 8_000_000;

const versionControl = new Set(['.git', '.hg', '.svn', '.jj']);

export function scanFolder(options: FolderScan): SecretRun {
  return new FolderWalk(options).run();
}

class FolderWalk {
  readonly #options: FolderScan;
  readonly #recorder = new SecretRecorder();
  /** Holds the files of a batch; used again for the next. */
  readonly #memory = Buffer.allocUnsafeSlow(memoryBytes);
  #batch: SecretFile[] = [];
  #size = 0;

  constructor(options: FolderScan) {
    this.#options = options;
  }

  run(): SecretRun {
    const { root } = this.#options;
    if (localDisk.kindOf(root) === 'file') this.#file(root, this.#options.shownRoot);
    else this.#folder('', 0);
    this.#flush();
    return this.#recorder.finish();
  }

  #folder(path: string, depth: number): void {
    if (depth > defaultLimits.pathDepth) {
      this.#problem('limit', path, `folders nested deeper than ${defaultLimits.pathDepth}; not visited`);
      return;
    }
    let entries: readonly DirectoryEntry[];
    try {
      entries = localDisk.list(join(this.#options.root, path)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      this.#problem('unreadable', path, `folder not readable: ${reasonOf(error)}`);
      return;
    }
    for (const entry of entries) this.#entry(path === '' ? entry.name : `${path}/${entry.name}`, entry, depth);
  }

  #entry(path: string, entry: DirectoryEntry, depth: number): void {
    if (this.#options.isExcluded?.(path) === true) this.#recorder.skip('excluded');
    else if (entry.isDirectory()) {
      if (!versionControl.has(entry.name)) this.#folder(path, depth + 1);
    } else if (entry.isFile()) this.#file(join(this.#options.root, path), this.#shown(path));
    else if (entry.isSymbolicLink() && this.#options.followsLinks === true) this.#link(path);
    else this.#recorder.skip(entry.isSymbolicLink() ? 'link' : 'special');
  }

  #shown(path: string): string {
    const { shownRoot } = this.#options;
    return shownRoot === '' ? path : `${shownRoot}/${path}`;
  }

  /** Links to folders are left alone, as gitleaks leaves them. */
  #link(path: string): void {
    const absolute = join(this.#options.root, path);
    const target = localDisk.resolve(absolute);
    if (target === undefined) this.#problem('unreadable', path, `a link that leads nowhere: ${linkText(absolute)}`);
    else {
      const kind = localDisk.kindOf(target);
      if (kind === 'file') this.#file(target, target, this.#shown(path));
      else if (kind === undefined) this.#problem('unreadable', path, 'a link to what may not be looked at');
      else this.#recorder.skip(kind === 'directory' ? 'link' : 'special');
    }
  }

  #file(absolute: string, path: string, symlink?: string): void {
    if (this.#options.scanner.isPathAllowed(path)) {
      this.#recorder.skip('allowed');
      return;
    }
    const filled = readInto(absolute, this.#memory, this.#size);
    if (filled.kind === 'filled') {
      const bytes = this.#memory.subarray(this.#size, this.#size + filled.length);
      this.#add({ path, bytes, ...(symlink === undefined ? {} : { symlink }) });
      return;
    }
    // What does not fit has memory of its own, and a batch for itself.
    this.#flush();
    const result = localDisk.read(absolute, wholeFileBytes);
    if (result.kind === 'unreadable') this.#problem('unreadable', path, `not readable: ${result.reason}`);
    else if (result.kind === 'too-large') this.#large(absolute, path, symlink);
    else {
      this.#add({ path, bytes: result.bytes, ...(symlink === undefined ? {} : { symlink }) });
      this.#flush();
    }
  }

  /** Archives have to be read whole; everything else in pieces that end where a fragment may end. */
  #large(absolute: string, path: string, symlink: string | undefined): void {
    const named = symlink === undefined ? { path } : { path, symlink };
    if (archiveKindOf(path) !== undefined) {
      const whole = localDisk.read(absolute, defaultLimits.archiveExpandedBytes);
      if (whole.kind === 'bytes') {
        this.#add({ ...named, bytes: whole.bytes });
        this.#flush();
      } else
        this.#problem(
          'limit',
          path,
          `${statSync(absolute).size} bytes, more than are read of an archive; not looked into`,
        );
      return;
    }
    let rest: Buffer = Buffer.alloc(0);
    let startLine = 1;
    let decoder: InstanceType<typeof TextDecoder> | undefined;
    let isFirst = true;
    try {
      for (const piece of filePieces(absolute, pieceBytes)) {
        if (isFirst && isBinary(piece)) {
          this.#recorder.skip('binary');
          return;
        }
        // Only the first piece has the mark that says that each character has two bytes.
        const wide = isFirst ? wideEncodingOf(piece) : undefined;
        if (wide !== undefined) decoder = new TextDecoder(wide);
        isFirst = false;
        const text = decoder === undefined ? piece : Buffer.from(decoder.decode(piece, { stream: true }), 'utf8');
        const bytes = rest.length === 0 ? text : Buffer.concat([rest, text]);
        const end = piece.length < pieceBytes ? bytes.length : lastCut(bytes);
        const part = bytes.subarray(0, end);
        this.#add({ ...named, bytes: part, startLine });
        this.#flush();
        startLine += lineBreaks(part);
        rest = bytes.subarray(end);
      }
      if (rest.length > 0) {
        this.#add({ ...named, bytes: rest, startLine });
        this.#flush();
      }
    } catch (error) {
      this.#problem('unreadable', path, `not readable: ${reasonOf(error)}`);
    }
  }

  #add(file: SecretFile): void {
    this.#batch.push(file);
    this.#size += file.bytes.length;
    if (this.#size >= batchBytes || this.#batch.length >= batchFiles) this.#flush();
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    const results = this.#options.scanner.scanFiles(this.#batch);
    for (const { secrets, problems, skipped } of results) {
      if (skipped === undefined) this.#recorder.files += 1;
      else this.#recorder.skip(skipped);
      this.#recorder.add(secrets.map((raw) => ({ raw })));
      this.#recorder.problem(...problems);
    }
    this.#recorder.bytes += this.#size;
    this.#options.onProgress?.(this.#recorder.files, this.#recorder.bytes);
    this.#batch = [];
    this.#size = 0;
  }

  #problem(kind: 'limit' | 'unreadable', path: string, message: string): void {
    this.#recorder.problem({ kind, message, location: { path: path === '' ? '.' : path }, hidesFindings: true });
  }
}

/** The end of the last fragment that is whole for sure. */
function lastCut(bytes: Uint8Array): number {
  let last = 0;
  for (const { end } of fragmentsOf(bytes)) if (end + fragmentBytes + mostReadAhead < bytes.length) last = end;
  return last === 0 ? bytes.length : last;
}

function lineBreaks(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
