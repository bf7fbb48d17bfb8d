// SPDX-License-Identifier: Apache-2.0
// The stores that stand on disk: OCI layouts as folder and archive, and archives of docker save.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestManifest } from '../../../test/support/registry/content.ts';
import { blobOf, digestOfBytes, imageOf, indexOf, noise, referrerOf } from '../../../test/support/registry/content.ts';
import type { TarMemberInput } from '../../../test/support/tar-writer.ts';
import { writeTar } from '../../../test/support/tar-writer.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { RandomAccessFile } from '../stored-files.ts';
import { collect } from './checked-stream.ts';
import { openDockerArchive } from './docker-archive.ts';
import type { ImageStore } from './image-store.ts';
import { openOciArchive, openOciDirectory } from './oci-layout.ts';
import { readImageConfig, resolveImage } from './resolve-image.ts';
import { indexTar } from './tar-index.ts';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'images-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const layers = [noise(1_200_000), noise(3_000, 2)];
const image = imageOf({ layers });
const amd64 = { os: 'linux', architecture: 'amd64' };

type Files = Readonly<Record<string, string | Uint8Array>>;

function layoutOf(
  manifests: readonly TestManifest[],
  entries: readonly object[] = manifests.map((manifest) => entryOf(manifest)),
): Files {
  const blobs = manifests
    .flatMap((manifest) => [manifest, ...manifest.blobs])
    .map(({ digest, bytes }) => [`blobs/${digest.replace(':', '/')}`, bytes]);
  return {
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    'index.json': JSON.stringify({ schemaVersion: 2, manifests: entries }),
    ...(Object.fromEntries(blobs) as Files),
  };
}

function entryOf({ mediaType, digest, size }: TestManifest, name?: string): object {
  return {
    mediaType,
    digest,
    size,
    ...(name === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': name } }),
  };
}

function onDisk(files: Files): string {
  count += 1;
  const root = join(folder, `layout-${count}`);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

function archived(members: readonly TarMemberInput[], pack = (bytes: Buffer): Buffer => bytes): string {
  count += 1;
  const path = join(folder, `archive-${count}.tar`);
  writeFileSync(path, pack(writeTar(members)));
  return path;
}

function membersOf(files: Files): TarMemberInput[] {
  return Object.entries(files).map(([path, content]) => ({ path, content }));
}

async function layersOf(store: ImageStore, name?: string): Promise<Digest[]> {
  const resolved = await resolveImage(store, { name, platform: amd64 });
  if (resolved.kind !== 'found') throw new Error(JSON.stringify(resolved));
  const config = await readImageConfig(store, resolved.value);
  if (config.kind !== 'found') throw new Error(JSON.stringify(config));
  const digests: Digest[] = [];
  for (const { digest, size } of resolved.value.manifest.layers) {
    const blob = await store.blob({ digest, size });
    if (blob.kind !== 'found') throw new Error(JSON.stringify(blob));
    digests.push(digestOfBytes(await collect(blob.value.chunks)));
  }
  store.close();
  return digests;
}

describe.each([
  ['folder', (files: Files) => openOciDirectory(onDisk(files))],
  ['archive', (files: Files) => openOciArchive(archived(membersOf(files)))],
])('an OCI layout in a(n) %s', (_, open) => {
  it('gives its image', async () => {
    expect(await layersOf(open(layoutOf([image])))).toEqual(layers.map(digestOfBytes));
  });

  it('gives the image of the platform from several', async () => {
    const other = imageOf({ layers: ['other'], architecture: 'arm64' });
    const index = indexOf({ 'linux/arm64': other, 'linux/amd64': image });

    expect(await layersOf(open(layoutOf([other, image, index], [entryOf(index, 'latest')])))).toEqual(
      layers.map(digestOfBytes),
    );
  });

  it('gives an image by the name it was stored under', async () => {
    const other = imageOf({ layers: ['other'] });
    const files = layoutOf([other, image], [entryOf(other, 'a'), entryOf(image, 'b')]);

    expect(await layersOf(open(files), 'b')).toEqual(layers.map(digestOfBytes));
    expect((await open(files).manifest('c')).kind).toBe('none');
  });

  it('gives its only image, whatever refers to it', async () => {
    const signature = imageOf({ layers: ['{}'], layerType: 'application/vnd.dev.cosign.simplesigning.v1+json' });
    const note = referrerOf(image, 'a note');
    const list = indexOf({ 'linux/amd64': note });
    const tag = image.digest.replace(':', '-');
    const entries = [entryOf(note), entryOf(image), entryOf(signature, `${tag}.sig`), entryOf(list, tag)];

    expect(await layersOf(open(layoutOf([note, image, signature, list], entries)))).toEqual(layers.map(digestOfBytes));
  });

  it('does not choose between two images of no platform', async () => {
    const store = open(layoutOf([image, imageOf({ layers: ['other'] }), referrerOf(image, 'a note')]));

    expect(await resolveImage(store, { platform: amd64 })).toMatchObject({ kind: 'unknown' });
  });

  it('does not pass over what it cannot read', async () => {
    const store = open(layoutOf([image], [entryOf(image), entryOf(referrerOf(image, 'gone'))]));

    expect(await resolveImage(store, { platform: amd64 })).toMatchObject({ kind: 'unknown' });
  });

  it('gives bytes that are not what their digest says only until they end', async () => {
    const store = open({
      ...layoutOf([image]),
      [`blobs/${blobOf(layers[1] ?? '').digest.replace(':', '/')}`]: Buffer.alloc(3_000),
    });

    await expect(layersOf(store)).rejects.toMatchObject({ code: 'REGISTRY_INVALID' });
  });

  it('lacks a layer: none, and nothing is made up', async () => {
    const store = open(layoutOf([image]));

    expect(await store.blob({ digest: blobOf('nothing').digest })).toEqual({ kind: 'none' });
  });

  it('tells what refers to an image', async () => {
    const note = referrerOf(image, 'a note');
    const store = open(layoutOf([image, note]));

    expect(await store.referrers(image.digest)).toMatchObject({
      kind: 'found',
      value: { descriptors: [{ digest: note.digest }] },
    });
    expect(await store.referrers(note.digest)).toEqual({ kind: 'none' });
  });

  it('with a manifest missing cannot tell what refers to an image', async () => {
    const store = open(layoutOf([image], [entryOf(image), entryOf(referrerOf(image, 'gone'))]));

    expect((await store.referrers(image.digest)).kind).toBe('unknown');
  });

  it('tells where a layer stands on disk', async () => {
    const store = open(layoutOf([image]));

    expect(await store.blob(blobOf(layers[1] ?? ''))).toMatchObject({ value: { place: { length: 3_000 } } });
  });

  it.each<[string, Files, string]>([
    ['no index', { 'oci-layout': '{}' }, 'index.json is missing'],
    ['no marker', { 'index.json': '{"schemaVersion":2,"manifests":[]}' }, 'oci-layout is missing'],
    ['a broken index', { 'oci-layout': '{}', 'index.json': '{' }, 'not valid JSON'],
    ['a later version', { ...layoutOf([image]), 'oci-layout': '{"imageLayoutVersion":"2.0.0"}' }, 'version 2.0.0'],
  ])('with %s is refused', (__, files, message) => {
    expect(() => open(files)).toThrow(message);
  });
});

const config = image.blobs[0];

function saved(
  paths: readonly string[] = ['a/layer.tar', 'b/layer.tar'],
  more: readonly TarMemberInput[] = [],
): TarMemberInput[] {
  const manifest = [{ Config: 'config.json', RepoTags: ['team/app:1.0', 'registry.example/app:2'], Layers: paths }];
  return [
    { path: 'manifest.json', content: JSON.stringify(manifest) },
    { path: 'config.json', content: config?.bytes ?? '' },
    ...paths.map((path, index) => ({ path, content: layers[index] ?? '' })),
    ...more,
  ];
}

describe('an archive of docker save', () => {
  it('gives its image', async () => {
    expect(await layersOf(openDockerArchive(archived(saved())))).toEqual(layers.map(digestOfBytes));
  });

  it.each(['team/app:1.0', 'docker.io/team/app:1.0', '1.0', config?.digest ?? ''])(
    'knows its image as %s',
    async (name) => {
      expect(await layersOf(openDockerArchive(archived(saved())), name)).toEqual(layers.map(digestOfBytes));
    },
  );

  it('follows links to layers, as old versions of docker write them', async () => {
    const members = saved(['a/layer.tar', 'b/layer.tar']).filter(({ path }) => path !== 'b/layer.tar');
    const linked = [
      ...members,
      { path: 'c/layer.tar', content: layers[1] ?? '' },
      { path: 'b/layer.tar', type: '2', link: '../c/layer.tar' },
    ];

    expect(await layersOf(openDockerArchive(archived(linked)))).toEqual(layers.map(digestOfBytes));
  });

  it('with compressed layers gives them as they are', async () => {
    const packed = layers.map((layer) => gzipSync(layer));
    const members = saved().map((member, index) =>
      index < 2 ? member : { ...member, content: packed[index - 2] ?? '' },
    );

    expect(await layersOf(openDockerArchive(archived(members)))).toEqual(packed.map(digestOfBytes));
  });

  it('with a layer that is not the one of the configuration is refused when it is read', async () => {
    const members = saved().map((member, index) => (index === 3 ? { ...member, content: noise(3_000, 9) } : member));

    await expect(layersOf(openDockerArchive(archived(members)))).rejects.toMatchObject({ code: 'REGISTRY_INVALID' });
  });

  it('with fewer layers than its configuration names is refused', async () => {
    expect(await openDockerArchive(archived(saved(['a/layer.tar']))).manifest(undefined)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
    });
  });

  it('with a layer missing is refused', async () => {
    expect(await openDockerArchive(archived(saved().slice(0, 3))).manifest(undefined)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
    });
  });

  it('that is packed as a whole says what to do', () => {
    expect(() => openDockerArchive(archived(saved(), gzipSync))).toThrow(/gunzip/);
  });

  it('that is cut off is refused', () => {
    expect(() => openDockerArchive(archived(saved(), (bytes) => bytes.subarray(0, 600_000)))).toThrow(/cut off/);
  });

  it('that is not there is not found', () => {
    expect(() => openDockerArchive(join(folder, 'nothing.tar'))).toThrow(
      expect.objectContaining({ code: 'TARGET_NOT_FOUND' }),
    );
  });
});

describe('the index of a tar archive', () => {
  const inMemory = (bytes: Buffer): RandomAccessFile => ({
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    close: () => {},
  });

  it('keeps to names inside the archive', () => {
    const index = indexTar(
      inMemory(
        writeTar([
          { path: '../outside', content: 'x' },
          { path: './inside', content: 'y' },
        ]),
      ),
      'a.tar',
      10,
    );

    expect(index.paths).toEqual(['inside']);
  });

  it('gives up links in a circle', () => {
    const index = indexTar(
      inMemory(
        writeTar([
          { path: 'a', type: '2', link: 'b' },
          { path: 'b', type: '2', link: 'a' },
        ]),
      ),
      'a.tar',
      10,
    );

    expect(index.find('a')).toBeUndefined();
  });

  it('reads long names', () => {
    const path = `${'long/'.repeat(40)}name`;

    expect(indexTar(inMemory(writeTar([{ path, content: 'x' }])), 'a.tar', 10).paths).toEqual([path]);
  });

  it('has a limit of members', () => {
    const members = Array.from({ length: 11 }, (_, index) => ({ path: `${index}`, content: '' }));

    expect(() => indexTar(inMemory(writeTar(members)), 'a.tar', 10)).toThrow(/more than 10/);
  });

  it('of changed bytes is made or refused, and never leads outside them', () => {
    const whole = writeTar(saved().map((member) => ({ ...member, content: 'x' })));
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(changes, fc.nat(whole.length), (edits, length) => {
        const bytes = Buffer.from(whole.subarray(0, length));
        for (const [at, value] of edits) if (at < length) bytes[at] = value;
        try {
          const index = indexTar(inMemory(bytes), 'a.tar', 100);
          return index.paths.every((path) => {
            const member = index.find(path);
            return member !== undefined && member.offset + member.size <= bytes.length;
          });
        } catch (error) {
          return error instanceof LandwaiterError;
        }
      }),
      { numRuns: 300 },
    );
  });
});
