// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { namedImage } from '../../../test/support/image-input.ts';
import type { CatalogedFile } from '../../evidence/packages/catalog.ts';
import type { ImageLayer } from '../../sources/image/image-input.ts';
import { unreadLayer } from '../../sources/image/layer-record.ts';
import type { ClosableReader } from './layer-readers.ts';
import { sharedReader } from './shared-layers.ts';

function countingReader(): ClosableReader & { readonly asked: string[]; isClosed: boolean } {
  const reader = {
    concurrency: 2,
    asked: [] as string[],
    isClosed: false,
    read: async (layer: ImageLayer) => {
      reader.asked.push(layer.digest);
      return unreadLayer<CatalogedFile>(layer.digest, 'only counted');
    },
    close: async () => {
      reader.isClosed = true;
    },
  };
  return reader;
}

const images = [namedImage({ layers: ['os', 'a'] }), namedImage({ layers: ['os', 'b'] })];
const layers = images.flatMap((image) => image.layers);

describe('layers that images share', () => {
  it('are read once', async () => {
    const inner = countingReader();
    const shared = sharedReader(inner, images);

    await Promise.all(layers.map((layer) => shared.read(layer)));

    expect(inner.asked.toSorted()).toEqual([...new Set(layers.map(({ digest }) => digest))].toSorted());
  });

  it('are forgotten when the last image has them', async () => {
    const inner = countingReader();
    const shared = sharedReader(inner, images);
    const [os] = layers;
    if (os === undefined) throw new TypeError('there is a layer');

    await shared.read(os);
    await shared.read(os);
    await shared.read(os);

    expect(inner.asked).toHaveLength(2);
  });

  it('are not shared when the configurations disagree about the content', async () => {
    const inner = countingReader();
    const [image] = images;
    if (image === undefined) throw new TypeError('there is an image');
    const lying = { ...image, layers: image.layers.map((layer) => ({ ...layer, diffId: `sha256:${'0'.repeat(64)}` })) };
    const shared = sharedReader(inner, [image, lying]);

    await Promise.all([...image.layers, ...lying.layers].map((layer) => shared.read(layer)));

    expect(inner.asked).toHaveLength(4);
  });

  it('are read anew for single files, which are other files for each image', async () => {
    const inner = countingReader();
    const shared = sharedReader(inner, images);
    const [os] = layers;
    if (os === undefined) throw new TypeError('there is a layer');

    await shared.read(os, new Map([['usr/bin/a', ['usr/bin/a']]]));
    await shared.read(os, new Map([['usr/bin/b', ['usr/bin/b']]]));

    expect(inner.asked).toHaveLength(2);
  });

  it('stay open for the next image when one is done', async () => {
    const inner = countingReader();

    await sharedReader(inner, images).close();

    expect(inner.isClosed).toBe(false);
  });
});
