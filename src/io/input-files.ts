// SPDX-License-Identifier: Apache-2.0
// Input that the user names as one path: a file, or a folder with all wanted files below it, read one at a time.
import { join, relative } from 'node:path';
import { LandwaiterError } from '../model/error.ts';
import { localDisk } from './disk.ts';

export interface InputFiles {
  readonly maximumBytes: number;
  readonly maximumFiles: number;
  /** Asked with the path below the folder; a file that is named itself is always read. */
  readonly isWanted: (path: string) => boolean;
}

export interface InputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Files in the order of their paths. Throws INPUT_UNREADABLE or LIMIT_EXCEEDED: what was named must not be left out in silence. */
export function* readInputFiles(path: string, wanted: InputFiles): Generator<InputFile> {
  const kind = localDisk.kindOf(path);
  if (kind === 'file') yield readFile(path, path, wanted.maximumBytes);
  else if (kind === 'directory') yield* readFolder(path, wanted);
  else throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `${path} is neither a file nor a folder` });
}

function* readFolder(root: string, wanted: InputFiles): Generator<InputFile> {
  const folders = [root];
  let files = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = [...localDisk.list(folder)].sort((a, b) => (a.name < b.name ? -1 : 1));
    const below: string[] = [];
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const name = relative(root, path).replaceAll('\\', '/');
      // Links are left alone: a folder of advisories has none that lead to more of them.
      if (entry.isDirectory() && entry.name !== '.git') below.push(path);
      if (!entry.isFile() || !wanted.isWanted(name)) continue;
      files += 1;
      if (files > wanted.maximumFiles) {
        throw new LandwaiterError({
          code: 'LIMIT_EXCEEDED',
          message: `${root} has more than ${wanted.maximumFiles} files`,
        });
      }
      yield readFile(path, name, wanted.maximumBytes);
    }
    folders.push(...below.reverse());
  }
}

function readFile(path: string, name: string, maximum: number): InputFile {
  const result = localDisk.read(path, maximum);
  if (result.kind === 'bytes') return { path: name, bytes: result.bytes };
  if (result.kind === 'too-large') {
    throw new LandwaiterError({
      code: 'LIMIT_EXCEEDED',
      message: `${path} has ${result.size} bytes, more than ${maximum}`,
    });
  }
  throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `${path}: ${result.reason}` });
}
