// SPDX-License-Identifier: Apache-2.0
// Artifacts that refer to an image and are signed themselves, as somebody who may write into the repository could leave them.
import { expect, it } from 'vitest';
import { attestedBy } from '../../../test/support/image-validating.ts';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import type { TestManifest } from '../../../test/support/registry/content.ts';
import { blobOf, imageOf, referrerOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { envelope, root, signer, strangerRoot } from '../../../test/support/signing/notation.ts';
import { certificatePem, image, named, registryWith } from '../../../test/support/verified-image.ts';
import { judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import { attachNotation } from '../signatures/notation-attachment.ts';

closeAfterEach();

const type = 'application/vnd.cyclonedx+json';

function sbom(content: unknown = { bomFormat: 'CycloneDX' }, subject = image): TestManifest {
  return referrerOf(subject, typeof content === 'string' ? content : JSON.stringify(content), type);
}

async function sign(registry: TestRegistry, subject: TestManifest): Promise<void> {
  const { mediaType, digest, size } = subject;
  await attachNotation(writable(registry), {
    subject,
    envelope: envelope('jws', { target: { mediaType, digest, size, annotations: new Map() } }),
    mediaType: envelopeMediaTypes.jws,
    certificates: [signer.certificate.encoded, root.certificate.encoded],
    createdAt: '2026-03-01T12:00:00Z',
  });
}

async function putSigned(registry: TestRegistry, artifact: TestManifest): Promise<void> {
  registry.put(repository, artifact);
  await sign(registry, artifact);
}

/** The manifest with other members, as a stranger would write it. */
function altered(artifact: TestManifest, change: (value: Record<string, unknown>) => object): TestManifest {
  const value = JSON.parse(Buffer.from(artifact.bytes).toString('utf8')) as Record<string, unknown>;
  return { ...artifact, ...blobOf(JSON.stringify({ ...value, ...change(value) })) };
}

async function lineOf(
  prepare: (registry: TestRegistry) => void | Promise<void>,
  expression = 'images.containers.all(i, verifyAttestationSignatures(i, attestations.sbom, [attestors.signer]) > 0)',
  certs = certificatePem(root),
): Promise<string> {
  const policy = attestedBy(
    { notary: { certs: { value: certs } } },
    { attestations: [{ name: 'sbom', referrer: { type } }], validations: [{ expression }] },
  );
  const registry = await registryWith(async (it) => {
    await prepare(it);
  });
  return (await judge(registry, setOf([policy]), podWith(named))).lines.join(' ');
}

const reading = 'images.containers.all(i, extractPayload(i, attestations.sbom).bomFormat == "CycloneDX")';
const verifiedAndRead = `images.containers.all(i, verifyAttestationSignatures(i, attestations.sbom, [attestors.signer]) > 0
  && extractPayload(i, attestations.sbom).bomFormat == "CycloneDX")`;

it('a signed one counts beside unsigned ones, and it is the one that is read', async () => {
  expect(
    await lineOf(async (registry) => {
      registry.put(repository, sbom({ bomFormat: 'forged' }));
      await putSigned(registry, sbom());
      registry.put(repository, sbom({ bomFormat: 'forged', again: true }));
    }, verifiedAndRead),
  ).toMatch(/^pass /);
});

it('one that only a stranger signed is none', async () => {
  expect(await lineOf((it) => putSigned(it, sbom()), undefined, certificatePem(strangerRoot))).toMatch(
    /^fail .*no artifact .* counts/,
  );
});

it('what nobody verified is not read', async () => {
  expect(await lineOf((it) => putSigned(it, sbom()), reading)).toMatch(/^error /);
});

it('one about another image does not count, be it signed', async () => {
  const other = imageOf({ layers: ['another program'] });
  const about = { subject: { mediaType: image.mediaType, digest: image.digest, size: image.size } };

  expect(
    await lineOf(async (registry) => {
      registry.put(repository, other);
      await putSigned(registry, sbom({ bomFormat: 'CycloneDX' }, other));
    }),
  ).toMatch(/^fail .*there is no artifact/);
  // The same signed layer below a manifest that now names this image: nobody signed that manifest.
  expect(
    await lineOf(async (registry) => {
      registry.put(repository, other);
      const signed = sbom({ bomFormat: 'CycloneDX' }, other);
      await putSigned(registry, signed);
      registry.put(
        repository,
        altered(signed, () => about),
      );
    }),
  ).toMatch(/^fail .*no artifact .* counts/);
});

it.each([
  ['content that is no JSON', (): TestManifest => sbom('{'), /no JSON/],
  ['no layer', (): TestManifest => altered(sbom(), () => ({ layers: [] })), /exactly one layer/],
  [
    'two layers',
    (): TestManifest => altered(sbom(), ({ layers }) => ({ layers: [...(layers as []), ...(layers as [])] })),
    /exactly one layer/,
  ],
  [
    'a layer that says it is huge',
    (): TestManifest =>
      altered(sbom(), ({ layers }) => ({ layers: [{ ...(layers as readonly object[])[0], size: 2 ** 40 }] })),
    /could not look: .* bytes/,
  ],
  [
    'a layer that is not there',
    (): TestManifest =>
      altered(sbom(), ({ layers }) => ({
        layers: [{ ...(layers as readonly object[])[0], digest: `sha256:${'0'.repeat(64)}` }],
      })),
    /not there/,
  ],
])('%s is an error, for nothing and for its negation', async (_, make, expected) => {
  const none = 'images.containers.all(i, verifyAttestationSignatures(i, attestations.sbom, [attestors.signer]) == 0)';

  for (const expression of [undefined, none]) {
    const line = await lineOf((it) => putSigned(it, make()), expression);
    expect(line).toMatch(/^error /);
    expect(line).toMatch(expected);
  }
});

it('more than anybody needs are an error, those of other types do not count', async () => {
  const crowd = (artifactType: string) => async (registry: TestRegistry) => {
    for (let index = 0; index < 51; index += 1)
      registry.put(repository, referrerOf(image, JSON.stringify({ index }), artifactType));
    await putSigned(registry, sbom());
  };

  expect(await lineOf(crowd(type))).toMatch(/^error .*more than 50 artifacts/);
  expect(await lineOf(crowd('application/vnd.example.note'))).toMatch(/^pass /);
});

it('the type may be that of the config, as older writers say it', async () => {
  expect(
    await lineOf(async (registry) => {
      const artifact = altered(sbom(), ({ config }) => ({
        artifactType: undefined,
        config: { ...(config as object), mediaType: type },
      }));
      await putSigned(registry, artifact);
    }),
  ).toMatch(/^pass /);
});
