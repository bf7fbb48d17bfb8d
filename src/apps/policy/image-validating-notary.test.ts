// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { attestedBy } from '../../../test/support/image-validating.ts';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { referrerOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { world } from '../../../test/support/signing/attempt.ts';
import { repository, writable } from '../../../test/support/signing/image-proofs.ts';
import type { EnvelopeParts } from '../../../test/support/signing/notation.ts';
import { envelope, expiredSigner, now, root, signer, strangerRoot } from '../../../test/support/signing/notation.ts';
import { timestampResponse } from '../../../test/support/signing/timestamps.ts';
import { certificatePem, image, named, registryWith } from '../../../test/support/verified-image.ts';
import { judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import { timestampTokenOf } from '../../formats/rfc3161.ts';
import { attachNotation } from '../signatures/notation-attachment.ts';

closeAfterEach();

const day = 24 * 60 * 60 * 1_000;

describe('notary attestors', () => {
  const notary = (pem: string, more: JsonObject = {}): JsonObject => ({ notary: { certs: { value: pem }, ...more } });
  const attached = async (registry: TestRegistry, subject: typeof image, parts: EnvelopeParts = {}): Promise<void> => {
    const { mediaType, digest, size } = subject;
    await attachNotation(writable(registry), {
      subject,
      envelope: envelope('jws', { target: { mediaType, digest, size, annotations: new Map() }, ...parts }),
      mediaType: envelopeMediaTypes.jws,
      certificates: [(parts.by ?? signer).certificate.encoded, root.certificate.encoded],
      createdAt: '2026-03-01T12:00:00Z',
    });
  };
  const signed = () => registryWith((it) => attached(it, image));

  it.each([
    ['the root', notary(certificatePem(root)), /^pass /],
    ['strangers', notary(certificatePem(strangerRoot)), /^fail /],
    ['the root of an expression', { notary: { certs: { expression: 'variables.pem' } } }, /^pass /],
    [
      'roots for timestamps, where there is none',
      notary(certificatePem(root), { tsaCerts: { value: certificatePem(world.stampRoot) } }),
      /^fail .*TIME_MISSING/,
    ],
  ])('ask for %s', async (_, attestor, expected) => {
    const variables = [{ name: 'pem', expression: JSON.stringify(certificatePem(root)) }];

    const { lines } = await judge(await signed(), setOf([attestedBy(attestor, { variables })]), podWith(named));

    expect(lines).toEqual([expect.stringMatching(expected)]);
  });

  const stampedAt = (time: number) => (signature: Uint8Array) => {
    const response = timestampResponse({
      signer: world.stamper,
      time,
      stamped: signature,
      certificates: [world.stamper],
    });
    const token = timestampTokenOf(response);
    if (token.kind === 'malformed') throw new Error(token.reason);
    return token.value;
  };

  it.each([
    ['stamped before', [world.stampRoot], 20, /^pass /],
    ['stamped after', [world.stampRoot], 5, /^fail /],
    ['stamped by a stranger', [strangerRoot], 20, /^fail /],
    ['stamped, where stamps do not count', [], 20, /^fail .*no notation signature counts/],
  ])('judge a certificate that has expired since: %s', async (_, stampRoots, days, expected) => {
    const registry = await registryWith((it) =>
      attached(it, image, { by: expiredSigner, timestamp: stampedAt(now - days * day) }),
    );
    const stamps = stampRoots.map((issued) => ({ tsaCerts: { value: certificatePem(issued) } }));
    const policy = attestedBy(notary(certificatePem(root), stamps[0] ?? {}));

    expect((await judge(registry, setOf([policy]), podWith(named))).lines).toEqual([expect.stringMatching(expected)]);
  });

  it('find no signature where there is none', async () => {
    const policy = attestedBy(notary(certificatePem(root)));

    expect((await judge(await registryWith(), setOf([policy]), podWith(named))).lines).toEqual([
      expect.stringMatching(/^fail /),
    ]);
  });

  describe('of artifacts', () => {
    const sbom = 'application/vnd.cyclonedx+json';
    const artifact = (format = 'CycloneDX') => referrerOf(image, JSON.stringify({ bomFormat: format }), sbom);
    const validations = [
      {
        expression:
          'images.containers.all(i, verifyAttestationSignatures(i, attestations.sbom, [attestors.signer]) > 0)',
      },
      { expression: 'images.containers.all(i, extractPayload(i, attestations.sbom).bomFormat == "CycloneDX")' },
    ];
    const lineOf = async (prepare: (registry: TestRegistry) => Promise<void>): Promise<string> => {
      const policy = attestedBy(notary(certificatePem(root)), {
        attestations: [{ name: 'sbom', referrer: { type: sbom } }],
        validations,
      });
      return (await judge(await registryWith(prepare), setOf([policy]), podWith(named))).lines.join(' ');
    };
    it('take one that is signed itself, and read it', async () => {
      expect(
        await lineOf(async (registry) => {
          registry.put(repository, artifact());
          await attached(registry, artifact());
        }),
      ).toMatch(/^pass /);
    });

    it('refuse one that nobody signed, another one, and one that is not there', async () => {
      expect(await lineOf(async (registry) => registry.put(repository, artifact()))).toMatch(
        /^fail .*no artifact .* counts/,
      );
      expect(
        await lineOf(async (registry) => {
          registry.put(repository, artifact('SPDX'));
          await attached(registry, artifact('SPDX'));
        }),
      ).toMatch(/^fail .*index 1/);
      expect(await lineOf(async () => {})).toMatch(/^fail .*there is no artifact/);
    });
  });
});
