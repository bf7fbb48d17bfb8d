// SPDX-License-Identifier: Apache-2.0
// Archives of images that are packed as a whole (`docker save | gzip`). Members of an archive are read out of order, which packed bytes do not
// allow: they are unpacked into a temporary file that has no name any more when it is read, so that nothing is left behind however the
// program ends.
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compressionOf, magicLength, UnpackError, unpack } from '../../formats/compression.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import { localDisk } from '../disk.ts';
import { fileChunks } from '../file-chunks.ts';
import type { RandomAccessFile } from '../stored-files.ts';

/**
 * The archive at `path` unpacked; undefined when it is not packed, or no file. Whoever gets it closes it. Throws INPUT_UNREADABLE for what is
 * broken or has no room, LIMIT_EXCEEDED for what unpacks to more than a layer may.
 */
export async function unpackedArchive(
  path: string,
  limits: Limits = defaultLimits,
): Promise<RandomAccessFile | undefined> {
  const length = isPacked(path);
  if (length === undefined) return undefined;
  const descriptor = namelessFile(path);
  try {
    const { layerBytes: bytes, layerRatio: ratio, layerRatioFrom: ratioFrom } = limits;
    for await (const chunk of unpack(fileChunks({ file: path, offset: 0, length }), { bytes, ratio, ratioFrom }))
      for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
    return openedFile(descriptor);
  } catch (error) {
    closeSync(descriptor);
    const isLimit = error instanceof UnpackError && error.kind === 'limit';
    throw new LandwaiterError({
      code: isLimit ? 'LIMIT_EXCEEDED' : 'INPUT_UNREADABLE',
      message: `${path}: cannot be unpacked: ${messageOf(error)}`,
      cause: error,
    });
  }
}

/** The length of a file that begins like a packed one; undefined for others. */
function isPacked(path: string): number | undefined {
  if (localDisk.kindOf(path) !== 'file') return undefined;
  const descriptor = openSync(path, 'r');
  try {
    const head = Buffer.alloc(magicLength);
    readSync(descriptor, head, 0, head.length, 0);
    return compressionOf(head) === 'none' ? undefined : fstatSync(descriptor).size;
  } finally {
    closeSync(descriptor);
  }
}

function namelessFile(path: string): number {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'landwaiter-archive-'));
    try {
      return openSync(join(folder, 'archive.tar'), 'wx+', 0o600);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch (cause) {
    const message = `${path}: is packed, and there is no place to unpack it: ${messageOf(cause)}`;
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message, cause });
  }
}

function openedFile(descriptor: number): RandomAccessFile {
  const { size } = fstatSync(descriptor);
  return {
    size,
    read: (offset, length) => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
    close: () => closeSync(descriptor),
  };
}
