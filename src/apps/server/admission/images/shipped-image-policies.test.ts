// SPDX-License-Identifier: Apache-2.0
// The shipped policies about images, with a test signer in the place of their placeholder, in a review of the webhook.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { imageReviews } from '../../../../../test/support/image-reviews.ts';
import { closeAfterEach } from '../../../../../test/support/registry/client.ts';
import { world } from '../../../../../test/support/signing/attempt.ts';
import { namesExtension } from '../../../../../test/support/signing/certificates.ts';
import { attach, imageBundle, writable } from '../../../../../test/support/signing/image-proofs.ts';
import {
  issuer,
  makeLeaf,
  statementBundle,
  statementOf,
  subject,
  usualExtensions,
} from '../../../../../test/support/signing/sigstore.ts';
import { image, pinned, registryWith } from '../../../../../test/support/verified-image.ts';
import { documents, podWith } from '../../../../../test/support/verify-images.ts';

closeAfterEach();

const folder = new URL('../../../../../rules/policies/images/', import.meta.url);
const names = readdirSync(folder);
const leaf = makeLeaf(world);

function textOf(name: string): string {
  return readFileSync(new URL(name.endsWith('.yaml') ? name : `${name}.yaml`, folder), 'utf8');
}

const sbom = (components: readonly unknown[]) =>
  ['https://cyclonedx.org/bom', { bomFormat: 'CycloneDX', components }] as const;

const provenance = (changes: object = {}, builder = 'https://github.com/actions/runner/github-hosted') =>
  [
    'https://slsa.dev/provenance/v1',
    {
      buildDefinition: {
        externalParameters: {
          workflow: {
            repository: 'https://github.com/your_org/your_repo',
            path: '.github/workflows/release.yml',
            ref: 'refs/heads/main',
            ...changes,
          },
        },
      },
      runDetails: { builder: { id: builder } },
    },
  ] as const;

const critical = { VulnerabilityID: 'CVE-1', Severity: 'CRITICAL', FixedVersion: '2.0' };

/** `now` of the tests is 2026-06-01. */
const scan = (found: readonly object[], finished = '2026-05-30T00:00:00Z') =>
  [
    'https://cosign.sigstore.dev/attestation/vuln/v1',
    {
      metadata: { scanStartedOn: finished, scanFinishedOn: finished },
      scanner: { uri: 'scanner', result: { Results: [{ Target: 'os', Vulnerabilities: found }, { Target: 'none' }] } },
    },
  ] as const;

const vex = (...statements: readonly object[]) => ['https://openvex.dev/ns', { statements }] as const;
const answered = (status: string) => ({
  status,
  vulnerability: { name: 'CVE-1' },
  justification: 'inline_mitigations',
});

type Claim = readonly [type: string, predicate: unknown];

/** What a policy says of an image with these attestations: `admitted`, or the refusal. */
async function verdict(name: string, claims: readonly Claim[], signer = leaf): Promise<string> {
  const registry = await registryWith(async (own) => {
    const store = writable(own);
    await attach(store, image, imageBundle(image, undefined, signer));
    for (const [type, predicate] of claims) {
      const payload = { ...statementOf(image.bytes, type), predicate };
      await attach(store, image, statementBundle(world, { leaf: signer, payload }));
    }
  });
  const text = textOf(name)
    .replaceAll(/subject: \S+/g, `subject: ${subject}`)
    .replaceAll(/issuer: \S+/g, `issuer: ${issuer}`)
    .replaceAll('registry.example.com/your_org/*', 'registry.example/*');
  const reviews = imageReviews({ registry, policies: documents(text).map(({ object }) => object) });
  const { answer } = await reviews.review(podWith(pinned));
  expect(reviews.defects).toEqual([]);
  return answer.message ?? 'admitted';
}

describe('shipped policies about images', () => {
  it.each(names)('%s says why it is there, and who is meant to put in what', (name) => {
    expect(textOf(name)).toMatch(/landwaiter\.dev\/severity: (?:high|medium)\n/);
    expect(textOf(name).split('\n')[2]).toMatch(/^# .{40}/);
    expect(textOf(name)).toContain('your_org');
  });

  it('know by whom an image is signed', async () => {
    const stranger = makeLeaf(world, {
      extensions: usualExtensions.with(
        2,
        namesExtension('https://github.com/somebody/else/release.yml@refs/heads/main'),
      ),
    });

    expect(await verdict('image-signature', [])).toBe('admitted');
    expect(await verdict('image-signature', [], stranger)).toContain('no signature counts');
  });

  it.each<readonly [string, readonly Claim[], string]>([
    ['image-sbom', [sbom([{ name: 'a' }])], 'admitted'],
    ['image-sbom', [], 'there is no attestation'],
    ['image-sbom', [sbom([])], 'names no component'],
    ['image-provenance', [provenance()], 'admitted'],
    ['image-provenance', [], 'there is no attestation'],
    ['image-provenance', [provenance({ repository: 'https://github.com/somebody/else' })], 'another repository'],
    ['image-provenance', [provenance({ path: '.github/workflows/preview.yml' })], 'another workflow'],
    ['image-provenance', [provenance({ ref: 'refs/pull/1/merge' })], 'another branch'],
    ['image-provenance', [provenance({}, 'https://github.com/actions/runner/self-hosted')], 'machine of its own'],
    ['image-vulnerabilities', [scan([])], 'admitted'],
    ['image-vulnerabilities', [scan([{ ...critical, FixedVersion: '' }])], 'admitted'],
    ['image-vulnerabilities', [scan([{ VulnerabilityID: 'CVE-2', Severity: 'CRITICAL' }])], 'admitted'],
    ['image-vulnerabilities', [scan([{ ...critical, Severity: 'HIGH' }])], 'admitted'],
    ['image-vulnerabilities', [scan([critical])], 'critical vulnerabilities with a fix'],
    ['image-vulnerabilities', [scan([], '2026-01-01T00:00:00Z')], 'older than a week'],
    ['image-vulnerabilities', [scan([]), scan([critical])], 'critical vulnerabilities with a fix'],
    ['image-vulnerabilities', [], 'there is no attestation'],
    ['image-vulnerabilities-vex', [scan([]), vex()], 'admitted'],
    ['image-vulnerabilities-vex', [scan([critical]), vex(answered('not_affected'))], 'admitted'],
    ['image-vulnerabilities-vex', [scan([critical]), vex(answered('under_investigation'))], 'no VEX statement answers'],
    ['image-vulnerabilities-vex', [scan([critical]), vex()], 'no VEX statement answers'],
    ['image-vulnerabilities-vex', [scan([critical])], 'there is no attestation'],
    ['image-vulnerabilities-vex', [vex(answered('not_affected'))], 'there is no attestation'],
  ])('%s with %j: %s', async (name, claims, said) => {
    expect(await verdict(name, claims)).toContain(said);
  });
});
