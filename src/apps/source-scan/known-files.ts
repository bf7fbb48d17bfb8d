// SPDX-License-Identifier: Apache-2.0
// Which files of a folder gave nothing to the same rules before: path and signature of each, kept on disk by the folder and the rules. A file is read
// again when anything about it changed (io/disk.ts says what), when a rule changed, or when the program did; one that was written just before the run is not
// remembered, because it could change again without its times telling. A cache that cannot be read is as good as none.
import { isSettled } from '../../io/disk.ts';
import type { StoredFolder } from '../../io/stored-files.ts';
import { sha256 } from '../../model/sha256.ts';
import type { KnownFiles } from './shared-walk.ts';

export interface FileCacheOptions {
  readonly folder: StoredFolder;
  /** Where the target lies on this machine. */
  readonly root: string;
  /** Digests of everything that decides what is found. */
  readonly rules: readonly string[];
  /** When the run began, before any signature was taken; milliseconds since 1970. */
  readonly startedAt: number;
}

export interface FileCache extends KnownFiles {
  /** Keeps what is known now; files that were not met in this run are forgotten. */
  save(): void;
}

/** Larger caches are not read: some millions of files. */
const maximumBytes = 512 * 1024 * 1024;
const head = 'landwaiter files 1';

export function openFileCache({ folder, root, rules, startedAt }: FileCacheOptions): FileCache {
  const path = sha256([root, ...rules].join('\n'));
  const before = load(folder, path);
  // Lists, not a second map: mostly every file is met again and nothing is written.
  const met: string[] = [];
  const added = new Map<string, string>();
  return {
    has: (file, signature) => {
      if (before.get(file) !== signature) return false;
      met.push(file);
      return true;
    },
    add: (file, signature) => {
      // A path with a line break would be two entries.
      if (file.includes('\n') || file.includes('\t')) return;
      if (!isSettled(signature, startedAt)) return;
      added.set(file, signature);
    },
    save: () => {
      if (added.size === 0 && met.length === before.size) return;
      const kept = met.filter((file) => !added.has(file)).map((file) => `${file}\t${before.get(file) ?? ''}`);
      const lines = [...kept, ...[...added].map(([file, signature]) => `${file}\t${signature}`)];
      try {
        folder.write(path, Buffer.from([head, ...lines].join('\n')), 'private');
      } catch {
        // A full or read-only disk costs time at the next scan, nothing else.
      }
    },
  };
}

function load(folder: StoredFolder, path: string): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  try {
    const bytes = folder.read(path, maximumBytes);
    if (bytes === undefined) return known;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    if (!text.startsWith(`${head}\n`)) return known;
    for (let at = head.length + 1; at < text.length; ) {
      const end = text.indexOf('\n', at);
      const stop = end === -1 ? text.length : end;
      const tab = text.indexOf('\t', at);
      if (tab === -1 || tab > stop) return new Map();
      known.set(text.slice(at, tab), text.slice(tab + 1, stop));
      at = stop + 1;
    }
  } catch {
    return new Map();
  }
  return known;
}
