// SPDX-License-Identifier: Apache-2.0
// All layers of an image, each read once, and the view of them that a container has. How a layer is read (here, in another thread, from a
// cache) is the reader's business.
import type { Coverage, SkippedEntries } from '../../model/coverage.ts';
import { pathsKept } from '../../model/coverage.ts';
import type { Limits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { ImageInput, ImageLayer } from './image-input.ts';
import { namesByTarget } from './layer.ts';
import type { LayerLink, LayerRecord } from './layer-record.ts';
import { pathHash } from './path-hash.ts';
import type { SquashedImage } from './squash.ts';
import { squash } from './squash.ts';

export interface LayerReader<T> {
  /** Never rejects for what a layer holds. With `only`, just these files, for the links that lead to them. */
  read(layer: ImageLayer, only?: ReadonlyMap<string, readonly string[]>): Promise<LayerRecord<T>>;
  /** Layers that are read at the same time. */
  readonly concurrency: number;
}

export interface ReadImage<T> extends SquashedImage<T> {
  /** From the base upwards. */
  readonly records: readonly LayerRecord<T>[];
  readonly coverage: Coverage;
}

export async function readImage<T>(image: ImageInput, reader: LayerReader<T>, limits: Limits): Promise<ReadImage<T>> {
  // Some builders list the same layer (an empty one) many times.
  const distinct = new Map(image.layers.map((layer) => [keyOf(layer), layer]));
  const read = await inParallel([...distinct.values()], reader.concurrency, (layer) => reader.read(layer));
  const byKey = new Map([...distinct.keys()].map((key, index) => [key, read[index]]));
  const first = image.layers.flatMap((layer) => byKey.get(keyOf(layer)) ?? []);
  const records = await withLinksAcross(image, reader, first);
  const entries = records.reduce((sum, record) => sum + record.entries, 0);
  const problems: Problem[] = [];
  if (entries > limits.imageEntries) {
    const message = `the layers have ${entries} entries together, more than ${limits.imageEntries}`;
    problems.push({ kind: 'limit', message, location: { path: '.' }, hidesFindings: false });
  }
  return { ...squash(records), records, coverage: joinCoverage(records, problems) };
}

function keyOf({ digest, diffId, mediaType }: ImageLayer): string {
  return `${digest} ${diffId ?? ''} ${mediaType}`;
}

/** Calls `work` for every item, `concurrency` at a time; results in the order of the items. */
async function inParallel<I, O>(
  items: readonly I[],
  concurrency: number,
  work: (item: I) => Promise<O>,
): Promise<readonly O[]> {
  const results = new Map<number, O>();
  const queue = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results.set(next[0], await work(next[1]));
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, lane));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}

/** Hard links to files of lower layers: those layers are read again for just these files. */
async function withLinksAcross<T>(
  image: ImageInput,
  reader: LayerReader<T>,
  records: readonly LayerRecord<T>[],
): Promise<readonly LayerRecord<T>[]> {
  if (records.every((record) => record.missing.length === 0)) return records;
  const complete = [...records];
  for (const [index, record] of records.entries()) {
    for (const [place, links] of placesOf(record.missing, records.slice(0, index))) {
      const layer = image.layers[place];
      const known = complete[index];
      if (layer === undefined || known === undefined) continue;
      const { items } = await reader.read(layer, namesByTarget(links));
      complete[index] = { ...known, items: [...known.items, ...items] };
    }
  }
  return complete;
}

/** The nearest lower layer that has the target of each link, with its links. */
function placesOf<T>(
  links: readonly LayerLink[],
  lower: readonly LayerRecord<T>[],
): ReadonlyMap<number, readonly LayerLink[]> {
  const places = new Map<number, LayerLink[]>();
  let open = Map.groupBy(links, (link) => pathHash(link.target));
  for (const [place, record] of [...lower.entries()].toReversed()) {
    const here = new Set(record.gone.filter((hash) => open.has(hash)));
    if (here.size === 0) continue;
    places.set(
      place,
      [...here].flatMap((hash) => open.get(hash) ?? []),
    );
    open = new Map([...open].filter(([hash]) => !here.has(hash)));
  }
  return places;
}

function joinCoverage<T>(records: readonly LayerRecord<T>[], problems: readonly Problem[]): Coverage {
  const parts = records.map((record) => record.coverage);
  const sum = (count: (part: Coverage) => number): number => parts.reduce((total, part) => total + count(part), 0);
  const byReason = Map.groupBy(
    parts.flatMap((part) => part.skipped),
    (entry) => entry.reason,
  );
  return {
    filesSeen: sum((part) => part.filesSeen),
    filesRead: sum((part) => part.filesRead),
    bytesRead: sum((part) => part.bytesRead),
    skipped: [...byReason].map(
      ([reason, entries]): SkippedEntries => ({
        reason,
        count: entries.reduce((total, entry) => total + entry.count, 0),
        examples: entries.flatMap((entry) => entry.examples).slice(0, pathsKept(reason)),
      }),
    ),
    problems: [...parts.flatMap((part) => part.problems), ...problems],
  };
}
