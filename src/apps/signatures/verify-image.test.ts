// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach, reference, testClient, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf, indexOf } from '../../../test/support/registry/content.ts';
import { keyless } from '../../../test/support/signing/attempt.ts';
import {
  attach,
  attachOlder,
  imageBundle,
  outcomeText,
  repository,
  verifyTag,
  worldRoot,
  writable,
} from '../../../test/support/signing/image-proofs.ts';
import { now } from '../../../test/support/signing/sigstore.ts';
import { VerdictCache } from '../../evidence/signatures/verdict-cache.ts';
import { registryStore } from '../../io/registry/client.ts';
import { collectProofs } from './collect.ts';
import { resolveSubject, verifySubject } from './verify-image.ts';
import { verifierOf, verifyProofs } from './verify-proofs.ts';

closeAfterEach();

const image = imageOf({ layers: ['the program'] });
const provenance = 'https://slsa.dev/provenance/v1';

describe('signatures of an image', () => {
  it('are found as bundles by the referrers API', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    await attach(writable(registry), image, imageBundle(image));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('verified 1');
  });

  it('are found as bundles under the fallback tag', async () => {
    const registry = await testRegistry({ referrers: 'off' });
    registry.put(repository, image, 'v1');
    await attach(writable(registry), image, imageBundle(image));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('verified 1');
  });

  it('are found in the older layout', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    await attachOlder(writable(registry), image);

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('verified 1');
  });

  it('count from both layouts together', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    await attach(writable(registry), image, imageBundle(image));
    await attachOlder(writable(registry), image);

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('verified 2');
  });

  it('are absent when every place says so', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('none');
  });

  it('are not made by an attestation', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    await attach(writable(registry), image, imageBundle(image, provenance));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('none');
    expect(verdict.passedOver).toEqual([provenance]);
  });
});

describe('attestations of an image', () => {
  it('count when they are of the type that is asked for', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    await attach(writable(registry), image, imageBundle(image, provenance));

    const wanted = await verifyTag(registry, 'v1', { wanted: { kind: 'attestation', predicateTypes: [provenance] } });
    const other = await verifyTag(registry, 'v1', {
      wanted: { kind: 'attestation', predicateTypes: ['https://spdx.dev/Document'] },
    });

    expect(outcomeText(wanted)).toBe('verified 1');
    expect(outcomeText(other)).toBe('none');
  });
});

describe('an index', () => {
  const index = indexOf({ 'linux/amd64': image, 'linux/arm64': imageOf({ architecture: 'arm64' }) });

  it('covers the images that it names', async () => {
    const registry = await testRegistry();
    registry.put(repository, image);
    registry.put(repository, index, 'v1');
    await attach(writable(registry), index, imageBundle(index));
    const store = registryStore(testClient(), reference(`${registry.host}/${repository}:v1`));
    const platform = { os: 'linux', architecture: 'amd64' };

    const subject = await resolveSubject(store, { name: undefined, platform });
    const verifier = verifierOf({ policy: keyless, trustRoot: worldRoot(), wanted: { kind: 'signature' } });
    const verdict =
      subject.kind === 'found' ? await verifySubject(store, subject.value, { verifier, time: now }) : undefined;

    expect(subject).toMatchObject({ value: { digest: image.digest, covering: [image.digest, index.digest] } });
    expect(verdict?.accepted.map((item) => item.image)).toEqual([index.digest]);
  });

  it('is not signed by a signature of one of its images', async () => {
    const registry = await testRegistry();
    registry.put(repository, image);
    registry.put(repository, index, 'v1');
    await attach(writable(registry), image, imageBundle(image));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('none');
  });
});

describe('remembered verdicts', () => {
  it('are given again for the same image, policy, trust root and proof only', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    await attach(writable(registry), image, imageBundle(image));
    const store = registryStore(testClient(), reference(`${registry.host}/${repository}:v1`));
    const outcome = await collectProofs(store, { image: image.digest, kinds: ['signature'] });
    const proofs = outcome.kind === 'found' ? outcome.value.proofs : [];
    const cache = new VerdictCache(10);
    const parts = { policy: keyless, trustRoot: worldRoot(), wanted: { kind: 'signature' }, cache } as const;

    const first = verifyProofs(verifierOf(parts), { image: image.digest, proofs, time: now });
    const second = verifyProofs(verifierOf(parts), { image: image.digest, proofs, time: now });
    verifyProofs(verifierOf({ ...parts, policy: { ...keyless, annotations: { team: 'b' } } }), {
      image: image.digest,
      proofs,
      time: now,
    });

    expect(second.accepted[0]?.verified).toBe(first.accepted[0]?.verified);
    expect(cache.size).toBe(1);
  });
});
