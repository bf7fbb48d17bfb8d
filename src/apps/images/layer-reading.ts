// SPDX-License-Identifier: Apache-2.0
// Reading one layer for packages, as it is done here and in other threads: wanted files are parsed as they come, and dropped.
import type { CatalogedFile, CatalogRun } from '../../evidence/packages/catalog.ts';
import { fileChunks } from '../../io/file-chunks.ts';
import type { FilePlace } from '../../io/registry/image-store.ts';
import type { Limits } from '../../model/limits.ts';
import type { ImageLayer } from '../../sources/image/image-input.ts';
import { readLayer, readLayerWithLinks } from '../../sources/image/layer.ts';
import type { LayerRecord } from '../../sources/image/layer-record.ts';
import type { SourceFile } from '../../sources/source.ts';

export type CatalogedLayer = LayerRecord<CatalogedFile>;
export type OnlyThese = ReadonlyMap<string, readonly string[]>;

/** A layer that stands in a file, in values that can be sent to another thread. */
export interface LayerTask {
  readonly digest: string;
  readonly diffId: string | undefined;
  readonly mediaType: string;
  readonly size: number;
  readonly place: FilePlace;
  readonly only: readonly (readonly [string, readonly string[]])[] | undefined;
}

export function taskOf(layer: ImageLayer, place: FilePlace, only: OnlyThese | undefined): LayerTask {
  const { digest, diffId, mediaType, size } = layer;
  return { digest, diffId, mediaType, size, place, only: only === undefined ? undefined : [...only] };
}

export function layerOfTask({ digest, diffId, mediaType, size, place }: LayerTask): ImageLayer {
  return { digest, mediaType, size, open: () => fileChunks(place), ...(diffId === undefined ? {} : { diffId }) };
}

export interface CatalogReading {
  readonly run: CatalogRun;
  readonly limits: Limits;
  readonly only?: OnlyThese | undefined;
}

export function catalogLayer(layer: ImageLayer, { run, limits, only }: CatalogReading): Promise<CatalogedLayer> {
  const work = {
    wants: (path: string) => run.wants(path),
    wantsExecutable: (path: string) => run.wantsExecutable(path),
    digest: (file: SourceFile, bytes: 'given' | 'lent') => {
      const found = run.catalog(file);
      if (isNothing(found)) return undefined;
      return bytes === 'given' ? found : withOwnBytes(found, file.bytes);
    },
  };
  return only === undefined ? readLayerWithLinks(layer, { work, limits }) : readLayer(layer, { work, limits, only });
}

function isNothing({ lists, problems, kept, waiting }: CatalogedFile): boolean {
  return lists.length === 0 && problems.length === 0 && kept.length === 0 && waiting === undefined;
}

/** What outlives the reading must not share memory with what is only lent. */
function withOwnBytes(found: CatalogedFile, lent: Uint8Array): CatalogedFile {
  const own = (file: SourceFile): SourceFile =>
    file.bytes.buffer === lent.buffer ? { ...file, bytes: Uint8Array.from(file.bytes) } : file;
  const { kept, waiting } = found;
  if (kept.length === 0 && waiting === undefined) return found;
  return {
    ...found,
    kept: kept.map((item) => ({ ...item, file: own(item.file) })),
    waiting: waiting === undefined ? undefined : { ...waiting, file: own(waiting.file) },
  };
}
