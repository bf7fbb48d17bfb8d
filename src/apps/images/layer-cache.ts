// SPDX-License-Identifier: Apache-2.0
// What was read of a layer, kept on disk by the digest of the layer and of the program that read it: images share layers, and a second look
// at an image reads only what is new. A cache that cannot be read or written is as good as none.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { StoredFolder } from '../../io/stored-files.ts';
import type { ImageLayer } from '../../sources/image/image-input.ts';
import type { ClosableReader } from './layer-readers.ts';
import { workerScript } from './layer-readers.ts';
import type { CatalogedLayer } from './layer-reading.ts';
import { decodeRecord, encodeRecord } from './record-encoding.ts';

export interface LayerCacheOptions {
  readonly folder: StoredFolder;
  /** Digest of all code and tables that decide what is found; see `programDigest`. */
  readonly rules: string;
  readonly limits?: CacheLimits;
}

export interface CacheLimits {
  /** Larger records are not kept. */
  readonly recordBytes: number;
  /** Beyond this, files are removed until four fifths are left. */
  readonly totalBytes: number;
}

const defaultCacheLimits: CacheLimits = { recordBytes: 64 * 1024 * 1024, totalBytes: 1024 * 1024 * 1024 };

/**
 * Digest of the program as it was built: the bundle's entry for threads names every other file of the bundle by its content. Undefined when
 * the program runs from its sources, which change under it.
 */
export function programDigest(): string | undefined {
  const script = workerScript();
  return script.pathname.endsWith('.ts') ? undefined : sha256(readFileSync(script));
}

/** Asks the cache first. Reads for the sake of hard links are not kept. */
export function cachedReader(reader: ClosableReader, options: LayerCacheOptions): ClosableReader {
  const { recordBytes, totalBytes } = options.limits ?? defaultCacheLimits;
  return {
    concurrency: reader.concurrency,
    close: () => reader.close(),
    read: async (layer, only) => {
      if (only !== undefined) return reader.read(layer, only);
      const path = pathOf(layer, options.rules);
      const known = load(options.folder, path, recordBytes);
      if (known !== undefined && known.digest === layer.digest) return known;
      const record = await reader.read(layer);
      // A layer that could not be read to its end is tried again next time.
      if (record.diffId !== '') save(options.folder, path, { record, recordBytes, totalBytes });
      return record;
    },
  };
}

/** The digest of the content counts as well: a wrong one in the configuration must be noticed every time. */
function pathOf(layer: ImageLayer, rules: string): string {
  const hex = sha256(Buffer.from(`${rules}\n${layer.digest}\n${layer.diffId ?? ''}\n${layer.mediaType}`));
  return `${hex.slice(0, 2)}/${hex.slice(2)}`;
}

function load(folder: StoredFolder, path: string, maximum: number): CatalogedLayer | undefined {
  try {
    const bytes = folder.read(path, maximum);
    return bytes === undefined ? undefined : decodeRecord(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch {
    return undefined;
  }
}

interface Saving extends CacheLimits {
  readonly record: CatalogedLayer;
}

function save(folder: StoredFolder, path: string, { record, recordBytes, totalBytes }: Saving): void {
  try {
    const bytes = encodeRecord(record);
    if (bytes.length > recordBytes) return;
    makeRoom(folder, totalBytes, bytes.length);
    folder.write(path, bytes);
  } catch {
    // A full or read-only disk costs time at the next scan, nothing else.
  }
}

/** Names are hashes, so what goes first is chance; nothing that is removed cannot be read again. */
function makeRoom(folder: StoredFolder, totalBytes: number, needed: number): void {
  const files = folder
    .list('')
    .flatMap((part) => folder.list(part).map((name) => `${part}/${name}`))
    .map((path) => ({ path, size: folder.size(path) ?? 0 }));
  let total = files.reduce((sum, file) => sum + file.size, needed);
  if (total <= totalBytes) return;
  for (const { path, size } of files) {
    if (total <= totalBytes * 0.8) return;
    folder.remove(path);
    total -= size;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
