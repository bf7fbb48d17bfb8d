// SPDX-License-Identifier: Apache-2.0
// A part of a file as a stream of large chunks.
import { closeSync, openSync, readSync } from 'node:fs';

export interface FilePart {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

const chunkLength = 512 * 1024;

/** Reads when asked for the next chunk, into the memory of the last one; ends early when the file does. Throws what the system says. */
export async function* fileChunks({ file, offset, length }: FilePart): AsyncGenerator<Buffer> {
  const descriptor = openSync(file, 'r');
  const chunk = Buffer.allocUnsafeSlow(Math.min(chunkLength, length));
  try {
    for (let at = 0; at < length; ) {
      const count = readSync(descriptor, chunk, 0, Math.min(chunk.length, length - at), offset + at);
      if (count === 0) return;
      at += count;
      yield count === chunk.length ? chunk : chunk.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}
