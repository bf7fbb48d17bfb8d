// SPDX-License-Identifier: Apache-2.0
// Publishing to a registry and updating from one, with the faults that registries have.
import { describe, expect, it } from 'vitest';
import { closeAfterEach, reference, testClient, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf, noise } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import {
  advisoryOf,
  affectedOf,
  makeKey,
  sampleAdvisories,
  sampleDatabase,
  testNow,
  testTrust,
} from '../../../test/support/sample-database.ts';
import type { MemoryFolder } from '../../io/memory-folder.ts';
import { memoryFolder } from '../../io/memory-folder.ts';
import { ociMirror } from './oci-mirror.ts';
import { openDatabase } from './open.ts';
import { publishDatabase } from './publish.ts';
import type { UpdateOptions, UpdateResult } from './update.ts';
import { updateDatabase } from './update.ts';

closeAfterEach();

const options: UpdateOptions = { trust: testTrust, pause: async () => {} };
const code = (value: string) => expect.objectContaining({ code: value });
const repository = 'security/advisories';
const changed = [...sampleAdvisories.slice(1), advisoryOf('GHSA-new1-new1-new1', [affectedOf('npm', 'left-pad')])];

function publish(registry: TestRegistry, folder = sampleDatabase(), tag = 'v1') {
  const target = { client: testClient(), reference: reference(`${registry.host}/${repository}:${tag}`) };
  return publishDatabase(folder, target);
}

function update(
  registry: TestRegistry,
  root: MemoryFolder,
  more: Partial<UpdateOptions> & { readonly name?: string } = {},
): Promise<UpdateResult> {
  const { name = ':v1', ...rest } = more;
  const mirror = ociMirror(testClient(), reference(`${registry.host}/${repository}${name}`));
  return updateDatabase(root, mirror, { ...options, ...rest });
}

/** Digest of the layer with this file. */
function layerOf(registry: TestRegistry, start: string): string {
  const { manifests, tags } = registry.repository(repository);
  const manifest = JSON.parse(String(manifests.get(tags.get('v1') ?? '')?.bytes)) as {
    layers: { digest: string; annotations: Record<string, string> }[];
  };
  return (
    manifest.layers.find((layer) => layer.annotations['org.opencontainers.image.title']?.startsWith(start))?.digest ??
    ''
  );
}

/** A database whose npm shard is some hundred kilobytes long, so that it can break off in the middle. */
function largeDatabase(): MemoryFolder {
  const names = Array.from({ length: 12_000 }, (_, index) => `${noise(12, index + 1).toString('hex')}-${index}`);
  return sampleDatabase({
    advisories: [
      advisoryOf(
        'GHSA-big1-big1-big1',
        names.map((name) => affectedOf('npm', name)),
      ),
    ],
  });
}

describe('a database in a registry', () => {
  it('comes out as it went in', async () => {
    const registry = await testRegistry();
    const root = memoryFolder('installed');

    const published = await publish(registry);
    const result = await update(registry, root);

    expect(published).toMatchObject({ sentFiles: 6, keptFiles: 0 });
    expect(result).toMatchObject({ state: 'updated', fetchedShards: 4 });
    const database = openDatabase([{ kind: 'installation', folder: root }], { now: testNow, trust: testTrust });
    expect(database.find('npm', 'left-pad').map(({ advisory }) => advisory.id)).toEqual(['GHSA-aaaa-bbbb-0001']);
  });

  it('can be named by the digest of its manifest', async () => {
    const registry = await testRegistry();
    const { digest } = await publish(registry);

    const result = await update(registry, memoryFolder('installed'), { name: `@${digest}` });

    expect(result.state).toBe('updated');
  });

  it('gives only the shards that are asked for', async () => {
    const registry = await testRegistry();
    await publish(registry);
    const pypi = layerOf(registry, 'shards/pypi-');

    const result = await update(registry, memoryFolder('installed'), { ecosystems: ['npm'] });

    expect(result.fetchedShards).toBe(2);
    expect(registry.asked(/^GET .*blobs/)).not.toContain(`GET /v2/${repository}/blobs/${pypi}`);
  });

  it('is sent and fetched in part only when part of it changed', async () => {
    const registry = await testRegistry();
    const root = memoryFolder('installed');
    await publish(registry);
    await update(registry, root);

    const published = await publish(registry, sampleDatabase({ sequence: 2, advisories: changed }));
    const result = await update(registry, root);

    expect(published).toMatchObject({ sentFiles: 3, keptFiles: 3 });
    expect(result).toMatchObject({ state: 'updated', fetchedShards: 1, keptShards: 3 });
  });

  it('has the same manifest when the same folder is published again', async () => {
    const registry = await testRegistry();
    const first = await publish(registry);

    const second = await publish(registry);

    expect(second).toMatchObject({ digest: first.digest, sentFiles: 0 });
  });
});

describe('an update from a registry', () => {
  it('goes on in the middle when connections break', async () => {
    const registry = await testRegistry();
    await publish(registry, largeDatabase());
    const npm = layerOf(registry, 'shards/npm-');
    registry.fail({ method: 'GET', path: new RegExp(npm), times: 2, effect: { kind: 'cut', bytes: 70_000 } });

    const result = await update(registry, memoryFolder('installed'));

    const ranges = registry.requests.filter(({ url }) => url.includes(npm)).map(({ headers }) => headers.range);
    expect(result.state).toBe('updated');
    expect(ranges.at(0)).toBeUndefined();
    expect(ranges.at(-1)).toMatch(/^bytes=\d+-$/);
  });

  it('goes on in a later run where an earlier one was given up', async () => {
    const registry = await testRegistry();
    const root = memoryFolder('installed');
    await publish(registry, largeDatabase());
    const npm = layerOf(registry, 'shards/npm-');
    registry.fail({ method: 'GET', path: new RegExp(npm), times: 1, effect: { kind: 'cut', bytes: 70_000 } });
    registry.fail({ method: 'GET', path: new RegExp(npm), after: 1, times: 30, effect: { kind: 'cut', bytes: -1 } });
    await expect(update(registry, root)).rejects.toThrow(code('REGISTRY_UNREACHABLE'));
    const kept = root.size(`partial/${npm.slice('sha256:'.length)}.part`) ?? 0;

    const again = await testRegistry();
    await publish(again, largeDatabase());
    const result = await update(again, root);

    expect(kept).toBeGreaterThan(0);
    expect(result.state).toBe('updated');
    const request = again.requests.find(({ method, url }) => method === 'GET' && url.includes(npm));
    expect(request?.headers.range).toBe(`bytes=${kept}-`);
  });

  it('begins again when the registry cannot begin in the middle', async () => {
    const registry = await testRegistry();
    const root = memoryFolder('installed');
    await publish(registry);
    const npm = layerOf(registry, 'shards/npm-');
    root.write(`partial/${npm.slice('sha256:'.length)}.part`, Buffer.from('left over from something else'));
    const whole = registry.repository(repository).blobs.get(npm);
    registry.fail({
      method: 'GET',
      path: new RegExp(npm),
      effect: { kind: 'answer', status: 200, body: whole ?? '' },
    });

    const result = await update(registry, root);

    expect(result.state).toBe('updated');
  });

  it('refuses a shard that was changed', async () => {
    const registry = await testRegistry();
    const root = memoryFolder('installed');
    await publish(registry);
    const npm = layerOf(registry, 'shards/npm-');
    registry.fail({
      method: 'GET',
      path: new RegExp(npm),
      effect: { kind: 'body', change: (body) => Buffer.from(body.map((byte, at) => (at === 99 ? byte ^ 1 : byte))) },
    });

    await expect(update(registry, root)).rejects.toThrow(code('DATABASE_INVALID'));
    expect(root.list('shards').some((name) => name.startsWith('npm-'))).toBe(false);
    expect(root.size('current.json')).toBeUndefined();
  });

  it('refuses a manifest whose layers were exchanged, and an index of another signer', async () => {
    const registry = await testRegistry();
    await publish(registry);
    const { manifests, tags } = registry.repository(repository);
    const manifest = manifests.get(tags.get('v1') ?? '');
    const [npm, pypi] = [layerOf(registry, 'shards/npm-'), layerOf(registry, 'shards/pypi-')];
    const text = String(manifest?.bytes).replace(npm, 'X').replace(pypi, npm).replace('X', pypi);
    const client = testClient();
    await client.pushManifest(reference(`${registry.host}/${repository}`), {
      bytes: Buffer.from(text),
      mediaType: manifest?.mediaType ?? '',
      tag: 'exchanged',
    });
    await publish(registry, sampleDatabase({ privateKey: makeKey().privateKey }), 'stranger');

    await expect(update(registry, memoryFolder('a'), { name: ':exchanged' })).rejects.toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(DATABASE_INVALID|REGISTRY_INVALID|NETWORK_FAILED)$/) }),
    );
    await expect(update(registry, memoryFolder('b'), { name: ':stranger' })).rejects.toThrow(
      code('DATABASE_SIGNATURE'),
    );
  });

  it('tells a throttled registry from one that has nothing, and an image from a database', async () => {
    const registry = await testRegistry();
    await publish(registry);
    registry.put(repository, imageOf(), 'image');
    registry.fail({
      path: /manifests\/busy/,
      effect: { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
    });

    await expect(update(registry, memoryFolder('a'), { name: ':busy' })).rejects.toThrow(code('REGISTRY_THROTTLED'));
    await expect(update(registry, memoryFolder('a'), { name: ':absent' })).rejects.toThrow(
      /there is nothing of this name/,
    );
    await expect(update(registry, memoryFolder('a'), { name: ':image' })).rejects.toThrow(/no advisory database/);
  });
});

describe('publishDatabase', () => {
  it('takes neither the place of an image nor of a newer database', async () => {
    const registry = await testRegistry();
    registry.put(repository, imageOf(), 'v1');
    await publish(registry, sampleDatabase({ sequence: 9 }), 'v2');

    await expect(publish(registry)).rejects.toThrow(/holds something else/);
    await expect(publish(registry, sampleDatabase({ sequence: 8 }), 'v2')).rejects.toThrow(
      /holds database 9, newer than 8/,
    );
  });

  it('sends nothing of a folder that lacks a shard', async () => {
    const registry = await testRegistry();
    const folder = sampleDatabase();
    const [name = ''] = folder.list('shards');
    folder.remove(`shards/${name}`);

    await expect(publish(registry, folder)).rejects.toThrow(code('DATABASE_MISSING'));
    expect(registry.asked(/^(PUT|POST)/)).toEqual([]);
  });

  it('sends nothing of a folder in which a shard is not what the index says', async () => {
    const registry = await testRegistry();
    const folder = sampleDatabase();
    const [name = ''] = folder.list('shards');
    folder.write(`shards/${name}`, noise(folder.size(`shards/${name}`) ?? 0));

    await expect(publish(registry, folder)).rejects.toThrow(code('DATABASE_INVALID'));
    expect(registry.asked(/^(PUT|POST)/)).toEqual([]);
  });

  it('survives answers that get lost', async () => {
    const registry = await testRegistry();
    registry.fail({ method: 'PUT', path: /uploads/, times: 1, effect: { kind: 'lost answer' } });

    const published = await publish(registry);

    expect(published.index.sequence).toBe(1);
    expect(registry.repository(repository).tags.size).toBe(1);
  });
});
