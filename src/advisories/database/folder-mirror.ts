// SPDX-License-Identifier: Apache-2.0
// A mirror that is a folder: published files, or a copy of another machine's installation carried over an air gap.
import type { StoredFolder } from '../../io/stored-files.ts';
import { mirrorFailed } from './failures.ts';
import { envelopeFile, indexFile, readPointer } from './layout.ts';
import type { Mirror } from './mirror.ts';

const chunkBytes = 1024 * 1024;

export function folderMirror(folder: StoredFolder): Mirror {
  const place = (path: string): string => {
    const pointer = path === indexFile || path === envelopeFile ? readPointer(folder) : undefined;
    return pointer === undefined ? path : `${pointer.folder}/${path}`;
  };
  return {
    name: folder.name,
    read: async (path, maximum) => {
      const bytes = folder.read(place(path), maximum);
      if (bytes === undefined) throw mirrorFailed(`${folder.name} has no ${path}`);
      return bytes;
    },
    stream: async (path, offset) => {
      const file = folder.open(place(path));
      if (file === undefined) throw mirrorFailed(`${folder.name} has no ${path}`);
      const start = Math.min(offset, file.size);
      return { start, chunks: readChunks(file, start) };
    },
  };
}

async function* readChunks(
  file: { readonly size: number; read(offset: number, length: number): Uint8Array; close(): void },
  start: number,
): AsyncGenerator<Uint8Array> {
  try {
    for (let at = start; at < file.size; at += chunkBytes) yield file.read(at, chunkBytes);
  } finally {
    file.close();
  }
}
