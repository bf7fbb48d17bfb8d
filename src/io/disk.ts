// SPDX-License-Identifier: Apache-2.0
// The local file system as sources see it: synchronous, because a walk of many small files spends its time in the kernel, not waiting.
import type { Stats } from 'node:fs';
import { closeSync, fstatSync, openSync, readdirSync, readlinkSync, readSync, realpathSync, statSync } from 'node:fs';

export type EntryKind = 'file' | 'directory' | 'special';

/** An entry in the form in which Node lists it, so that a listing costs no second object for each; neither of the three is `special`. */
export interface DirectoryEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export type ReadResult =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: 'too-large'; readonly size: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What a walk needs; tests give their own. Paths are absolute. */
export interface Disk {
  /** Entries of a directory in no particular order. Throws when it cannot be listed. */
  list(path: string): readonly DirectoryEntry[];
  /** Reads a regular file whole unless it is larger than `maximum` bytes. Never throws. */
  read(path: string, maximum: number): ReadResult;
  /** The first bytes of a regular file, with its mode; undefined when it cannot be read. Absent: no file is looked at for its kind. */
  head?(path: string, length: number): { readonly bytes: Uint8Array; readonly mode: number } | undefined;
  /** Device, inode, size, and times of change: another text when the content may be another. Absent: not known. */
  signature?(path: string): string | undefined;
  /** The place a symbolic link leads to in the end; undefined when it leads nowhere. */
  resolve(path: string): string | undefined;
  /** Kind of what is at the path, links followed; undefined when there is nothing. */
  kindOf(path: string): EntryKind | undefined;
}

export const localDisk: Disk = {
  list: (path) => readdirSync(path, { withFileTypes: true }),
  read: readWhole,
  head: readHead,
  signature: signatureOf,
  resolve: (path) => {
    try {
      return realpathSync(path);
    } catch {
      return undefined;
    }
  },
  kindOf: (path) => {
    try {
      const stat = statSync(path);
      return stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'special';
    } catch {
      return undefined;
    }
  },
};

/** Text of a symbolic link, for messages. */
export function linkText(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '?';
  }
}

function readWhole(path: string, maximum: number): ReadResult {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { size, mode } = fstatSync(descriptor);
    if (size > maximum) return { kind: 'too-large', size };
    const bytes = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    while (filled < size) {
      const count = readSync(descriptor, bytes, filled, size - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return { kind: 'bytes', bytes: bytes.subarray(0, filled), mode: mode & 0o7777 };
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The time of change of the inode counts too: a program can set back the time of modification, not that one. */
function signatureOf(path: string): string | undefined {
  const stat = statOf(path);
  if (stat === undefined) return undefined;
  // Milliseconds with fractions: as doubles they are exact to a quarter of a microsecond, and much cheaper than nanoseconds.
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
}

/** Undefined also where it may not be asked for: who then reads the file is told why. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Times of files are no finer than this anywhere (FAT: two seconds; most systems: the tick of the kernel, some milliseconds). */
const coarsestTime = 2_000;

/**
 * Whether a file was last changed so long before `moment` (milliseconds since 1970) that any change from then on gives it another signature. Two changes
 * within one tick leave the same times, and often the same size: a signature taken between them would stand for both.
 */
export function isSettled(signature: string, moment: number): boolean {
  const [, , , modified, changed] = signature.split(':').map(Number);
  if (modified === undefined || changed === undefined) return false;
  return Math.max(modified, changed) + coarsestTime < moment;
}

function readHead(path: string, length: number): { bytes: Uint8Array; mode: number } | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const bytes = Buffer.alloc(length);
    const count = readSync(descriptor, bytes, 0, length, 0);
    return { bytes: bytes.subarray(0, count), mode: fstatSync(descriptor).mode & 0o7777 };
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The system's error code in words, without the path that the caller knows. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    ENOENT: 'no such file',
    EIO: 'input/output error',
    ELOOP: 'too many symbolic links',
    EMFILE: 'too many open files',
    ENAMETOOLONG: 'name too long',
    EISDIR: 'is a directory',
    ENOTDIR: 'is not a directory',
  };
  return words[code] ?? (code === '' ? String(error) : code);
}
