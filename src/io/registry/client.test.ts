// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach, reference, testClient, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import type { RegistryRule } from '../../formats/oci/registries-conf.ts';
import { registryStore } from './client.ts';

closeAfterEach();

const image = imageOf();

async function pair(): Promise<{ mirror: TestRegistry; own: TestRegistry; rules: readonly RegistryRule[] }> {
  const [mirror, own] = [await testRegistry(), await testRegistry()];
  const rule: RegistryRule = {
    prefix: 'registry.example',
    location: own.host,
    insecure: false,
    blocked: false,
    mirrors: [{ location: `${mirror.host}/cache`, insecure: false, serves: 'all' }],
  };
  return { mirror, own, rules: [rule] };
}

const app = reference('registry.example/team/app:1.0');

describe('a mirror', () => {
  it('is asked first, under its own name', async () => {
    const { mirror, own, rules } = await pair();
    mirror.put('cache/team/app', image, '1.0');

    expect((await testClient({ rules }).manifest(app)).kind).toBe('found');
    expect(own.requests).toEqual([]);
  });

  it.each([404, 401, 500])('that answers %d is passed over', async (status) => {
    const { mirror, own, rules } = await pair();
    own.put('team/app', image, '1.0');
    mirror.fail({ effect: { kind: 'answer', status } });

    expect((await testClient({ rules }).manifest(app)).kind).toBe('found');
  });

  it('that has nothing does not decide: the registry itself must say so', async () => {
    const { own, rules } = await pair();
    own.fail({ effect: { kind: 'answer', status: 500 } });

    expect((await testClient({ rules }).manifest(app)).kind).toBe('unknown');
  });

  it('is not written to', async () => {
    const { mirror, own, rules } = await pair();

    await testClient({ rules }).pushManifest(app, { bytes: image.bytes, mediaType: image.mediaType, tag: '1.0' });

    expect([mirror.requests.length, own.repository('team/app').tags.get('1.0')]).toEqual([0, image.digest]);
  });
});

it('a blocked registry is not asked, and that is unknown', async () => {
  const rules = [{ prefix: 'registry.example/team', insecure: false, blocked: true, mirrors: [] }];
  const client = testClient({ rules });

  expect(await client.manifest(app)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('blocks') });
  await expect(client.pushManifest(app, { bytes: image.bytes, mediaType: image.mediaType })).rejects.toThrow(/blocks/);
});

it('a name that would leave the repository is not asked for', async () => {
  const registry = await testRegistry();
  const store = registryStore(testClient(), reference(`${registry.host}/team/app`));

  expect(await store.manifest('../../other/manifests/1')).toMatchObject({ kind: 'unknown', code: 'REGISTRY_INVALID' });
  expect(registry.asked(/other/)).toEqual([]);
});
