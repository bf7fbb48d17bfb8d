// SPDX-License-Identifier: Apache-2.0
// What the webhook knows and asks about images, review after review.
import { describe, expect, it } from 'vitest';
import type { ImageReviews } from '../../../../../test/support/image-reviews.ts';
import { imageReviews, patched } from '../../../../../test/support/image-reviews.ts';
import { closeAfterEach } from '../../../../../test/support/registry/client.ts';
import { imageOf } from '../../../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../../../test/support/registry/test-registry.ts';
import { repository, writable } from '../../../../../test/support/signing/image-proofs.ts';
import { publicPem, signOlder } from '../../../../../test/support/signing/key-signatures.ts';
import {
  byKey,
  image,
  keys,
  named,
  pinned,
  registryWith,
  signedRegistry,
  strangers,
} from '../../../../../test/support/verified-image.ts';
import { imagePolicy, podWith } from '../../../../../test/support/verify-images.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import { imageLifetimes } from './lifetimes.ts';

closeAfterEach();

const other = imageOf({ layers: ['another program'] });

const clusterPolicy: JsonObject = {
  apiVersion: 'policy.sigstore.dev/v1beta1',
  kind: 'ClusterImagePolicy',
  metadata: { name: 'signed' },
  spec: { images: [{ glob: '**' }], authorities: [{ key: { data: publicPem(keys) } }] },
};

async function allowed(reviews: ImageReviews, object: JsonObject, budget = 5_000): Promise<boolean> {
  return (await reviews.review(object, { budget })).answer.allowed;
}

async function refusal(reviews: ImageReviews, object: JsonObject, budget = 5_000): Promise<string> {
  return (await reviews.review(object, { budget })).answer.message ?? 'allowed';
}

const asksFor = (registry: TestRegistry): number => registry.asked().length;

describe.each([
  ['verifyImages', imagePolicy(byKey)],
  ['ClusterImagePolicy', clusterPolicy],
])('the image service, asked by %s', (_, policy) => {
  it('verifies an image once and then answers at once, without asking anybody', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });

    expect(await allowed(reviews, podWith(pinned))).toBe(true);
    const before = asksFor(registry);
    const again = reviews.review(podWith(pinned));

    expect(again).not.toBeInstanceOf(Promise);
    expect(await again).toMatchObject({ answer: { allowed: true } });
    expect(asksFor(registry)).toBe(before);
  });

  it('knows an image that was verified under another name of the same digest', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });
    await allowed(reviews, podWith(pinned));

    const untagged = reviews.review(podWith(`registry.example/${repository}@${image.digest}`));

    expect(untagged).not.toBeInstanceOf(Promise);
  });

  it('refuses an image without a signature, and admits it soon after it was signed', async () => {
    const registry = await registryWith();
    const reviews = imageReviews({ registry, policies: [policy] });

    expect(await refusal(reviews, podWith(pinned))).toContain('there is no signature');
    await signOlder(writable(registry), image, { keys });
    expect(await allowed(reviews, podWith(pinned))).toBe(false);
    reviews.pass(imageLifetimes.refused + 1);
    expect(await allowed(reviews, podWith(pinned))).toBe(true);
  });

  it('refuses what another key signed', async () => {
    const registry = await registryWith((own) => signOlder(writable(own), image, { keys: strangers }));
    const reviews = imageReviews({ registry, policies: [policy] });

    expect(await refusal(reviews, podWith(pinned))).toContain('no signature counts');
  });

  it('asks once for many reviews that come together', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });
    const made = asksFor(registry);
    await allowed(imageReviews({ registry, policies: [policy] }), podWith(pinned));
    const one = asksFor(registry) - made;

    const all = await Promise.all(Array.from({ length: 40 }, () => allowed(reviews, podWith(pinned))));

    expect(all.every(Boolean)).toBe(true);
    // The clients of tests each find out for themselves whether the registry speaks TLS.
    expect(asksFor(registry) - made - one).toBe(one);
  });

  it.each([
    ['down', { kind: 'cut', bytes: -1 } as const],
    ['throttling', { kind: 'answer', status: 429, headers: { 'retry-after': '1' } } as const],
    ['throttling for long', { kind: 'answer', status: 429, headers: { 'retry-after': '900' } } as const],
    ['broken', { kind: 'answer', status: 503 } as const],
    ['closed', { kind: 'answer', status: 401 } as const],
  ])('denies while the registry is %s, never says unsigned, and hardly remembers it', async (__, effect) => {
    const registry = await signedRegistry();
    registry.fail({ path: /./, times: 1_000, effect });
    const reviews = imageReviews({ registry, policies: [policy] });

    const said = await refusal(reviews, podWith(pinned));

    expect(said).toContain('could not look');
    expect(said).not.toMatch(/unsigned|no signature/);
    const mutating = await reviews.review(podWith(named), { phase: 'mutate' });
    expect(mutating.answer).toMatchObject({ allowed: false, patch: [] });
    expect(mutating.answer.message).toContain('could not look');
  });

  it('admits again a second after the registry is back', async () => {
    const registry = await signedRegistry();
    registry.fail({ path: new RegExp(`manifests/${image.digest}`), times: 4, effect: { kind: 'answer', status: 500 } });
    const reviews = imageReviews({ registry, policies: [policy] });

    expect(await allowed(reviews, podWith(pinned))).toBe(false);
    reviews.pass(imageLifetimes.unknown + 1);
    expect(await allowed(reviews, podWith(pinned))).toBe(true);
  });

  it('goes on admitting what it has verified while the registry is down', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });
    await allowed(reviews, podWith(pinned));
    registry.fail({ path: /./, effect: { kind: 'cut', bytes: -1 } });

    expect(await allowed(reviews, podWith(pinned))).toBe(true);
  });

  it.each(['mutate', 'validate'] as const)(
    'denies in the phase %s when the registry does not answer in time, and tells so',
    async (phase) => {
      const registry = await signedRegistry();
      registry.fail({ path: /./, effect: { kind: 'stall', bytes: -1 } });
      const reviews = imageReviews({ registry, policies: [policy] });
      const started = performance.now();

      const { answer } = await reviews.review(podWith(phase === 'mutate' ? named : pinned), { phase, budget: 60 });

      expect(answer).toMatchObject({ allowed: false, patch: [] });
      expect(answer.message).toContain('no answer within 0.1 s');
      expect(performance.now() - started).toBeLessThan(1_900);
    },
  );

  it('resolves a tag once, pins it, and verifies what was pinned, whatever the tag does then', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });

    const { answer } = await reviews.review(podWith(named, named), { phase: 'mutate' });
    registry.put(repository, other, 'v1');

    expect(patched(podWith(named, named), answer)).toEqual(podWith(pinned, pinned));
    expect(await allowed(reviews, podWith(pinned))).toBe(true);
    expect(registry.asked(/manifests\/v1$/)).toHaveLength(1);
  });

  it('believes a tag for a moment only: one that was moved after signing is refused', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });
    await reviews.review(podWith(named), { phase: 'mutate' });
    registry.put(repository, other, 'v1');
    reviews.pass(imageLifetimes.tag + 1);

    const { answer } = await reviews.review(podWith(named), { phase: 'mutate' });
    const moved = `${named}@${other.digest}`;

    // Kyverno's rules verify before they pin, and pin nothing that is not signed.
    expect([podWith(named), podWith(moved)]).toContainEqual(patched(podWith(named), answer));
    expect(await refusal(reviews, podWith(moved))).toContain('there is no signature');
  });

  it('refuses what nobody pinned, however well it is signed', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });

    expect(await refusal(reviews, podWith(named))).toMatch(/missing digest|named by a tag/);
  });

  it('lets Pods that were there before be changed and end, and verifies what is put into them', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });
    const update = (object: JsonObject, phase: 'mutate' | 'validate' = 'validate', oldObject = podWith(named)) =>
      reviews.review(object, { phase, operation: 'UPDATE', oldObject });
    const unsigned = `registry.example/${repository}:unsigned`;
    registry.put(repository, other, 'unsigned');
    const ending = (image: string): JsonObject => {
      const pod = podWith(image);
      return { ...pod, metadata: { ...(pod['metadata'] as JsonObject), deletionTimestamp: '2026-06-01T00:00:00Z' } };
    };

    expect((await update(podWith(named), 'mutate')).answer).toMatchObject({ allowed: true, patch: [] });
    expect((await update(podWith(named))).answer.allowed).toBe(true);
    expect((await update(podWith(named, unsigned))).answer.allowed).toBe(false);
    expect((await update(podWith(unsigned), 'validate', ending(unsigned))).answer.allowed).toBe(true);
    // That it ends is the word of the API server, not of the client.
    expect((await update(ending(unsigned))).answer.allowed).toBe(false);
    expect((await reviews.review(ending(unsigned))).answer.allowed).toBe(false);
  });

  it('verifies anew when other trust material counts', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });
    await allowed(reviews, podWith(pinned));
    reviews.changeRoot();

    expect(reviews.review(podWith(pinned))).toBeInstanceOf(Promise);
  });

  it('verifies several images at the same time', async () => {
    const registry = await signedRegistry();
    const images = Array.from({ length: 6 }, (__, index) => imageOf({ layers: [`program ${index}`] }));
    for (const each of images) {
      registry.put(repository, each);
      await signOlder(writable(registry), each, { keys });
    }
    registry.mostAtOnce = 0;
    registry.fail({ path: /./, effect: { kind: 'slow', bytes: 100_000, pause: 5 } });
    const reviews = imageReviews({ registry, policies: [policy] });

    const pod = podWith(...images.map(({ digest }) => `registry.example/${repository}@${digest}`));

    expect(await allowed(reviews, pod)).toBe(true);
    expect(registry.mostAtOnce).toBeGreaterThan(3);
  });

  it('asks for the signatures of a digest at once, and not first whether it is there', async () => {
    const registry = await signedRegistry();
    const asksForSignatures = (): number => registry.asked(/\.sig$/).length;
    const before = asksForSignatures();
    const wait = async (): Promise<void> => {
      for (let turn = 0; turn < 400 && asksForSignatures() === before; turn += 1)
        await new Promise((wake) => setTimeout(wake, 5));
    };
    registry.fail({ path: new RegExp(`manifests/${image.digest}`), effect: { kind: 'meanwhile', run: wait } });
    const reviews = imageReviews({ registry, policies: [policy] });

    // The manifest is not answered before somebody asks for signatures, or for two seconds.
    expect(await allowed(reviews, podWith(pinned), 1_500)).toBe(true);
  });

  it('looks up no more images than a request may name', async () => {
    const registry = await signedRegistry();
    const reviews = imageReviews({ registry, policies: [policy] });
    const many = Array.from({ length: 400 }, (__, index) => `registry.example/none${index}@${image.digest}`);

    const said = await refusal(reviews, podWith(...many));

    expect(said).toContain('look-ups for one request');
    expect(reviews.defects).toEqual([]);
  });
});
