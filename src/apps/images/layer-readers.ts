// SPDX-License-Identifier: Apache-2.0
// Who reads the layers of an image: this thread, or a few others when there are several large layers on disk.
import { availableParallelism } from 'node:os';
import type { CatalogedFile, CatalogOptions } from '../../evidence/packages/catalog.ts';
import { CatalogRun } from '../../evidence/packages/catalog.ts';
import type { Cataloger } from '../../evidence/packages/cataloger.ts';
import { storedFolder } from '../../io/stored-files.ts';
import { WorkerPool } from '../../io/workers.ts';
import { messageOf } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { ImageLayer } from '../../sources/image/image-input.ts';
import { unreadLayer } from '../../sources/image/layer-record.ts';
import type { LayerReader } from '../../sources/image/read-image.ts';
import type { CatalogedItem, CatalogedLayer, LayerTask, TaskOptions } from './layer-reading.ts';
import { catalogLayer, taskOf, withItems } from './layer-reading.ts';

export interface ClosableReader extends LayerReader<CatalogedFile> {
  close(): Promise<void>;
}

export interface ReaderOptions {
  readonly catalogers: readonly Cataloger[];
  /** The catalogers are those of the program, so that other threads can read too. */
  readonly threads?: 'allowed';
  readonly layerCache?: string | undefined;
  /** `owned`: packages come with the files they own. */
  readonly files?: 'owned' | undefined;
}

/** The quickest way to read these layers, of one image or of several. */
export async function layerReader(layers: readonly ImageLayer[], options: ReaderOptions): Promise<ClosableReader> {
  const { catalogers, files } = options;
  const threads = options.threads === 'allowed' ? threadedReader(layers, files) : undefined;
  const reader = threads ?? localReader(catalogers, defaultLimits, files === undefined ? {} : { files });
  if (options.layerCache === undefined) return reader;
  const { cachedReader, programDigest } = await import('./layer-cache.ts');
  const program = programDigest();
  if (program === undefined) return reader;
  const rules = files === undefined ? program : `${program} with files`;
  return cachedReader(reader, { folder: storedFolder(options.layerCache), rules });
}

/** Reads in this thread; Node unpacks the next chunk in another one meanwhile. */
export function localReader(
  catalogers: readonly Cataloger[],
  limits: Limits,
  options: CatalogOptions = {},
): ClosableReader {
  const run = new CatalogRun(catalogers, options);
  return {
    concurrency: 2,
    read: (layer, only) => catalogLayer(layer, { run, catalogers, limits, only }),
    close: async () => undefined,
  };
}

/** More threads than this cost more memory than they save time: each holds the code, some chunks and the largest program it met. */
const mostThreads = 2;
/** Processors one thread keeps busy: unpacking runs beside it. */
const processorsPerThread = 2;
/** Stored bytes from which a thread pays for its start; and those outside the largest layer from which a second one does. */
const worthThread = 32 * 1024 * 1024;
const worthSecond = 16 * 1024 * 1024;
/** Megabytes (see PoolOptions) of each thread. */
const initialHeap = 32;
const youngHeap = 8;

/** Threads with the catalogers of the program, for large layers that stand in files; undefined when they would not help. */
export function threadedReader(
  layers: readonly ImageLayer[],
  files: ReaderOptions['files'],
): ClosableReader | undefined {
  const placed = layers.filter((layer) => layer.place !== undefined);
  const sizes = placed.map((layer) => layer.size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (placed.length < layers.length || total < worthThread) return undefined;
  const isSecondWorth = total - Math.max(0, ...sizes) >= worthSecond;
  const possible = Math.min(Math.floor(availableParallelism() / processorsPerThread), mostThreads);
  const threads = isSecondWorth ? Math.max(1, possible) : 1;
  const pool = new WorkerPool<LayerTask, CatalogedLayer>(workerScript(), threads, {
    initialHeap,
    youngHeap,
  });
  return {
    concurrency: threads,
    read: (layer, only) => readInPool(pool, layer, { only, files }),
    close: () => pool.close(),
  };
}

async function readInPool(
  pool: WorkerPool<LayerTask, CatalogedLayer>,
  layer: ImageLayer,
  options: TaskOptions,
): Promise<CatalogedLayer> {
  if (layer.place === undefined) return unreadLayer(layer.digest, 'the layer is not a file');
  const items: CatalogedItem[] = [];
  const onPart = (part: readonly CatalogedItem[]): void => void items.push(...part);
  try {
    return withItems(await pool.run(taskOf(layer, layer.place, options), onPart), items);
  } catch (error) {
    // A layer that exhausts the memory of its thread must not end the program.
    return unreadLayer(layer.digest, `the layer ${layer.digest} cannot be read: ${messageOf(error)}`);
  }
}

/** From the bundle (dist/) and from the sources (src/apps/images/). */
export function workerScript(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './layer-worker.ts' : './layer-worker.cjs', import.meta.url);
}
