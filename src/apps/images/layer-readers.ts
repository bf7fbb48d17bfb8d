// SPDX-License-Identifier: Apache-2.0
// Who reads the layers of an image: this thread, or a few others when there are several large layers on disk.
import { availableParallelism } from 'node:os';
import type { CatalogedFile } from '../../evidence/packages/catalog.ts';
import { CatalogRun } from '../../evidence/packages/catalog.ts';
import type { Cataloger } from '../../evidence/packages/cataloger.ts';
import { WorkerPool } from '../../io/workers.ts';
import { messageOf } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import type { ImageInput, ImageLayer } from '../../sources/image/image-input.ts';
import { unreadLayer } from '../../sources/image/layer-record.ts';
import type { LayerReader } from '../../sources/image/read-image.ts';
import type { CatalogedLayer, LayerTask } from './layer-reading.ts';
import { catalogLayer, taskOf } from './layer-reading.ts';

export interface ClosableReader extends LayerReader<CatalogedFile> {
  close(): Promise<void>;
}

/** Reads in this thread; Node unpacks the next chunk in another one meanwhile. */
export function localReader(catalogers: readonly Cataloger[], limits: Limits): ClosableReader {
  const run = new CatalogRun(catalogers);
  return {
    concurrency: 2,
    read: (layer, only) => catalogLayer(layer, { run, limits, only }),
    close: async () => undefined,
  };
}

/** More threads than this cost more memory than they save time: each holds the code and some chunks. */
const mostThreads = 3;
/** Stored bytes outside the largest layer from which a second thread pays for its start. */
const worthThreads = 16 * 1024 * 1024;

/** Threads with the catalogers of the program, for layers that stand in files; undefined when they would not help. */
export function threadedReader(image: ImageInput): ClosableReader | undefined {
  const placed = image.layers.filter((layer) => layer.place !== undefined);
  const sizes = placed.map((layer) => layer.size);
  const rest = sizes.reduce((sum, size) => sum + size, 0) - Math.max(0, ...sizes);
  const threads = Math.min(availableParallelism(), placed.length, mostThreads);
  if (placed.length < image.layers.length || threads < 2 || rest < worthThreads) return undefined;
  const pool = new WorkerPool<LayerTask, CatalogedLayer>(workerScript(), threads);
  return {
    concurrency: threads,
    read: (layer, only) => readInPool(pool, layer, only),
    close: () => pool.close(),
  };
}

async function readInPool(
  pool: WorkerPool<LayerTask, CatalogedLayer>,
  layer: ImageLayer,
  only: ReadonlyMap<string, readonly string[]> | undefined,
): Promise<CatalogedLayer> {
  if (layer.place === undefined) return unreadLayer(layer.digest, 'the layer is not a file');
  try {
    return await pool.run(taskOf(layer, layer.place, only));
  } catch (error) {
    // A layer that exhausts the memory of its thread must not end the program.
    return unreadLayer(layer.digest, `the layer ${layer.digest} cannot be read: ${messageOf(error)}`);
  }
}

/** From the bundle (dist/) and from the sources (src/apps/images/). */
function workerScript(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './layer-worker.ts' : './layer-worker.cjs', import.meta.url);
}
