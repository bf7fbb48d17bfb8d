// SPDX-License-Identifier: Apache-2.0
// Image archives that are packed as a whole, as targets.
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildImage, buildLayer } from '../../../test/support/image-builder.ts';
import { writeTar } from '../../../test/support/tar-writer.ts';
import { unpackedArchive } from '../../io/registry/unpacked-archive.ts';
import { defaultLimits } from '../../model/limits.ts';
import { openLocalImage } from './open-image.ts';

const image = buildImage([buildLayer([{ path: 'etc/os-release', content: 'ID=alpine\n' }], 'none')]);
const saved = writeTar([
  { path: 'config.json', content: image.config },
  { path: 'layer.tar', content: image.layers[0]?.bytes ?? '' },
  {
    path: 'manifest.json',
    content: JSON.stringify([{ Config: 'config.json', RepoTags: ['shop/web:1.4'], Layers: ['layer.tar'] }]),
  },
]);
const platform = { os: 'linux', architecture: 'amd64' };

function stored(name: string, bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-test-packed-'));
  writeFileSync(join(folder, name), bytes);
  return folder;
}

async function layerOf(cwd: string, target: string): Promise<Buffer> {
  const opened = await openLocalImage('docker-archive', target, { cwd, platform });
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of opened.image.layers[0]?.open() ?? []) chunks.push(Uint8Array.from(chunk));
    return Buffer.concat(chunks);
  } finally {
    opened.close();
  }
}

function leftBehind(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('landwaiter-archive-'));
}

describe('an image archive that is packed as a whole', () => {
  it.each([
    ['gzip', gzipSync(saved)],
    ['gzip in two members', Buffer.concat([gzipSync(saved.subarray(0, 700)), gzipSync(saved.subarray(700))])],
    ['zstd', zstdCompressSync(saved)],
  ])('with %s is read as the plain one', async (_, bytes) => {
    const folder = stored('web.tar.gz', bytes);

    const [whole, named] = [await layerOf(folder, 'web.tar.gz'), await layerOf(folder, 'web.tar.gz:shop/web:1.4')];

    expect(whole).toEqual(image.layers[0]?.bytes);
    expect(named).toEqual(whole);
    expect(leftBehind()).toEqual([]);
  });

  it.each([
    ['cut off', gzipSync(saved).subarray(0, 200)],
    ['packed with what is not read', Buffer.from('BZh91AY&SY')],
    ['packed and no archive', gzipSync('hello')],
  ])('is refused when it is %s', async (_, bytes) => {
    const folder = stored('web.tar.gz', bytes);

    await expect(layerOf(folder, 'web.tar.gz')).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
    expect(leftBehind()).toEqual([]);
  });

  it('is refused when it unpacks to more than is allowed', async () => {
    const folder = stored('web.tar.gz', gzipSync(saved));

    await expect(
      unpackedArchive(join(folder, 'web.tar.gz'), { ...defaultLimits, layerBytes: 1_000 }),
    ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    expect(leftBehind()).toEqual([]);
  });

  it('is not unpacked when it is not packed', async () => {
    expect(await unpackedArchive(join(stored('web.tar', saved), 'web.tar'))).toBeUndefined();
    expect(await unpackedArchive('/nowhere/web.tar')).toBeUndefined();
  });
});
