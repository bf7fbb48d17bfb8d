// SPDX-License-Identifier: Apache-2.0
// Kyverno's ImageValidatingPolicies in reviews of the webhook: pinned by one request, verified by the next, and looked up once.
import { expect, it } from 'vitest';
import { imageReviews, patched } from '../../../../../test/support/image-reviews.ts';
import { attestedBy, imageValidating, keyAttestor } from '../../../../../test/support/image-validating.ts';
import { closeAfterEach } from '../../../../../test/support/registry/client.ts';
import { named, pinned, registryWith, signedRegistry, strangers } from '../../../../../test/support/verified-image.ts';
import { podWith } from '../../../../../test/support/verify-images.ts';
import type { JsonObject } from '../../../../formats/document.ts';

closeAfterEach();

const other = 'registry.example/team/other:v1';

it('an image is pinned by one review and admitted by the next, which asks for the signature alone', async () => {
  const registry = await signedRegistry();
  const reviews = imageReviews({ registry, policies: [imageValidating()] });

  const mutated = await reviews.review(podWith(named), { phase: 'mutate' });
  const validated = await reviews.review(podWith(pinned));
  const seen = registry.requests.length;
  const again = await reviews.review(podWith(pinned));

  expect(patched(podWith(named), mutated.answer)).toEqual(podWith(pinned));
  expect(validated.answer).toMatchObject({ allowed: true });
  expect(again.answer).toMatchObject({ allowed: true });
  expect(registry.requests).toHaveLength(seen);
  expect(reviews.defects).toEqual([]);
});

it('what is not signed, signed by another, or not there is refused', async () => {
  const policies = [imageValidating()];
  const unsigned = imageReviews({ registry: await registryWith(), policies });
  const stranger = imageReviews({
    registry: await signedRegistry(),
    policies: [imageValidating({ attestors: [keyAttestor(strangers)] })],
  });

  expect((await unsigned.review(podWith(pinned))).answer).toMatchObject({ allowed: false });
  expect((await stranger.review(podWith(pinned))).answer).toMatchObject({ allowed: false });
  expect((await unsigned.review(podWith(other))).answer).toMatchObject({ allowed: false });
});

it('an image without digest is refused where no review pinned it', async () => {
  const reviews = imageReviews({ registry: await signedRegistry(), policies: [imageValidating()] });

  expect((await reviews.review(podWith(named))).answer).toMatchObject({ allowed: false });
});

it('no answer in time is no pass, nor one for the negation', async () => {
  const none = 'images.containers.all(image, verifyImageSignatures(image, [attestors.signer]) == 0)';
  for (const spec of [{}, { validations: [{ expression: none }] }]) {
    const registry = await signedRegistry();
    registry.fail({ path: /./, effect: { kind: 'stall', bytes: -1 } });
    const reviews = imageReviews({ registry, policies: [imageValidating(spec)] });

    expect((await reviews.review(podWith(pinned), { budget: 50 })).answer).toMatchObject({ allowed: false });
  }
});

it('audits and warns without refusing', async () => {
  const registry = await registryWith();
  const answerOf = async (action: string) =>
    (
      await imageReviews({ registry, policies: [imageValidating({ validationActions: [action] })] }).review(
        podWith(pinned),
      )
    ).answer;

  expect(await answerOf('Audit')).toMatchObject({ allowed: true });
  expect(await answerOf('Warn')).toMatchObject({
    allowed: true,
    warnings: [expect.stringContaining('must be signed')],
  });
  expect(await answerOf('Deny')).toMatchObject({ allowed: false });
});

it('one of a namespace judges that namespace', async () => {
  const registry = await registryWith();
  const inNamespace = (namespace: string): JsonObject => ({
    ...imageValidating({}, { metadata: { namespace } }),
    kind: 'NamespacedImageValidatingPolicy',
  });
  const answerOf = async (namespace: string) =>
    (await imageReviews({ registry, policies: [inNamespace(namespace)] }).review(podWith(pinned))).answer;

  expect(await answerOf('shop')).toMatchObject({ allowed: false });
  expect(await answerOf('elsewhere')).toMatchObject({ allowed: true });
});

it('a registry that answers again is asked again', async () => {
  const registry = await signedRegistry();
  registry.fail({ path: /./, effect: { kind: 'answer', status: 400 } });
  const reviews = imageReviews({ registry, policies: [attestedBy({ cosign: keyAttestor()['cosign'] })] });

  const refused = await reviews.review(podWith(pinned));
  registry.mend();
  reviews.pass(3_600_000);
  const admitted = await reviews.review(podWith(pinned));

  expect(refused.answer).toMatchObject({ allowed: false });
  expect(admitted.answer).toMatchObject({ allowed: true });
});
