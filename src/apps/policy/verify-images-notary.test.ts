// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import type { TestManifest } from '../../../test/support/registry/content.ts';
import { imageOf, referrerOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import type { Issued } from '../../../test/support/signing/certificates.ts';
import { repository, writable } from '../../../test/support/signing/image-proofs.ts';
import {
  envelope,
  makeSigner,
  root as notationRoot,
  signer as notationSigner,
  strangerRoot,
} from '../../../test/support/signing/notation.ts';
import { byKey, certificatePem, image, named, pinned, registryWith } from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
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

describe('attestations of the Notary Project', () => {
  const type = 'application/vnd.example.scan';
  const sbom = (critical: number) => referrerOf(image, JSON.stringify({ critical }), type);
  const stranger = makeSigner({ issuer: strangerRoot });

  async function attachTo(registry: TestRegistry, artifact: TestManifest, by?: Issued): Promise<void> {
    registry.put(repository, artifact);
    const { mediaType, digest, size } = artifact;
    const target = { mediaType, digest, size, annotations: new Map<string, string>() };
    const chain = by === undefined ? [notationSigner, notationRoot] : [by, strangerRoot];
    await attachNotation(writable(registry), {
      subject: artifact,
      envelope: envelope('jws', { target, ...(by === undefined ? {} : { by, above: [strangerRoot] }) }),
      mediaType: envelopeMediaTypes.jws,
      certificates: chain.map(({ certificate }) => certificate.encoded),
      createdAt: '2026-03-01T12:00:00Z',
    });
  }

  const attestation = (more: JsonObject = {}): JsonObject => ({
    type: 'Notary',
    attestations: [
      {
        type,
        name: 'scan',
        attestors: [{ entries: [{ certificates: { cert: certificatePem(notationRoot) } }] }],
        conditions: [{ all: [{ key: '{{ critical }}', operator: 'Equals', value: 0 }] }],
        ...more,
      },
    ],
  });
  const lineOf = async (registry: TestRegistry, entry = attestation()): Promise<string> =>
    (await judge(registry, setOf([imagePolicy(entry)]), podWith(named))).lines.join(' ');

  it('are signed artifacts of the type that meet the conditions', async () => {
    expect(await lineOf(await registryWith((it) => attachTo(it, sbom(0))))).toMatch(/^pass /);
    expect(await lineOf(await registryWith((it) => attachTo(it, sbom(3))))).toMatch(/^fail .*conditions/);
    expect(await lineOf(await registryWith())).toMatch(/^fail .*there is no artifact/);
  });

  it('must all meet the conditions', async () => {
    const registry = await registryWith(async (it) => {
      await attachTo(it, sbom(0));
      await attachTo(it, sbom(3));
    });

    expect(await lineOf(registry)).toMatch(/^fail /);
  });

  it('of another type, unsigned, or signed by strangers do not count', async () => {
    const unsigned = await registryWith(async (it) => it.put(repository, sbom(0)));
    const other = await registryWith((it) => attachTo(it, referrerOf(image, '{"critical":0}', 'application/other')));
    const strange = await registryWith((it) => attachTo(it, sbom(0), stranger));

    for (const registry of [unsigned, other, strange]) expect(await lineOf(registry)).toMatch(/^fail /);
  });

  it('for another image do not count', async () => {
    const elsewhere = imageOf({ layers: ['another program'] });
    const registry = await registryWith((it) => attachTo(it, referrerOf(elsewhere, '{"critical":0}', type)));

    expect(await lineOf(registry)).toMatch(/^fail /);
  });

  it('are held against each other by name', async () => {
    const registry = await registryWith((it) => attachTo(it, sbom(0)));
    const denying = (value: number): JsonObject => ({
      ...attestation(),
      validate: { deny: { conditions: { any: [{ key: '{{ scan.critical }}', operator: 'Equals', value }] } } },
    });

    expect(await lineOf(registry, denying(1))).toMatch(/^pass /);
    expect(await lineOf(registry, denying(0))).toMatch(/^fail /);
  });

  it('that could not be read may be the ones that fail', async () => {
    const registry = await registryWith((it) => attachTo(it, sbom(0)));
    registry.fail({
      path: new RegExp(`blobs/${sbom(0).blobs[1]?.digest ?? ''}`),
      effect: { kind: 'answer', status: 500 },
    });

    expect(await lineOf(registry)).toMatch(/^error /);
  });

  it('need attestors with certificates', () => {
    const faults = (more: JsonObject): string | undefined =>
      setOf([imagePolicy(attestation(more))]).problems.find(({ hidesFindings }) => hidesFindings)?.message;

    expect(faults({ attestors: undefined })).toContain('need attestors');
    expect(faults({ attestors: byKey.attestors })).toContain('certificates only');
  });
});
