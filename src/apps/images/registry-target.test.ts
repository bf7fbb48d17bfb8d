// SPDX-License-Identifier: Apache-2.0
// `image:REFERENCE`: from a registry to packages, and what a registry that fails comes to.
import { describe, expect, it } from 'vitest';
import { buildImage, buildLayer, sha256 } from '../../../test/support/image-builder.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { startRegistry } from '../../../test/support/registry/test-registry.ts';
import { catalogers } from '../../evidence/packages/index.ts';
import type { Inspection } from '../inspect.ts';
import { inspect } from '../inspect.ts';
import { openTarget } from '../target.ts';

const image = buildImage([
  buildLayer([
    { path: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.20.1\n' },
    { path: 'lib/apk/db/installed', content: 'P:musl\nV:1.2.5-r0\nA:x86_64\n\n' },
  ]),
]);

async function withImage<T>(run: (registry: TestRegistry) => Promise<T>): Promise<T> {
  const registry = await startRegistry();
  const repository = registry.repository('shop/app');
  for (const bytes of [image.config, ...image.layers.map((layer) => layer.bytes)])
    repository.blobs.set(sha256(bytes), bytes);
  repository.manifests.set(image.digest, {
    bytes: image.manifest,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
  });
  repository.tags.set('1.0', image.digest);
  try {
    return await run(registry);
  } finally {
    await registry.close();
  }
}

async function look(target: string): Promise<Inspection> {
  const opened = await openTarget(target, {
    cwd: '/',
    environment: {},
    platform: 'linux/amd64',
    readStdin: async () => new Uint8Array(),
  });
  return inspect(opened, { catalogers, observedAt: '2026-01-01T00:00:00Z', scopes: 'all' });
}

describe('image:', () => {
  it('reads an image from a registry', async () => {
    const inspection = await withImage((registry) => look(`image:${registry.host}/shop/app:1.0`));

    expect(inspection.lists.flatMap((list) => list.packages.map((item) => item.name))).toContain('musl');
    expect(inspection.subject.id).toContain(image.digest);
    expect(inspection.coverage.problems.filter((problem) => problem.hidesFindings)).toEqual([]);
  });

  it('says that a registry which throttles could not be asked, and not that the image is absent', async () => {
    const asked = withImage((registry) => {
      registry.fail({ path: /manifests/, effect: { kind: 'answer', status: 429, headers: { 'retry-after': '600' } } });
      return look(`image:${registry.host}/shop/app:1.0`);
    });

    await expect(asked).rejects.toMatchObject({ code: 'REGISTRY_THROTTLED' });
  });

  it('says that an image is absent when the registry says so', async () => {
    await expect(withImage((registry) => look(`image:${registry.host}/shop/app:2.0`))).rejects.toMatchObject({
      code: 'TARGET_NOT_FOUND',
    });
  });

  it('refuses a name that is none', async () => {
    await expect(look('image:Not A Name')).rejects.toMatchObject({ code: 'USAGE' });
  });
});
