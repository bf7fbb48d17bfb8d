// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  closeAfterEach,
  reference,
  testClient,
  testPace,
  testRegistry,
} from '../../../test/support/registry/client.ts';
import { blobOf, imageOf } from '../../../test/support/registry/content.ts';
import type { FaultEffect } from '../../../test/support/registry/faults.ts';
import type { TestRegistry, TestRegistryOptions } from '../../../test/support/registry/test-registry.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import { defaultLimits } from '../../model/limits.ts';

closeAfterEach();

const image = imageOf({ layers: ['one layer'] });
const layerBlob = blobOf('one layer');

async function served(options: TestRegistryOptions = {}): Promise<{ registry: TestRegistry; app: Reference }> {
  const registry = await testRegistry(options);
  registry.put('team/app', image, '1.0');
  return { registry, app: reference(`${registry.host}/team/app:1.0`) };
}

describe('a registry that cannot answer', () => {
  it('is asked again after a server error', async () => {
    const { registry, app } = await served();
    registry.fail({ path: /manifests/, times: 3, effect: { kind: 'answer', status: 503 } });

    expect((await testClient().manifest(app)).kind).toBe('found');
  });

  it('is waited for as long as it wants', async () => {
    const { registry, app } = await served();
    const pace = testPace();
    registry.fail({
      path: /manifests/,
      times: 1,
      effect: { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
    });

    expect((await testClient({ pace }).manifest(app)).kind).toBe('found');
    expect(pace.pauses).toEqual([7_000]);
  });

  it('that wants a long wait is unknown, and not asked again before', async () => {
    const { registry, app } = await served();
    registry.fail({
      path: /manifests/,
      times: 1,
      effect: { kind: 'answer', status: 429, headers: { 'retry-after': '600' } },
    });
    const client = testClient();

    expect(await client.manifest(app)).toMatchObject({ kind: 'unknown', code: 'REGISTRY_THROTTLED', retryAfter: 600 });
    expect(await client.manifest(app)).toMatchObject({ kind: 'unknown', code: 'REGISTRY_THROTTLED' });
    expect(registry.asked(/manifests/)).toHaveLength(1);
  });

  it.each([
    [429, 'REGISTRY_THROTTLED'],
    [500, 'REGISTRY_UNREACHABLE'],
    [501, 'REGISTRY_UNREACHABLE'],
    [504, 'REGISTRY_UNREACHABLE'],
    [401, 'REGISTRY_UNAUTHORIZED'],
    [403, 'REGISTRY_UNAUTHORIZED'],
    [400, 'REGISTRY_INVALID'],
    [204, 'REGISTRY_INVALID'],
  ])('and says %d for everything is unknown, never none', async (status, code) => {
    const { registry, app } = await served();
    registry.fail({ effect: { kind: 'answer', status } });
    const client = testClient();

    expect(await client.manifest(app)).toMatchObject({ kind: 'unknown', code });
    expect(await client.blob(app, { digest: layerBlob.digest })).toMatchObject({ kind: 'unknown', code });
    expect(await client.tags(app)).toMatchObject({ kind: 'unknown', code });
    expect(await client.referrers(app, image.digest)).toMatchObject({ kind: 'unknown', code });
  });

  it.each<FaultEffect>([
    { kind: 'cut', bytes: -1 },
    { kind: 'cut', bytes: 20 },
    { kind: 'stall', bytes: -1 },
    { kind: 'stall', bytes: 20 },
  ])('and breaks off (%o) is unknown', async (effect) => {
    const { registry, app } = await served();
    registry.fail({ path: /manifests/, effect });

    expect(await testClient({}, { stall: 40 }).manifest(app)).toMatchObject({
      kind: 'unknown',
      code: 'REGISTRY_UNREACHABLE',
    });
  });

  it('because it is not there is unknown', async () => {
    const registry = await testRegistry();
    const app = reference(`${registry.host}/team/app`);
    await registry.close();

    expect(await testClient().manifest(app)).toMatchObject({ kind: 'unknown', code: 'REGISTRY_UNREACHABLE' });
  });

  it('tells in its own words why, without control characters', async () => {
    const { registry, app } = await served();
    const body = JSON.stringify({ errors: [{ code: 'TOOMANY\u001b[31m', message: 'slow\ndown' }] });
    registry.fail({ path: /manifests/, effect: { kind: 'answer', status: 429, body } });

    expect(await testClient().manifest(app)).toMatchObject({
      reason: expect.stringContaining('(TOOMANY [31m: slow down)'),
    });
  });

  it('gets no more requests at once than allowed', async () => {
    const { registry, app } = await served();
    registry.fail({
      path: /manifests/,
      effect: { kind: 'meanwhile', run: () => new Promise((resolve) => setTimeout(resolve, 5)) },
    });
    const client = testClient({ perHost: 2 });

    await Promise.all(Array.from({ length: 12 }, () => client.manifest(app)));

    expect(registry.mostAtOnce).toBeLessThanOrEqual(2);
  });
});

describe('tags', () => {
  it('come in pages', async () => {
    const { registry, app } = await served({ pageSize: 2 });
    for (const tag of ['a', 'b', 'c', 'd']) registry.put('team/app', image, tag);

    expect(await testClient().tags(app)).toEqual({ kind: 'found', value: ['1.0', 'a', 'b', 'c', 'd'] });
  });

  it.each([
    ['in a circle', '</v2/team/app/tags/list>; rel="next"'],
    ['to another host', '<http://127.0.0.2:1/v2/team/app/tags/list>; rel="next"'],
  ])('with a next page %s are unknown', async (_, link) => {
    const { registry, app } = await served();
    registry.fail({ path: /tags/, effect: { kind: 'headers', headers: { link } } });

    expect(await testClient().tags(app)).toMatchObject({ kind: 'unknown', code: 'REGISTRY_INVALID' });
  });

  it('whose pages never end are unknown', async () => {
    const { registry, app } = await served();
    let page = 0;
    const headers = {
      get link() {
        return `</v2/team/app/tags/list?page=${++page}>; rel="next"`;
      },
    };
    registry.fail({ path: /tags/, effect: { kind: 'headers', headers } });

    expect(await testClient({ limits: { ...defaultLimits, registryPages: 20 } }).tags(app)).toMatchObject({
      kind: 'unknown',
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('of a page for people are unknown', async () => {
    const { registry, app } = await served();
    registry.fail({ path: /tags/, effect: { kind: 'answer', status: 200, body: '<html>' } });

    expect(await testClient().tags(app)).toMatchObject({ kind: 'unknown', code: 'REGISTRY_INVALID' });
  });
});
