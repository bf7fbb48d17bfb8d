// SPDX-License-Identifier: Apache-2.0
// A registry in memory with images that a key signed, and the image service of the webhook before it: what a review asks about images goes all the way.
import { Asking } from '../../src/apps/server/admission/asking/asking.ts';
import type { ImageAnswers } from '../../src/apps/server/admission/images/image-service.ts';
import { ImageService } from '../../src/apps/server/admission/images/image-service.ts';
import { emptyTrustRoot } from '../../src/evidence/signatures/trust-root.ts';
import { registryClient, registryStore } from '../../src/io/registry/client.ts';
import { systemPace } from '../../src/io/registry/system.ts';
import { nodeTransport } from '../../src/io/registry/transport.ts';
import { writableRepository } from '../../src/io/registry/writable-store.ts';
import { startRegistry } from '../support/registry/test-registry.ts';
import { ecKeys } from '../support/signing/certificates.ts';
import { publicPem, signOlder } from '../support/signing/key-signatures.ts';
import { benchImage, imageRepository } from './admission-set.ts';

export interface BenchRegistry {
  /** Of a ClusterImagePolicy: the key that signed all images. */
  readonly authority: unknown;
  readonly asking: Asking;
  readonly answers: ImageAnswers;
}

/** Names of images that nobody has seen yet. */
export function coldImages(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `cold-${index}`);
}

/** Lives as long as the process. */
export async function benchRegistry(names: readonly string[]): Promise<BenchRegistry> {
  const registry = await startRegistry();
  const keys = ecKeys();
  const client = registryClient({
    transport: nodeTransport({ stall: 5_000, environment: {}, certificatesFor: () => undefined }),
    pace: systemPace,
  });
  for (const name of names) {
    const image = benchImage(name);
    const repository = `${imageRepository}/${name}`;
    registry.put(repository, image, '1.4.2');
    const place = { registry: registry.host, repository, tag: undefined, digest: undefined };
    await signOlder(writableRepository(client, place), image, { keys });
  }
  const asking = new Asking({
    waiting: 256,
    atOnce: 8,
    report: (error) => {
      throw error;
    },
  });
  const service = new ImageService({
    asking,
    now: () => Date.now(),
    keys: { cwd: '/', environment: {}, fetch },
    trustRoot: { generation: 0, current: () => emptyTrustRoot },
    openStore: (reference) => registryStore(client, { ...reference, registry: registry.host }),
  });
  return { authority: { key: { data: publicPem(keys) } }, asking, answers: service.answers };
}
