// SPDX-License-Identifier: Apache-2.0
// Signatures of the Notary Project in reviews: whether the certificate of the signer was revoked is asked within the review's time, and "could not look" is no pass.
import { expect, it } from 'vitest';
import type { ImageReviews } from '../../../../../test/support/image-reviews.ts';
import { imageReviews } from '../../../../../test/support/image-reviews.ts';
import { closeAfterEach } from '../../../../../test/support/registry/client.ts';
import { writable } from '../../../../../test/support/signing/image-proofs.ts';
import { envelope, now, revocableSigner, root } from '../../../../../test/support/signing/notation.ts';
import { revocationList } from '../../../../../test/support/signing/revocation.ts';
import { certificatePem, image, pinned, registryWith } from '../../../../../test/support/verified-image.ts';
import { imagePolicy, podWith } from '../../../../../test/support/verify-images.ts';
import type { FetchedAnswer } from '../../../../evidence/signatures/notation/revocation.ts';
import { envelopeMediaTypes } from '../../../../formats/notation/envelope.ts';
import { attachNotation } from '../../../signatures/notation-attachment.ts';
import { imageLifetimes } from './lifetimes.ts';
import { RememberedRevocation, revocationLifetimes } from './remembered-revocation.ts';

closeAfterEach();

const hour = 3_600_000;
const policyWith = (more: object = {}) =>
  imagePolicy({
    type: 'Notary',
    attestors: [{ entries: [{ certificates: { cert: certificatePem(root) }, ...more }] }],
  });
const list = (...revoked: readonly (typeof revocableSigner)[]): FetchedAnswer => ({
  kind: 'fetched',
  bytes: revocationList({
    signer: root,
    revoked: revoked.map(({ certificate }) => certificate),
    from: now - hour,
    until: now + hour,
  }),
});
const away: FetchedAnswer = { kind: 'failed', reason: 'answered 503' };

/** Reviews of an image whose signer has a certificate that names a list. Without `answer` nobody is asked. */
async function reviewsWith(answer?: () => FetchedAnswer | Promise<FetchedAnswer>, policy = policyWith()) {
  const registry = await registryWith(async (it) => {
    const { mediaType, digest, size } = image;
    const target = { mediaType, digest, size, annotations: new Map<string, string>() };
    await attachNotation(writable(it), {
      subject: image,
      envelope: envelope('jws', { target, by: revocableSigner }),
      mediaType: envelopeMediaTypes.jws,
      certificates: [revocableSigner.certificate.encoded, root.certificate.encoded],
      createdAt: '2026-03-01T12:00:00Z',
    });
  });
  let asked = 0;
  const memory: RememberedRevocation = new RememberedRevocation({
    now: () => reviews.now(),
    fetch: async () => {
      asked += 1;
      return answer?.() ?? away;
    },
  });
  const reviews: ImageReviews = imageReviews({
    registry,
    policies: [policy],
    time: now,
    ...(answer === undefined ? {} : { revocation: memory.fetch }),
  });
  return { reviews, asked: () => asked };
}

async function said(reviews: ImageReviews, budget = 5_000): Promise<string> {
  const { answer } = await reviews.review(podWith(pinned), { budget });
  return answer.message ?? 'allowed';
}

it('counts while its list does not name it, and the list is fetched once for many looks', async () => {
  const { reviews, asked } = await reviewsWith(() => list());

  expect(await said(reviews)).toBe('allowed');
  reviews.pass(imageLifetimes.attested + 1);
  expect(await said(reviews)).toBe('allowed');
  expect(asked()).toBe(1);
});

it('counts no more soon after it was revoked', async () => {
  const state = { answer: list() };
  const { reviews } = await reviewsWith(() => state.answer);
  expect(await said(reviews)).toBe('allowed');
  state.answer = list(revocableSigner);
  reviews.pass(revocationLifetimes.answer);

  expect(await said(reviews)).toMatch(/no notation signature counts: CERTIFICATE_REVOKED/);
});

it('is refused while nobody can tell, as what could not be looked at, and admitted soon after somebody can', async () => {
  const state: { answer: FetchedAnswer } = { answer: away };
  const { reviews, asked } = await reviewsWith(() => state.answer);
  expect(await said(reviews)).toMatch(/could not look: REVOCATION_UNKNOWN .*answered 503$/);
  state.answer = list();
  reviews.pass(imageLifetimes.unknown);
  expect(await said(reviews)).toMatch(/answered 503/);
  expect(asked()).toBe(1);
  reviews.pass(revocationLifetimes.unknown);

  expect(await said(reviews)).toBe('allowed');
});

it('is refused when the service does not answer in time, and admitted when it has', async () => {
  let end: () => void = () => undefined;
  const { reviews } = await reviewsWith(
    () =>
      new Promise((resolve) => {
        end = () => resolve(list());
      }),
  );

  expect(await said(reviews, 100)).toContain('could not look: no answer within 0.1 s');
  end();
  await new Promise((wake) => setTimeout(wake, 20));
  expect(await said(reviews)).toBe('allowed');
});

it('is refused where nobody may be asked: that used to be told as a signature that does not count', async () => {
  const { reviews } = await reviewsWith();

  expect(await said(reviews)).toMatch(/could not look: REVOCATION_UNKNOWN .*--revocation network/);
});

it('that lacks an annotation does not count, and is not what nobody could look at, whatever is known of revocation', async () => {
  for (const answer of [undefined, () => away]) {
    const { reviews } = await reviewsWith(answer, policyWith({ annotations: { stage: 'released' } }));

    expect(await said(reviews)).toMatch(/no notation signature counts: (?!REVOCATION_UNKNOWN).*stage/);
  }
});
