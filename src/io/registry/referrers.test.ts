// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach, reference, testClient, testRegistry } from '../../../test/support/registry/client.ts';
import type { TestManifest } from '../../../test/support/registry/content.ts';
import { imageOf, referrerOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry, TestRegistryOptions } from '../../../test/support/registry/test-registry.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import { referrersTag } from '../../formats/oci/reference.ts';
import type { Digest } from '../../model/digest.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { RegistryClient } from './client.ts';

closeAfterEach();

const image = imageOf();
const tag = referrersTag(image.digest);
const [first, second, third] = [referrerOf(image, 'one'), referrerOf(image, 'two'), referrerOf(image, 'three')];

async function served(options: TestRegistryOptions = {}): Promise<{ registry: TestRegistry; app: Reference }> {
  const registry = await testRegistry(options);
  registry.put('team/app', image, '1.0');
  return { registry, app: reference(`${registry.host}/team/app`) };
}

async function digestsOf(client: RegistryClient, app: Reference): Promise<readonly Digest[]> {
  const outcome = await client.referrers(app, image.digest);
  if (outcome.kind !== 'found') throw new Error(JSON.stringify(outcome));
  return outcome.value.descriptors.map(({ digest }) => digest);
}

async function push(
  client: RegistryClient,
  app: Reference,
  manifest: TestManifest,
): Promise<'registry' | 'tag' | undefined> {
  for (const { digest, size, bytes } of manifest.blobs) {
    await client.pushBlob(app, {
      digest,
      size,
      open: async function* () {
        yield bytes;
      },
    });
  }
  return (await client.pushManifest(app, { bytes: manifest.bytes, mediaType: manifest.mediaType })).referrers;
}

describe('referrers by the API', () => {
  it('come in pages', async () => {
    const { registry, app } = await served({ pageSize: 1 });
    for (const manifest of [first, second, third]) registry.put('team/app', manifest);

    expect(await digestsOf(testClient(), app)).toEqual([first.digest, second.digest, third.digest]);
  });

  it('are none when both the API and the fallback tag say so', async () => {
    const { app } = await served();

    expect(await testClient().referrers(app, image.digest)).toEqual({ kind: 'none' });
  });

  it('are kept by the registry after a push', async () => {
    const { registry, app } = await served();
    const client = testClient();

    expect(await push(client, app, first)).toBe('registry');
    expect(await digestsOf(client, app)).toEqual([first.digest]);
    expect(registry.repository('team/app').tags.has(tag)).toBe(false);
  });

  it.each([429, 500, 401, 403])('that are answered with %d are unknown, never none', async (status) => {
    const { registry, app } = await served();
    registry.fail({ path: /referrers/, effect: { kind: 'answer', status, headers: { 'retry-after': '90' } } });

    expect((await testClient().referrers(app, image.digest)).kind).toBe('unknown');
  });

  it('that are a page for people are unknown', async () => {
    const { registry, app } = await served();
    const headers = { 'content-type': 'text/html' };
    registry.fail({ path: /referrers/, effect: { kind: 'answer', status: 200, headers, body: '<html>' } });

    expect(await testClient().referrers(app, image.digest)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
    });
  });

  it('that are more than anybody can look at are unknown', async () => {
    const { registry, app } = await served();
    for (const manifest of [first, second, third]) registry.put('team/app', manifest);

    const outcome = await testClient({ limits: { ...defaultLimits, referrers: 2 } }).referrers(app, image.digest);

    expect(outcome).toMatchObject({ kind: 'unknown', code: 'LIMIT_EXCEEDED' });
  });

  it('are told with a remark when the fallback tag could not be asked', async () => {
    const { registry, app } = await served();
    registry.put('team/app', first);
    registry.fail({ path: /manifests\/sha256-/, effect: { kind: 'answer', status: 429 } });

    expect(await testClient().referrers(app, image.digest)).toMatchObject({
      kind: 'found',
      value: { descriptors: [{ digest: first.digest }], incomplete: { code: 'REGISTRY_THROTTLED' } },
    });
  });
});

/** A registry as the writer of the tag sees it: no API. */
async function tagged(
  manifests: readonly TestManifest[],
): Promise<{ registry: TestRegistry; app: Reference; client: RegistryClient }> {
  const { registry, app } = await served({ referrers: 'off' });
  const client = testClient();
  for (const manifest of manifests) await push(client, app, manifest);
  return { registry, app, client };
}

describe('referrers by the fallback tag', () => {
  it('are found where there is no API', async () => {
    const { app, client } = await tagged([first, second]);

    expect(await digestsOf(client, app)).toEqual([first.digest, second.digest]);
  });

  it.each<[string, { status: number; headers?: Record<string, string>; body?: string }]>([
    ['404', { status: 404 }],
    ['a redirect to pages for people', { status: 303, headers: { location: '/login' } }],
    [
      'an empty list',
      { status: 200, headers: { 'content-type': mediaTypes.ociIndex }, body: '{"schemaVersion":2,"manifests":[]}' },
    ],
    [
      'a list that is null',
      { status: 200, headers: { 'content-type': mediaTypes.ociIndex }, body: '{"schemaVersion":2,"manifests":null}' },
    ],
  ])('are found when the API answers %s', async (_, answer) => {
    const { registry, app, client } = await tagged([first]);
    registry.fail({ path: /referrers/, effect: { kind: 'answer', ...answer } });

    expect(await digestsOf(client, app)).toEqual([first.digest]);
  });

  it('are unknown when the tag is no index', async () => {
    const { registry, app } = await served({ referrers: 'off' });
    registry.put('team/app', image, tag);

    expect(await testClient().referrers(app, image.digest)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_INVALID',
    });
  });

  it('are none when the index is empty', async () => {
    const { app, client } = await tagged([first]);

    await client.deleteManifest(app, first.digest);

    expect(await client.referrers(app, image.digest)).toEqual({ kind: 'none' });
  });

  it('leave the list when they are deleted, others stay', async () => {
    const { app, client } = await tagged([first, second]);

    expect(await client.deleteManifest(app, first.digest)).toBe('deleted');
    expect(await digestsOf(client, app)).toEqual([second.digest]);
  });

  it('are listed once, however often they are pushed', async () => {
    const { app, client } = await tagged([first, first, first]);

    expect(await digestsOf(client, app)).toEqual([first.digest]);
  });

  it('keep what others wrote about their entries', async () => {
    const { registry, app, client } = await tagged([]);
    const entry = {
      mediaType: first.mediaType,
      digest: first.digest,
      size: first.size,
      artifactType: mediaTypes.ociEmpty,
      'x-note': 1,
    };
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [entry] }));
    await client.pushManifest(app, { bytes, mediaType: mediaTypes.ociIndex, tag });

    await push(client, app, second);

    const repository = registry.repository('team/app');
    const index = JSON.parse(String(repository.manifests.get(repository.tags.get(tag) ?? '')?.bytes)) as {
      manifests: unknown[];
    };
    expect(index.manifests).toEqual([
      entry,
      expect.objectContaining({ digest: second.digest, artifactType: 'application/vnd.example.note' }),
    ]);
  });

  it('survive another writer who overwrites the list in between', async () => {
    const { registry, app, client } = await tagged([first]);
    const repository = registry.repository('team/app');
    const before = repository.tags.get(tag) ?? '';
    // The other writer's list, made before ours was there, comes after it.
    const overwrite = (): void => void repository.tags.set(tag, before);
    registry.fail({
      method: 'GET',
      path: /manifests\/sha256-/,
      after: 1,
      times: 2,
      effect: { kind: 'meanwhile', run: overwrite },
    });

    await push(client, app, second);

    expect(await digestsOf(client, app)).toEqual([first.digest, second.digest]);
  });

  it('of many writers at once are all there in the end', async () => {
    const { registry, app } = await tagged([]);
    const all = Array.from({ length: 6 }, (_, index) => referrerOf(image, `writer ${index}`));

    await Promise.all(all.map((manifest) => push(testClient(), app, manifest)));

    expect((await digestsOf(testClient(), app)).toSorted()).toEqual(all.map(({ digest }) => digest).toSorted());
    expect(registry.asked(/PUT .*sha256-/).length).toBeGreaterThanOrEqual(6);
  });

  it('are an error to the writer when others never stop', async () => {
    const { registry, app, client } = await tagged([first]);
    const repository = registry.repository('team/app');
    const before = repository.tags.get(tag) ?? '';
    registry.fail({
      method: 'GET',
      path: /manifests\/sha256-/,
      effect: { kind: 'meanwhile', run: () => void repository.tags.set(tag, before) },
    });

    await expect(push(client, app, second)).rejects.toMatchObject({ code: 'REGISTRY_INVALID' });
  });
});
