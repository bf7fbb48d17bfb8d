// SPDX-License-Identifier: Apache-2.0
// Reading one layer for packages, as it is done here and in other threads: wanted files are parsed as they come, and dropped.
import { FolderNames } from '../../evidence/package-facts/folder-names.ts';
import type { CatalogedFile, CatalogRun } from '../../evidence/packages/catalog.ts';
import type { Cataloger } from '../../evidence/packages/cataloger.ts';
import { fileChunks } from '../../io/file-chunks.ts';
import type { FilePlace } from '../../io/registry/image-store.ts';
import type { Limits } from '../../model/limits.ts';
import type { ImageLayer } from '../../sources/image/image-input.ts';
import { readLayer, readLayerWithLinks } from '../../sources/image/layer.ts';
import type { LayerItem, LayerRecord } from '../../sources/image/layer-record.ts';
import { isRefused } from '../../sources/image/layer-record.ts';
import type { SourceFile } from '../../sources/source.ts';

export type CatalogedLayer = LayerRecord<CatalogedFile>;
export type CatalogedItem = LayerItem<CatalogedFile>;
export type OnlyThese = ReadonlyMap<string, readonly string[]>;

/** A layer that stands in a file, in values that can be sent to another thread. */
export interface LayerTask {
  readonly digest: string;
  readonly diffId: string | undefined;
  readonly mediaType: string;
  readonly size: number;
  readonly place: FilePlace;
  readonly only: readonly (readonly [string, readonly string[]])[] | undefined;
  /** See CatalogOptions. */
  readonly files: 'owned' | undefined;
}

export interface TaskOptions {
  readonly only?: OnlyThese | undefined;
  readonly files?: 'owned' | undefined;
}

export function taskOf(layer: ImageLayer, place: FilePlace, { only, files }: TaskOptions = {}): LayerTask {
  const { digest, diffId, mediaType, size } = layer;
  return { digest, diffId, mediaType, size, place, only: only === undefined ? undefined : [...only], files };
}

export function layerOfTask({ digest, diffId, mediaType, size, place }: LayerTask): ImageLayer {
  return { digest, mediaType, size, open: () => fileChunks(place), ...(diffId === undefined ? {} : { diffId }) };
}

export interface CatalogReading {
  readonly run: CatalogRun;
  readonly catalogers: readonly Cataloger[];
  readonly limits: Limits;
  readonly only?: OnlyThese | undefined;
  /** See LayerReading; not with `only`. */
  readonly take?: ((item: CatalogedItem) => void) | undefined;
}

export async function catalogLayer(layer: ImageLayer, reading: CatalogReading): Promise<CatalogedLayer> {
  const { run, limits, only, take } = reading;
  // Layers are read side by side: each notes the folders it has for itself.
  const folders = new FolderNames(reading.catalogers);
  const work = {
    wants: (path: string) => {
      folders.note(path, path.lastIndexOf('/'));
      return run.takes(path);
    },
    readingOf: (path: string) => run.readingOf(path),
    wantsExecutable: (path: string) => run.wantsExecutable(path),
    digest: (file: SourceFile, bytes: 'given' | 'lent') => {
      const found = run.catalog(file);
      if (isNothing(found)) return undefined;
      return bytes === 'given' ? found : withOwnBytes(found, file.bytes);
    },
  };
  if (only !== undefined) return readLayer(layer, { work, limits, only });
  const record = await readLayerWithLinks(layer, { work, limits, take });
  const named = isRefused(record) ? [] : folders.take();
  return named.length === 0 ? record : { ...record, items: [...record.items, ...named.map(folderItem)] };
}

/** Stands for a folder in a layer. As a path inside of it: another layer that has the folder too does not take it away. */
const inFolder = '/.';

function folderItem(result: CatalogedFile): CatalogedLayer['items'][number] {
  return { path: `${result.path}${inFolder}`, result };
}

/** Items that another thread sends at a time. */
const portion = 128;

/** Reads the layer and sends its items in portions: only the last ones come with the record. */
export async function catalogLayerInPortions(
  layer: ImageLayer,
  reading: CatalogReading,
  send: (items: readonly CatalogedItem[]) => void,
): Promise<CatalogedLayer> {
  let items: CatalogedItem[] = [];
  const take = (item: CatalogedItem): void => {
    items.push(item);
    if (items.length < portion) return;
    send(items);
    items = [];
  };
  return withItems(await catalogLayer(layer, { ...reading, take }), items);
}

/** The record with items that came before it. Those of a layer that was refused at its end do not count. */
export function withItems(record: CatalogedLayer, before: readonly CatalogedItem[]): CatalogedLayer {
  return isRefused(record) || before.length === 0 ? record : { ...record, items: [...before, ...record.items] };
}

/** The path of a file or folder that a layer gave. */
export function pathOfItem(path: string): string {
  return path.endsWith(inFolder) ? path.slice(0, -inFolder.length) : path;
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
