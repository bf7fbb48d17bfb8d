// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { buildLayer, layerInputOf } from '../../../test/support/image-builder.ts';
import { catalogers } from '../../evidence/packages/index.ts';
import { memoryFolder } from '../../io/memory-folder.ts';
import type { StoredFolder } from '../../io/stored-files.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { ImageLayer } from '../../sources/image/image-input.ts';
import type { CacheLimits } from './layer-cache.ts';
import { cachedReader } from './layer-cache.ts';
import type { ClosableReader } from './layer-readers.ts';
import { localReader } from './layer-readers.ts';

function layerOf(name: string): ImageLayer {
  return layerInputOf(
    buildLayer([
      { path: 'usr/lib/os-release', content: 'ID=debian\n' },
      { path: 'var/lib/dpkg/status', content: `Package: ${name}\nStatus: install ok installed\nVersion: 1\n` },
      { path: `${name}/requirements.txt`, content: `${name}==1.0\n` },
    ]),
  );
}

/** A reader that counts how often it reads. */
function counting(): ClosableReader & { count: number } {
  const reader = localReader(catalogers, defaultLimits);
  const counter = {
    ...reader,
    count: 0,
    read: (layer: ImageLayer) => {
      counter.count += 1;
      return reader.read(layer);
    },
  };
  return counter;
}

function cached(reader: ClosableReader, folder: StoredFolder, rules = 'r', limits?: CacheLimits): ClosableReader {
  return cachedReader(reader, { folder, rules, ...(limits === undefined ? {} : { limits }) });
}

describe('cachedReader', () => {
  it('gives the same record again without reading', async () => {
    const folder = memoryFolder();
    const reader = counting();
    const layer = layerOf('a');

    const first = await cached(reader, folder).read(layer);
    const second = await cached(reader, folder).read(layer);

    expect(reader.count).toBe(1);
    expect(JSON.parse(JSON.stringify(second))).toEqual(JSON.parse(JSON.stringify(first)));
    expect(second.gone).toEqual(first.gone);
  });

  it('reads again for another program', async () => {
    const folder = memoryFolder();
    const reader = counting();

    await cached(reader, folder, 'one').read(layerOf('a'));
    await cached(reader, folder, 'two').read(layerOf('a'));

    expect(reader.count).toBe(2);
  });

  it('reads again when a file of the cache was changed or cut off', async () => {
    const folder = memoryFolder();
    const reader = counting();
    await cached(reader, folder).read(layerOf('a'));
    const [part = ''] = folder.list('');
    const path = `${part}/${folder.list(part)[0] ?? ''}`;
    const bytes = Buffer.from(folder.read(path, 1e9) ?? []);
    const changed = Buffer.from(bytes);
    changed[200] = (changed[200] ?? 0) ^ 1;

    for (const damaged of [changed, bytes.subarray(0, 100), Buffer.alloc(0)]) {
      folder.write(path, damaged);
      await cached(reader, folder).read(layerOf('a'));
    }

    expect(reader.count).toBe(4);
  });

  it('does not keep a layer that could not be read', async () => {
    const folder = memoryFolder();
    const reader = counting();
    const layer = { ...layerOf('a'), digest: `sha256:${'0'.repeat(64)}` };

    await cached(reader, folder).read(layer);
    await cached(reader, folder).read(layer);

    expect(reader.count).toBe(2);
  });

  it('stays within its limits', async () => {
    const folder = memoryFolder();
    const limits = { recordBytes: 100_000, totalBytes: 8_000 };
    const reader = cached(counting(), folder, 'r', limits);
    for (let index = 0; index < 20; index += 1) await reader.read(layerOf(`package-${index}`));

    const sizes = folder
      .list('')
      .flatMap((part) => folder.list(part).map((name) => folder.size(`${part}/${name}`) ?? 0));

    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(8_000);
  });
});
