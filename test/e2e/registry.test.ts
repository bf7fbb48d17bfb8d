// SPDX-License-Identifier: Apache-2.0
// The registry client against a registry that others wrote: Debian's docker-registry, which knows no referrers API, so that the fallback tag
// is used. Skipped where the program is not installed (apt-get install docker-registry).
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reference } from '../../src/formats/oci/reference.ts';
import { collect } from '../../src/io/registry/checked-stream.ts';
import type { RegistryClient } from '../../src/io/registry/client.ts';
import { registryClient, registryStore } from '../../src/io/registry/client.ts';
import { readImageConfig, resolveImage } from '../../src/io/registry/resolve-image.ts';
import { nodeTransport } from '../../src/io/registry/transport.ts';
import { reference } from '../support/registry/client.ts';
import type { TestManifest } from '../support/registry/content.ts';
import { imageOf, indexOf, noise, referrerOf } from '../support/registry/content.ts';

const program = 'docker-registry';
const isInstalled = spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
if (!isInstalled) console.log(`test/e2e/registry.test.ts is skipped: ${program} is not installed`);

const layer = noise(600_000);
const image = imageOf({ layers: [layer, 'second'] });
const arm = imageOf({ layers: ['arm'], architecture: 'arm64' });
const index = indexOf({ 'linux/amd64': image, 'linux/arm64': arm });

describe.skipIf(!isInstalled)("Debian's docker-registry", () => {
  let folder = '';
  let server: ChildProcess;
  let app: Reference;
  let client: RegistryClient;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'docker-registry-'));
    const port = await freePort();
    const config = `version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: ${folder}/data\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:${port}\n`;
    writeFileSync(join(folder, 'config.yml'), config);
    server = spawn(program, ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
    app = reference(`127.0.0.1:${port}/team/app:1.0`);
    const pace = {
      now: () => Date.now(),
      pause: (time: number) => new Promise<void>((resolve) => setTimeout(resolve, time)),
      random: () => Math.random(),
    };
    const transport = nodeTransport({ stall: 10_000, environment: {}, certificatesFor: () => undefined });
    client = registryClient({
      transport,
      pace,
      pieceBytes: 250_000,
      retry: { attempts: 20, first: 100, longest: 200 },
    });
    for (const manifest of [image, arm]) await push(manifest);
    await push(index, '1.0');
  });
  afterAll(async () => {
    client?.close();
    server?.kill();
    await new Promise((resolve) => setTimeout(resolve, 50));
    rmSync(folder, { recursive: true, force: true });
  });

  async function push(manifest: TestManifest, tag?: string): Promise<'registry' | 'tag' | undefined> {
    for (const { digest, size, bytes } of manifest.blobs) {
      await client.pushBlob(app, {
        digest,
        size,
        open: async function* () {
          yield bytes;
        },
      });
    }
    const { bytes, mediaType } = manifest;
    return (await client.pushManifest(app, { bytes, mediaType, ...(tag === undefined ? {} : { tag }) })).referrers;
  }

  it('gives back what was pushed', async () => {
    const store = registryStore(client, app);

    const resolved = await resolveImage(store, { platform: { os: 'linux', architecture: 'amd64' } });

    if (resolved.kind !== 'found') throw new Error(JSON.stringify(resolved));
    expect(resolved.value).toMatchObject({ digest: index.digest, manifestDigest: image.digest });
    expect((await readImageConfig(store, resolved.value)).kind).toBe('found');
    const blob = await store.blob(resolved.value.manifest.layers[0] ?? { digest: image.digest });
    expect(blob.kind === 'found' && (await collect(blob.value.chunks)).equals(layer)).toBe(true);
  });

  it('tells what is not there', async () => {
    expect(await client.manifest({ ...app, tag: 'nothing' })).toEqual({ kind: 'none' });
    expect(await client.blob(app, { digest: `sha256:${'0'.repeat(64)}` as never })).toEqual({ kind: 'none' });
    expect(await client.referrers(app, image.digest)).toEqual({ kind: 'none' });
  });

  it('mounts a blob from another repository', async () => {
    const { digest, size, bytes } = image.blobs[1] ?? index;
    const content = {
      digest,
      size,
      open: async function* () {
        yield bytes;
      },
      mountFrom: app.repository,
    };

    expect(await client.pushBlob({ ...app, repository: 'team/other' }, content)).toBe('mounted');
  });

  it('keeps referrers under the fallback tag', async () => {
    const notes = [referrerOf(arm, 'one'), referrerOf(arm, 'two')];

    expect([await push(notes[0] ?? arm), await push(notes[1] ?? arm)]).toEqual(['tag', 'tag']);
    expect(await client.referrers(app, arm.digest)).toMatchObject({
      value: { descriptors: notes.map(({ digest }) => ({ digest })) },
    });
    expect(await client.deleteManifest(app, notes[0]?.digest ?? arm.digest)).toBe('deleted');
    expect(await client.referrers(app, arm.digest)).toMatchObject({
      value: { descriptors: [{ digest: notes[1]?.digest }] },
    });
  });

  it('lists its tags', async () => {
    expect(await client.tags(app)).toMatchObject({ kind: 'found', value: expect.arrayContaining(['1.0']) });
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
