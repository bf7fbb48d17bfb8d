// SPDX-License-Identifier: Apache-2.0
// Layers that several images of one run have in common are read once; what was read is kept until the last of these images has it.
import type { ImageInput, ImageLayer } from '../../sources/image/image-input.ts';
import type { ClosableReader } from './layer-readers.ts';
import type { CatalogedLayer } from './layer-reading.ts';

/** Closed by who made it, not by each image. */
export function sharedReader(reader: ClosableReader, images: readonly ImageInput[]): ClosableReader {
  /** How many images still ask for a layer. */
  const uses = new Map<string, number>();
  for (const image of images)
    for (const key of new Set(image.layers.map(keyOf))) uses.set(key, (uses.get(key) ?? 0) + 1);
  const records = new Map<string, Promise<CatalogedLayer>>();
  return {
    concurrency: reader.concurrency,
    close: async () => undefined,
    read: (layer, only) => {
      if (only !== undefined) return reader.read(layer, only);
      const key = keyOf(layer);
      const left = (uses.get(key) ?? 1) - 1;
      uses.set(key, left);
      const record = records.get(key) ?? reader.read(layer);
      if (left > 0) records.set(key, record);
      else records.delete(key);
      return record;
    },
  };
}

/** A wrong digest of the content in one configuration must not spoil the layer for other images. */
function keyOf({ digest, diffId, mediaType }: ImageLayer): string {
  return `${digest} ${diffId ?? ''} ${mediaType}`;
}
