// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { writable } from '../../../test/support/signing/image-proofs.ts';
import {
  envelope,
  root as notationRoot,
  signer as notationSigner,
  strangerRoot,
} from '../../../test/support/signing/notation.ts';
import { byKey, certificatePem, image, named, pinned, registryWith } from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import { attachNotation } from '../signatures/notation-attachment.ts';

closeAfterEach();

describe('signatures of the Notary Project', () => {
  const notary = (pem: string) =>
    imagePolicy({ type: 'Notary', attestors: [{ entries: [{ certificates: { cert: pem } }] }] });
  const signed = () =>
    registryWith(async (it) => {
      const { mediaType, digest, size } = image;
      const bytes = envelope('jws', { target: { mediaType, digest, size, annotations: new Map() } });
      await attachNotation(writable(it), {
        subject: image,
        envelope: bytes,
        mediaType: envelopeMediaTypes.jws,
        certificates: [notationSigner.certificate.encoded, notationRoot.certificate.encoded],
        createdAt: '2026-03-01T12:00:00Z',
      });
    });

  it('count when their chain meets the certificate of the policy', async () => {
    const { lines, images } = await judge(
      await signed(),
      setOf([notary(certificatePem(notationRoot))]),
      podWith(named),
    );

    expect(lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(images).toEqual([pinned]);
  });

  it.each([
    ['of strangers', async () => judge(await signed(), setOf([notary(certificatePem(strangerRoot))]), podWith(named))],
    [
      'that are not there',
      async () => judge(await registryWith(), setOf([notary(certificatePem(notationRoot))]), podWith(named)),
    ],
  ])('do not count when they are %s', async (_, attempt) => {
    expect((await attempt()).lines).toEqual([expect.stringMatching(/^fail /)]);
  });

  it('take neither keys nor identities', () => {
    expect(setOf([imagePolicy({ ...byKey, type: 'Notary' })]).problems[0]?.message).toContain('certificates only');
  });
});
