// SPDX-License-Identifier: Apache-2.0
// A folder in which the program keeps its own data: whole reads with a limit, reads at offsets, atomic writes, resumable appends.
// Paths are relative to the folder, with forward slashes, and cannot leave it.
import {
  appendFileSync,
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LandwaiterError, messageOf } from '../model/error.ts';
import { makeFolders } from './folders.ts';

/** Reads anywhere in a file; fewer bytes than asked for at its end. */
export interface RandomAccessFile {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

export interface StoredFolder {
  /** What a person calls it, for messages. */
  readonly name: string;
  /** The file's bytes; undefined when there is none. Throws LIMIT_EXCEEDED when it is larger than `maximum`. */
  read(path: string, maximum: number): Uint8Array | undefined;
  /** Undefined when there is no such file. */
  open(path: string): RandomAccessFile | undefined;
  size(path: string): number | undefined;
  /** Names in a folder, sorted; empty when there is none. */
  list(path: string): readonly string[];
  /** Writes beside the target and renames, so that a reader sees the old bytes or the new ones. Makes folders as needed. */
  write(path: string, bytes: Uint8Array, access?: FileAccess): void;
  append(path: string, bytes: Uint8Array): void;
  move(from: string, to: string): void;
  /** Removes a file or a folder with all that is in it; nothing happens when it is not there. */
  remove(path: string): void;
}

/** `private`: readable by the owner only, for keys. */
export type FileAccess = 'ordinary' | 'private';

/** A folder of the local file system; it need not exist. */
export function storedFolder(root: string): StoredFolder {
  const place = (path: string): string => {
    if (path.split(/[\\/]/).some((part) => part === '..') || path.startsWith('/'))
      throw new RangeError(`${path} leaves the folder`);
    return join(root, path);
  };
  return {
    name: root,
    read: (path, maximum) => readWhole(place(path), maximum),
    open: (path) => openForReading(place(path)),
    size: (path) => sizeOf(place(path)),
    list: (path) => namesIn(place(path)),
    write: (path, bytes, access = 'ordinary') => writeWhole(place(path), bytes, access),
    append: (path, bytes) =>
      attempt(path, () => {
        makeFolders(dirname(place(path)));
        appendFileSync(place(path), bytes);
      }),
    move: (from, to) =>
      attempt(to, () => {
        makeFolders(dirname(place(to)));
        renameSync(place(from), place(to));
      }),
    remove: (path) => attempt(path, () => rmSync(place(path), { recursive: true, force: true })),
  };
}

function attempt(path: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    throw new LandwaiterError({
      code: 'OUTPUT_FAILED',
      message: `${path} cannot be written: ${messageOf(error)}`,
      cause: error,
    });
  }
}

/** ENOENT and ENOTDIR mean that there is nothing; anything else is an error the user has to know. */
function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function unreadable(path: string, error: unknown): LandwaiterError {
  return new LandwaiterError({
    code: 'INPUT_UNREADABLE',
    message: `${path} cannot be read: ${messageOf(error)}`,
    cause: error,
  });
}

function openForReading(path: string): RandomAccessFile | undefined {
  let descriptor: number;
  let size: number;
  try {
    descriptor = openSync(path, 'r');
    size = fstatSync(descriptor).size;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
  return {
    size,
    read: (offset, length) => readAt(descriptor, offset, Math.max(0, Math.min(length, size - offset))),
    close: () => closeSync(descriptor),
  };
}

function readAt(descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, bytes, filled, length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function readWhole(path: string, maximum: number): Uint8Array | undefined {
  const file = openForReading(path);
  if (file === undefined) return undefined;
  try {
    if (file.size > maximum) {
      throw new LandwaiterError({
        code: 'LIMIT_EXCEEDED',
        message: `${path} has ${file.size} bytes, more than ${maximum}`,
      });
    }
    return file.read(0, file.size);
  } finally {
    file.close();
  }
}

function sizeOf(path: string): number | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat.size : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw unreadable(path, error);
  }
}

function writeWhole(path: string, bytes: Uint8Array, access: FileAccess): void {
  attempt(path, () => {
    makeFolders(dirname(path));
    const beside = `${path}.new`;
    const descriptor = openSync(beside, 'w', access === 'private' ? 0o600 : 0o644);
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      // Without this a crash of the machine could leave the new name with empty content.
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, path);
  });
}
