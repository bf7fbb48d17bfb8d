// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach, reference, testClient, testRegistry } from '../../../test/support/registry/client.ts';
import { blobOf, imageOf, noise } from '../../../test/support/registry/content.ts';
import type { TestRegistry, TestRegistryOptions } from '../../../test/support/registry/test-registry.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import type { BlobContent } from './push.ts';

closeAfterEach();

const bytes = noise(250_000);
const blob = blobOf(bytes);
const content: BlobContent = {
  digest: blob.digest,
  size: blob.size,
  open: async function* () {
    for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
  },
};
const image = imageOf();

async function empty(options: TestRegistryOptions = {}): Promise<{ registry: TestRegistry; app: Reference }> {
  const registry = await testRegistry(options);
  return { registry, app: reference(`${registry.host}/team/app`) };
}

function kept(registry: TestRegistry): Buffer | undefined {
  return registry.repository('team/app').blobs.get(blob.digest);
}

describe('a blob', () => {
  it('is sent whole when it is small', async () => {
    const { registry, app } = await empty();

    expect(await testClient().pushBlob(app, content)).toBe('uploaded');
    expect(kept(registry)?.equals(bytes)).toBe(true);
    expect(registry.asked(/PATCH/)).toEqual([]);
  });

  it('is not sent when it is there', async () => {
    const { registry, app } = await empty();
    registry.repository('team/app').blobs.set(blob.digest, bytes);

    expect(await testClient().pushBlob(app, content)).toBe('present');
    expect(registry.asked(/POST/)).toEqual([]);
  });

  it('is mounted from another repository', async () => {
    const { registry, app } = await empty();
    registry.repository('team/base').blobs.set(blob.digest, bytes);

    expect(await testClient().pushBlob(app, { ...content, mountFrom: 'team/base' })).toBe('mounted');
    expect(kept(registry)).toBeDefined();
  });

  it('is sent when it cannot be mounted', async () => {
    const { app } = await empty();

    expect(await testClient().pushBlob(app, { ...content, mountFrom: 'team/base' })).toBe('uploaded');
  });

  it('is sent in pieces when it is large', async () => {
    const { registry, app } = await empty();

    expect(await testClient({ pieceBytes: 100_000 }).pushBlob(app, content)).toBe('uploaded');
    expect(kept(registry)?.equals(bytes)).toBe(true);
    expect(registry.asked(/PATCH/)).toHaveLength(3);
  });

  it('is sent in pieces as large as the registry wants', async () => {
    const { registry, app } = await empty({ chunkMinimum: 200_000 });

    await testClient({ pieceBytes: 100_000 }).pushBlob(app, content);

    expect(registry.asked(/PATCH/)).toHaveLength(2);
  });

  it.each([
    ['lost before it arrived', { kind: 'answer', status: 502 } as const],
    ['confirmed by an answer that was lost', { kind: 'lost answer' } as const],
  ])('is completed when a piece is %s', async (_, effect) => {
    const { registry, app } = await empty();
    registry.fail({ method: 'PATCH', after: 1, times: 1, effect });

    await testClient({ pieceBytes: 100_000 }).pushBlob(app, content);

    expect(kept(registry)?.equals(bytes)).toBe(true);
  });

  it('is there when only the last answer was lost', async () => {
    const { registry, app } = await empty();
    registry.fail({ method: 'PUT', times: 1, effect: { kind: 'lost answer' } });

    expect(await testClient().pushBlob(app, content)).toBe('uploaded');
    expect(registry.asked(/PUT/)).toHaveLength(1);
  });

  it('with other bytes than its digest says is never offered as whole', async () => {
    const { registry, app } = await empty();
    const wrong = {
      ...content,
      open: async function* () {
        yield Buffer.alloc(bytes.length);
      },
    };

    await expect(testClient({ pieceBytes: 100_000 }).pushBlob(app, wrong)).rejects.toThrow(/digest/);
    expect(kept(registry)).toBeUndefined();
  });

  it.each([401, 429, 500])('that the registry refuses with %d is an error', async (status) => {
    const { registry, app } = await empty();
    registry.fail({ method: 'PUT', effect: { kind: 'answer', status } });

    await expect(testClient().pushBlob(app, content)).rejects.toMatchObject({
      name: 'LandwaiterError',
      code: expect.stringMatching(/^REGISTRY_/),
    });
  });

  it('is not sent to where a registry must not lead', async () => {
    const { registry, app } = await empty();
    registry.fail({
      method: 'POST',
      effect: { kind: 'answer', status: 202, headers: { location: 'http://169.254.169.254/upload' } },
    });

    await expect(testClient().pushBlob(app, content)).rejects.toMatchObject({ code: 'REGISTRY_INVALID' });
  });

  it('is sent with credentials that were asked for', async () => {
    const login = { username: 'ada', password: 'secret' };
    const { registry, app } = await empty({ access: { kind: 'bearer', ...login, isPublic: true } });
    const credentials = { find: async () => ({ credential: { kind: 'basic', ...login } as const, remarks: [] }) };

    await testClient({ credentials }).pushBlob(app, content);

    expect(registry.access?.scopes).toEqual(['repository:team/app:pull,push']);
  });
});

describe('a manifest', () => {
  it('gets its tag', async () => {
    const { registry, app } = await empty();

    const pushed = await testClient().pushManifest(app, { bytes: image.bytes, mediaType: image.mediaType, tag: '1.0' });

    expect(pushed).toEqual({ digest: image.digest, referrers: undefined });
    expect(registry.repository('team/app').tags.get('1.0')).toBe(image.digest);
  });

  it('that is none is not sent', async () => {
    const { registry, app } = await empty();

    await expect(
      testClient().pushManifest(app, { bytes: Buffer.from('{}'), mediaType: image.mediaType }),
    ).rejects.toMatchObject({ code: 'REGISTRY_INVALID' });
    expect(registry.asked(/PUT/)).toEqual([]);
  });

  it('that the registry stores as another one is an error', async () => {
    const { registry, app } = await empty();
    registry.fail({ method: 'PUT', effect: { kind: 'headers', headers: { 'docker-content-digest': blob.digest } } });

    await expect(
      testClient().pushManifest(app, { bytes: image.bytes, mediaType: image.mediaType }),
    ).rejects.toMatchObject({ code: 'REGISTRY_INVALID' });
  });

  it('that is not there cannot be deleted, and that is no error', async () => {
    const { registry, app } = await empty();
    registry.put('team/app', image, '1.0');
    const client = testClient();

    expect(await client.deleteManifest(app, image.digest)).toBe('deleted');
    expect(await client.deleteManifest(app, image.digest)).toBe('absent');
  });
});
