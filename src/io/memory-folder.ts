// SPDX-License-Identifier: Apache-2.0
// A folder that exists in memory only: for tests, and for databases that are built to be looked at and not to be kept.
import { LandwaiterError } from '../model/error.ts';
import type { StoredFolder } from './stored-files.ts';

export interface MemoryFolder extends StoredFolder {
  /** Every file by path; may be changed from outside. */
  readonly files: Map<string, Uint8Array>;
}

/** Behaves like `storedFolder` (one suite tests both). */
export function memoryFolder(name = 'memory'): MemoryFolder {
  const files = new Map<string, Uint8Array>();
  const below = (path: string): string[] =>
    [...files.keys()].filter((key) => path === '' || key === path || key.startsWith(`${path}/`));
  return {
    name,
    files,
    read: (path, maximum) => {
      const bytes = files.get(path);
      if (bytes !== undefined && bytes.length > maximum) {
        throw new LandwaiterError({
          code: 'LIMIT_EXCEEDED',
          message: `${path} has ${bytes.length} bytes, more than ${maximum}`,
        });
      }
      return bytes;
    },
    open: (path) => {
      const bytes = files.get(path);
      if (bytes === undefined) return undefined;
      return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length), close: () => {} };
    },
    size: (path) => files.get(path)?.length,
    list: (path) => {
      const start = path === '' ? 0 : path.length + 1;
      const names = below(path)
        .filter((key) => key !== path)
        .map((key) => key.slice(start).split('/')[0] ?? '');
      return [...new Set(names)].sort();
    },
    write: (path, bytes) => void files.set(path, Uint8Array.from(bytes)),
    append: (path, bytes) => void files.set(path, Buffer.concat([files.get(path) ?? new Uint8Array(0), bytes])),
    move: (from, to) => {
      for (const key of below(from)) {
        files.set(to + key.slice(from.length), files.get(key) ?? new Uint8Array(0));
        files.delete(key);
      }
    },
    remove: (path) => below(path).forEach((key) => files.delete(key)),
  };
}
