// SPDX-License-Identifier: Apache-2.0
// What a thread that reads a layer sends in portions, and what becomes of it.
import { describe, expect, it } from 'vitest';
import { buildLayer } from '../../../test/support/image-builder.ts';
import { CatalogRun } from '../../evidence/packages/catalog.ts';
import { catalogers } from '../../evidence/packages/index.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { ImageLayer } from '../../sources/image/image-input.ts';
import type { CatalogedItem, CatalogedLayer } from './layer-reading.ts';
import { catalogLayer, catalogLayerInPortions, withItems } from './layer-reading.ts';

const modules = Array.from({ length: 700 }, (_, index) => `module-${index}`);

/** A layer of npm packages; the last has a hard link to a file that nobody would read. */
function layerOf(names: readonly string[], change: Partial<ImageLayer> = {}): ImageLayer {
  const { bytes, digest, diffId, mediaType } = buildLayer([
    { path: 'app/store/4711', content: manifestOf('linked') },
    ...names.map((name) => ({ path: `app/node_modules/${name}/package.json`, content: manifestOf(name) })),
    { path: 'app/node_modules/linked/package.json', type: '1' as const, link: 'app/store/4711' },
  ]);
  const open = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  return { digest, diffId, mediaType, size: bytes.length, open, ...change };
}

function manifestOf(name: string): string {
  return JSON.stringify({ name, version: '1.0.0' });
}

const reading = { run: new CatalogRun(catalogers), catalogers, limits: defaultLimits };

interface Sent {
  readonly portions: readonly (readonly CatalogedItem[])[];
  readonly record: CatalogedLayer;
}

async function send(layer: ImageLayer): Promise<Sent> {
  const portions: (readonly CatalogedItem[])[] = [];
  const record = await catalogLayerInPortions(layer, reading, (items) => void portions.push(items));
  return { portions, record };
}

describe('a layer in portions', () => {
  it('is the same record, in the same order, when it is put together', async () => {
    const whole = await catalogLayer(layerOf(modules), reading);
    const { portions, record } = await send(layerOf(modules));

    expect(whole.items).toHaveLength(701);
    expect(portions.length).toBeGreaterThan(3);
    expect(record.items.length).toBeLessThan(200);
    expect(withItems(record, portions.flat())).toEqual(whole);
  });

  it('comes with its record alone when it has few items', async () => {
    const { portions, record } = await send(layerOf(['one', 'two']));

    expect(portions).toEqual([]);
    expect(record).toEqual(await catalogLayer(layerOf(['one', 'two']), reading));
  });

  it('has no items when it is refused at its end: what was sent before is not true', async () => {
    const { portions, record } = await send(layerOf(modules, { diffId: `sha256:${'0'.repeat(64)}` }));

    expect(portions.length).toBeGreaterThan(3);
    expect(withItems(record, portions.flat()).items).toEqual([]);
    expect(record.coverage.problems).toMatchObject([{ kind: 'unreadable', hidesFindings: true }]);
  });
});
