// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { ImageStore } from '../../io/registry/image-store.ts';
import { found } from '../../io/registry/outcome.ts';
import type { Digest } from '../../model/digest.ts';
import { sha256 } from '../../model/sha256.ts';
import { imageConfigs } from './image-configs.ts';

class MemoryStore {
  readonly #contents = new Map<string, Buffer>();
  readonly #types = new Map<string, string>();

  put(
    value: unknown,
    mediaType: string,
  ): { readonly mediaType: string; readonly digest: string; readonly size: number } {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${sha256(bytes)}`;
    this.#contents.set(digest, bytes);
    this.#types.set(digest, mediaType);
    return { mediaType, digest, size: bytes.length };
  }

  image(config: object) {
    const written = this.put(config, 'application/vnd.oci.image.config.v1+json');
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    return this.put({ schemaVersion: 2, mediaType, config: written, layers: [] }, mediaType);
  }

  index(manifests: readonly object[]) {
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    return this.put({ schemaVersion: 2, mediaType, manifests }, mediaType);
  }

  open(root: string): ImageStore {
    const bytesOf = (digest: string): Buffer => this.#contents.get(digest) ?? Buffer.alloc(0);
    return {
      name: 'memory',
      manifest: async (name = root) =>
        found({ digest: name as Digest, bytes: bytesOf(name), mediaType: this.#types.get(name) ?? '' }),
      blob: async ({ digest }) => found({ size: undefined, chunks: [bytesOf(digest)] as never }),
      referrers: async () => ({ kind: 'none' }),
      close: () => undefined,
    };
  }
}

const amd64 = { os: 'linux', architecture: 'amd64' };

describe('the configurations of the images of an index', () => {
  it('are told by platform', async () => {
    const store = new MemoryStore();
    const arm64 = { os: 'linux', architecture: 'arm64' };
    const index = store.index([store.image(amd64), store.image(arm64)]);

    expect(await imageConfigs(store.open(index.digest))).toEqual({ 'linux/amd64': amd64, 'linux/arm64': arm64 });
  });

  it('were left out for images of an index inside the index', async () => {
    const store = new MemoryStore();
    const inner = store.index([store.image({ ...amd64, config: { User: 'root' } })]);
    const index = store.index([store.image(amd64), inner]);

    await expect(imageConfigs(store.open(index.digest))).rejects.toThrow('an index inside an index');
  });

  it('were hidden by a later image for the same platform', async () => {
    const store = new MemoryStore();
    const index = store.index([store.image({ ...amd64, config: { User: 'root' } }), store.image(amd64)]);

    await expect(imageConfigs(store.open(index.digest))).rejects.toThrow('two images in the index are for linux/amd64');
  });
});
