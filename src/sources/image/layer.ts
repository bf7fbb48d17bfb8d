// SPDX-License-Identifier: Apache-2.0
// Reads one layer once: unpacks, checks both digests, walks the tar, gives the wanted files away and keeps how the layer changes what is
// below it. Nothing is written to disk, and memory does not depend on the size of the layer.
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { UnpackError, unpack } from '../../formats/compression.ts';
import { TarWalker } from '../../formats/tar.ts';
import { messageOf } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import type { FileReading, SourceFile } from '../source.ts';
import type { ImageLayer } from './image-input.ts';
import { LayerEntries } from './layer-entries.ts';
import type { LayerItem, LayerLink, LayerRecord } from './layer-record.ts';
import { pathHash } from './path-hash.ts';

/** What is done with the files of a layer. */
export interface LayerWork<T> {
  wants(path: string, size?: number): boolean;
  /** Both as in `FileVisitor`. */
  readingOf?(path: string): FileReading | undefined;
  wantsExecutable?(path: string): boolean;
  /** Turns a wanted file into what is kept of it, undefined for nothing. The bytes of one that is only `lent` are overwritten later: to keep them is to copy them. */
  digest(file: SourceFile, bytes: 'given' | 'lent'): T | undefined;
}

export interface LayerReading<T> {
  readonly work: LayerWork<T>;
  readonly limits: Limits;
  /** Only these paths, whatever is wanted: for the targets of hard links. The names they are wanted under come with them. */
  readonly only?: ReadonlyMap<string, readonly string[]>;
  /** Gets the items as they come; the record then has none of them. They are not to be used when the record is one of problems only (see isRefused). */
  readonly take?: ((item: LayerItem<T>) => void) | undefined;
}

/**
 * Reads a layer, and reads it once more when wanted hard links lead to files of the same layer whose content was passed over. Links to
 * files of other layers stay in `missing`.
 */
export async function readLayerWithLinks<T>(
  layer: ImageLayer,
  reading: Omit<LayerReading<T>, 'only'>,
): Promise<LayerRecord<T>> {
  const record = await readLayer(layer, reading);
  if (record.missing.length === 0) return record;
  const wanted = new Set(record.missing.map((link) => pathHash(link.target)));
  const here = new Set(record.gone.filter((hash) => wanted.has(hash)));
  const [own, others] = [true, false].map((isOwn) =>
    record.missing.filter((link) => here.has(pathHash(link.target)) === isOwn),
  );
  if (own === undefined || own.length === 0) return record;
  const second = await readLayer(layer, { work: reading.work, limits: reading.limits, only: namesByTarget(own) });
  return {
    ...record,
    items: [...record.items, ...second.items],
    missing: others ?? [],
    coverage: {
      ...record.coverage,
      filesRead: record.coverage.filesRead + second.coverage.filesRead,
      bytesRead: record.coverage.bytesRead + second.coverage.bytesRead,
    },
  };
}

/** Paths of files, with the links that lead to each. */
export function namesByTarget(links: readonly LayerLink[]): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(links, (link) => link.target);
  return new Map([...groups].map(([target, group]) => [target, group.map((link) => link.path)]));
}

/** Never throws: a layer that cannot be read, or is not what its digests say, gives an empty record and a problem that hides findings. */
export async function readLayer<T>(layer: ImageLayer, reading: LayerReading<T>): Promise<LayerRecord<T>> {
  const entries = new LayerEntries<T>(layer, reading);
  if (isForeign(layer.mediaType)) {
    entries.fail('unsupported', 'a layer that may not be distributed; it is not part of the image as it is stored');
    return entries.refused();
  }
  const walker = new TarWalker(entries);
  const stored = new StoredBytes(layer);
  const inner = createHash('sha256');
  const { layerBytes: bytes, layerRatio: ratio, layerRatioFrom: ratioFrom } = reading.limits;
  try {
    for await (const chunk of unpack(stored.read(), { bytes, ratio, ratioFrom })) {
      inner.update(chunk);
      walker.push(chunk);
    }
    await stored.drain();
  } catch (error) {
    const kind = error instanceof UnpackError ? error.kind : 'unreadable';
    entries.fail(
      kind,
      `the layer ${layer.digest} ${kind === 'unreadable' ? `cannot be read: ` : ''}${messageOf(error)}`,
    );
    // The files up to there are true when the bytes are those that were asked for, which nobody can tell now.
    return entries.refused();
  }
  walker.end();
  const diffId = `sha256:${inner.digest('hex')}`;
  const fault = stored.fault() ?? faultOfContent(layer, diffId);
  if (fault === undefined) return entries.finish(diffId);
  entries.fail('unreadable', fault);
  return entries.refused();
}

function faultOfContent(layer: ImageLayer, diffId: string): string | undefined {
  if (layer.diffId === undefined || layer.diffId === diffId || !layer.diffId.startsWith('sha256:')) return undefined;
  return `the layer ${layer.digest} unpacks to ${diffId}, but the configuration of the image says ${layer.diffId}`;
}

/** Docker's foreign and OCI's non-distributable layers: their bytes are somewhere else. */
function isForeign(mediaType: string): boolean {
  return mediaType.includes('.foreign.') || mediaType.includes('.nondistributable.');
}

const hashes: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512']);

/** The bytes as stored, counted and digested on their way. */
class StoredBytes {
  readonly #layer: ImageLayer;
  readonly #hash: Hash | undefined;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #size = 0;

  constructor(layer: ImageLayer) {
    const algorithm = layer.digest.slice(0, layer.digest.indexOf(':'));
    this.#layer = layer;
    this.#hash = hashes.has(algorithm) && layer.isChecked !== true ? createHash(algorithm) : undefined;
    this.#chunks = deferred(() => layer.open());
  }

  async *read(): AsyncGenerator<Uint8Array> {
    for (let next = await this.#chunks.next(); next.done !== true; next = await this.#chunks.next()) {
      this.#size += next.value.length;
      this.#hash?.update(next.value);
      yield next.value;
    }
  }

  /** Reads what the unpacking left over. */
  async drain(): Promise<void> {
    for await (const _ of this.read());
  }

  fault(): string | undefined {
    const { digest, size, isChecked } = this.#layer;
    const algorithm = digest.slice(0, digest.indexOf(':'));
    if (isChecked === true) return undefined;
    if (this.#hash === undefined) return `the layer ${digest} has a digest of an unknown kind`;
    const measured = `${algorithm}:${this.#hash.digest('hex')}`;
    if (measured !== digest) return `the layer ${digest} has the digest ${measured}`;
    return this.#size === size ? undefined : `the layer ${digest} has ${this.#size} bytes, not ${size}`;
  }
}

async function* deferred(open: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* open();
}
