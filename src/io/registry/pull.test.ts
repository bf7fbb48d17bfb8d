// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach, reference, testClient, testRegistry } from '../../../test/support/registry/client.ts';
import { blobOf, imageOf, indexOf, noise } from '../../../test/support/registry/content.ts';
import type { FaultEffect } from '../../../test/support/registry/faults.ts';
import type { TestRegistry, TestRegistryOptions } from '../../../test/support/registry/test-registry.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import { defaultLimits } from '../../model/limits.ts';
import { collect } from './checked-stream.ts';
import { registryStore } from './client.ts';
import { readImageConfig, resolveImage } from './resolve-image.ts';

closeAfterEach();

const layer = noise(300_000);
const image = imageOf({ layers: [layer] });
const layerBlob = blobOf(layer);
const amd64 = { os: 'linux', architecture: 'amd64' };

async function served(options: TestRegistryOptions = {}): Promise<{ registry: TestRegistry; app: Reference }> {
  const registry = await testRegistry(options);
  registry.put('team/app', image, '1.0');
  return { registry, app: reference(`${registry.host}/team/app:1.0`) };
}

describe('a manifest', () => {
  it('is found by its tag, with the digest of its bytes', async () => {
    const { app } = await served();

    const outcome = await testClient().manifest(app);

    expect(outcome).toMatchObject({ kind: 'found', value: { digest: image.digest, mediaType: image.mediaType } });
  });

  it('is asked for by its digest when the reference has a tag too', async () => {
    const { registry } = await served();

    const outcome = await testClient().manifest(reference(`${registry.host}/team/app:moved@${image.digest}`));

    expect(outcome.kind).toBe('found');
    expect(registry.asked(/manifests/)).toEqual([`GET /v2/team/app/manifests/${image.digest}`]);
  });

  it('that is not there is none', async () => {
    const { registry } = await served();
    const client = testClient();

    expect(await client.manifest(reference(`${registry.host}/team/app:2.0`))).toEqual({ kind: 'none' });
    expect(await client.manifest(reference(`${registry.host}/team/other`))).toEqual({ kind: 'none' });
  });

  it('with other bytes than its digest says is refused', async () => {
    const { registry } = await served();
    registry.fail({
      path: /manifests/,
      effect: { kind: 'body', change: (body) => Buffer.concat([body, Buffer.from(' ')]) },
    });

    const outcome = await testClient().manifest(reference(`${registry.host}/team/app@${image.digest}`));

    expect(outcome).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
      reason: expect.stringContaining('digest'),
    });
  });

  it('is refused when the header with its digest lies', async () => {
    const { registry, app } = await served();
    registry.fail({
      path: /manifests/,
      effect: { kind: 'headers', headers: { 'docker-content-digest': layerBlob.digest } },
    });

    expect(await testClient().manifest(app)).toMatchObject({ kind: 'unknown', code: 'REGISTRY_INVALID' });
  });

  it('larger than the limit is given up, whether the registry tells its length or not', async () => {
    const { registry, app } = await served();
    const huge = Buffer.alloc(defaultLimits.imageManifestBytes + 1);
    registry.fail({ path: /manifests/, effect: { kind: 'body', change: () => huge } });

    expect(await testClient().manifest(app)).toMatchObject({ kind: 'unknown', code: 'LIMIT_EXCEEDED' });
    registry.fail({ path: /manifests/, effect: { kind: 'headers', headers: { 'content-length': undefined } } });
    expect(await testClient().manifest(app)).toMatchObject({ kind: 'unknown', code: 'LIMIT_EXCEEDED' });
  });

  it('that comes compressed is refused, since nobody asked for that', async () => {
    const { registry, app } = await served();
    registry.fail({ path: /manifests/, effect: { kind: 'headers', headers: { 'content-encoding': 'gzip' } } });

    expect(await testClient().manifest(app)).toMatchObject({ kind: 'unknown', code: 'REGISTRY_INVALID' });
  });
});

describe('an image', () => {
  it('is what the index has for the platform', async () => {
    const { registry } = await served();
    const arm = imageOf({ layers: ['arm'], architecture: 'arm64' });
    const index = indexOf({ 'linux/arm64/v8': arm, 'linux/amd64': image });
    for (const manifest of [arm, index]) registry.put('team/app', manifest, manifest === index ? 'many' : undefined);
    const store = registryStore(testClient(), reference(`${registry.host}/team/app:many`));

    const outcome = await resolveImage(store, { platform: amd64 });

    expect(outcome).toMatchObject({
      kind: 'found',
      value: { digest: index.digest, manifestDigest: image.digest, indexes: [index.digest] },
    });
  });

  it('that is not there for the platform is not "none", and says what there is', async () => {
    const { registry } = await served();
    registry.put('team/app', indexOf({ 'linux/amd64': image }), 'many');
    const store = registryStore(testClient(), reference(`${registry.host}/team/app:many`));

    const outcome = await resolveImage(store, { platform: { os: 'linux', architecture: 's390x' } });

    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('it has linux/amd64') });
  });

  it('stays the same image when its tag moves between two questions', async () => {
    const { registry } = await served();
    const index = indexOf({ 'linux/amd64': image });
    registry.put('team/app', index, 'many');
    const other = imageOf({ layers: ['other'] });
    const move = (): void => registry.put('team/app', indexOf({ 'linux/amd64': other }), 'many');
    registry.fail({ path: /manifests\/sha256/, effect: { kind: 'meanwhile', run: move } });
    const store = registryStore(testClient(), reference(`${registry.host}/team/app:many`));

    const outcome = await resolveImage(store, { platform: amd64 });

    expect(outcome).toMatchObject({ kind: 'found', value: { digest: index.digest, manifestDigest: image.digest } });
  });

  it('in indexes without end is given up', async () => {
    const { registry } = await served();
    let index = indexOf({ 'linux/amd64': image });
    for (let depth = 0; depth < 6; depth += 1) {
      registry.put('team/app', index, 'deep');
      index = indexOf({ 'linux/amd64': index });
    }
    const store = registryStore(testClient(), reference(`${registry.host}/team/app:deep`));

    expect(await resolveImage(store, { platform: amd64 })).toMatchObject({ kind: 'unknown', code: 'LIMIT_EXCEEDED' });
  });

  it('has a configuration that names as many layers as its manifest', async () => {
    const { registry, app } = await served();
    const store = registryStore(testClient(), app);
    const resolved = await resolveImage(store, { platform: amd64 });
    const fewer = imageOf({ layers: [layer], config: { rootfs: { type: 'layers', diff_ids: [] } } });
    registry.put('team/app', fewer, 'fewer');
    const broken = await resolveImage(store, { name: 'fewer', platform: amd64 });
    if (resolved.kind !== 'found' || broken.kind !== 'found') throw new Error('not found');

    expect(await readImageConfig(store, resolved.value)).toMatchObject({
      kind: 'found',
      value: { config: { diffIds: [layerBlob.digest] } },
    });
    expect(await readImageConfig(store, broken.value)).toMatchObject({ kind: 'unknown', code: 'REGISTRY_INVALID' });
  });
});

async function pulled(
  app: Reference,
  parts: { readonly size?: number; readonly stall?: number } = {},
): Promise<Buffer> {
  const client = testClient({}, parts.stall === undefined ? {} : { stall: parts.stall });
  const outcome = await client.blob(app, { digest: layerBlob.digest, size: parts.size ?? layer.length });
  if (outcome.kind !== 'found') throw new Error(JSON.stringify(outcome));
  return collect(outcome.value.chunks);
}

describe('a blob', () => {
  it('comes as it was stored', async () => {
    const { app } = await served();

    expect((await pulled(app)).equals(layer)).toBe(true);
  });

  it('that is not there is none', async () => {
    const { app } = await served();

    expect(await testClient().blob(app, { digest: blobOf('nothing').digest })).toEqual({ kind: 'none' });
  });

  it('goes on where the connection was cut', async () => {
    const { registry, app } = await served();
    registry.fail({ path: /blobs/, times: 3, effect: { kind: 'cut', bytes: 80_000 } });

    expect((await pulled(app)).equals(layer)).toBe(true);
    expect(registry.requests.filter(({ headers }) => headers.range !== undefined)).toHaveLength(3);
  });

  it('is taken up from a registry that sends everything again', async () => {
    const { registry, app } = await served();
    registry.fail({ path: /blobs/, times: 1, effect: { kind: 'cut', bytes: 80_000 } });
    registry.fail({ path: /blobs/, after: 1, effect: { kind: 'answer', status: 200, body: layer } });

    expect((await pulled(app)).equals(layer)).toBe(true);
  });

  it('that never gets any further is given up as unreachable', async () => {
    const { registry, app } = await served();
    registry.fail({ path: /blobs/, times: 1, effect: { kind: 'cut', bytes: 10 } });
    registry.fail({ path: /blobs/, after: 1, effect: { kind: 'cut', bytes: 0 } });

    await expect(pulled(app)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
  });

  it.each<[string, FaultEffect]>([
    [
      'another byte',
      { kind: 'body', change: (body) => Buffer.concat([Buffer.from([body[0] === 0 ? 1 : 0]), body.subarray(1)]) },
    ],
    ['a byte more', { kind: 'body', change: (body) => Buffer.concat([body, Buffer.from('x')]) }],
    ['a byte less', { kind: 'body', change: (body) => body.subarray(1) }],
    [
      'another range than asked for',
      { kind: 'answer', status: 206, headers: { 'content-range': 'bytes 5-9/10' }, body: 'bytes' },
    ],
  ])('with %s is refused', async (_, effect) => {
    const { registry, app } = await served();
    registry.fail({ path: /blobs/, effect });

    await expect(pulled(app)).rejects.toThrow(/REGISTRY_INVALID|bytes|digest/);
  });

  it('with fewer bytes than its length is not taken for whole', async () => {
    const { registry, app } = await served();
    registry.fail({ path: /blobs/, effect: { kind: 'headers', headers: { 'content-length': undefined } } });
    registry.fail({ path: /blobs/, effect: { kind: 'body', change: (body) => body.subarray(0, 1_000) } });

    await expect(pulled(app)).rejects.toThrow(/bytes/);
  });

  it('that stops coming is given up and asked for again', async () => {
    const { registry, app } = await served();
    registry.fail({ path: /blobs/, times: 1, effect: { kind: 'stall', bytes: 50_000 } });

    expect((await pulled(app, { stall: 100 })).equals(layer)).toBe(true);
  });

  it('that trickles is given up', async () => {
    const { registry, app } = await served();
    registry.fail({ path: /blobs/, effect: { kind: 'slow', bytes: 1, pause: 20 } });

    await expect(pulled(app, { stall: 60 })).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringContaining('too few bytes'),
    });
  });

  it('is fetched from where the registry leads, without the registry’s credentials', async () => {
    const storage = await testRegistry();
    storage.put('any', image);
    const { registry, app } = await served({ access: { kind: 'basic', username: 'ada', password: 'secret' } });
    const location = `${storage.origin}/v2/any/blobs/${layerBlob.digest}?signature=hidden`;
    registry.fail({ path: /blobs/, after: 1, effect: { kind: 'answer', status: 307, headers: { location } } });
    const credentials = {
      find: async () => ({ credential: { kind: 'basic', username: 'ada', password: 'secret' } as const, remarks: [] }),
    };

    const outcome = await testClient({ credentials }).blob(app, { digest: layerBlob.digest });

    expect(outcome.kind).toBe('found');
    if (outcome.kind === 'found') expect((await collect(outcome.value.chunks)).equals(layer)).toBe(true);
    expect(registry.requests.at(-1)?.headers.authorization).toBeDefined();
    expect(storage.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it.each([
    ['in a circle', '/v2/team/app/blobs/circle'],
    ['to a metadata service', 'http://169.254.169.254/latest/meta-data/'],
    ['to a file', 'file:///etc/passwd'],
    ['with credentials in the address', 'http://user:password@127.0.0.1:1/'],
  ])('behind a redirect %s is refused', async (_, location) => {
    const { registry, app } = await served();
    registry.fail({ path: /blobs/, effect: { kind: 'answer', status: 302, headers: { location } } });

    expect(await testClient().blob(app, { digest: layerBlob.digest })).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
    });
  });
});
