// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { closeAfterEach, testClient, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf, indexOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { registryStore } from '../../io/registry/client.ts';
import type { Lookup } from '../../policy/data-provider.ts';
import { imageData } from './image-data.ts';

closeAfterEach();

const image = imageOf({ config: { config: { User: '65532' } } });

function ask(registry: TestRegistry, name: string): Promise<Lookup<unknown>> {
  const client = testClient();
  return imageData(name, (reference) => registryStore(client, { ...reference, registry: registry.host }));
}

test('tells names, manifest and configuration of an image', async () => {
  const registry = await testRegistry();
  registry.put('team/app', image, 'v1');

  expect(await ask(registry, 'registry.example/team/app:v1')).toMatchObject({
    kind: 'found',
    value: {
      image: 'registry.example/team/app:v1',
      resolvedImage: `registry.example/team/app@${image.digest}`,
      registry: 'registry.example',
      repository: 'team/app',
      tag: 'v1',
      identifier: 'v1',
      digest: image.digest,
      manifest: { schemaVersion: 2 },
      configData: { architecture: 'amd64', config: { User: '65532' } },
    },
  });
});

test('takes the image for linux/amd64 of an index, or its only one, and never just any', async () => {
  const registry = await testRegistry();
  const arm = imageOf({ architecture: 'arm64' });
  for (const each of [image, arm]) registry.put('team/app', each);
  registry.put('team/app', indexOf({ 'linux/arm64': arm, 'linux/amd64': image }), 'both');
  registry.put('team/app', indexOf({ 'linux/arm64': arm }), 'one');
  registry.put('team/app', indexOf({ 'linux/arm64': arm, 'linux/s390x': arm }), 'others');

  expect(await ask(registry, 'registry.example/team/app:both')).toMatchObject({
    value: { configData: { architecture: 'amd64' }, manifestList: { schemaVersion: 2 } },
  });
  expect(await ask(registry, 'registry.example/team/app:one')).toMatchObject({
    value: { configData: { architecture: 'arm64' } },
  });
  expect(await ask(registry, 'registry.example/team/app:others')).toMatchObject({ kind: 'failed' });
});

test('tells an image that is not there from one that nobody could look at', async () => {
  const registry = await testRegistry();
  expect(await ask(registry, 'registry.example/team/none:v1')).toEqual({ kind: 'absent' });

  registry.fail({ path: /./, effect: { kind: 'answer', status: 500 } });

  expect(await ask(registry, 'registry.example/team/none:v1')).toMatchObject({ kind: 'failed' });
  expect(await ask(registry, 'no image')).toMatchObject({ kind: 'failed' });
});
