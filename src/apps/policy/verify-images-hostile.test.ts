// SPDX-License-Identifier: Apache-2.0
// Registries and images that mean harm: what they hand out is bounded, and nothing of it makes an image pass.
import { describe, expect, it } from 'vitest';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf, indexOf, referrerOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { world } from '../../../test/support/signing/attempt.ts';
import type { Issued } from '../../../test/support/signing/certificates.ts';
import { authorityExtensions, ecKeys, issue } from '../../../test/support/signing/certificates.ts';
import { repository, signatureLayer, writable } from '../../../test/support/signing/image-proofs.ts';
import { signNewer, signOlder } from '../../../test/support/signing/key-signatures.ts';
import { signedAt, year } from '../../../test/support/signing/sigstore.ts';
import {
  byKey,
  certificatePem,
  image,
  keys,
  named,
  pinned,
  registryWith,
  signedRegistry,
} from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { defaultLimits } from '../../model/limits.ts';
import { attachLayer } from '../signatures/attachment.ts';

closeAfterEach();

const other = imageOf({ layers: ['another program'] });
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const referrers = /\/referrers\//;

async function lineOf(registry: TestRegistry, entry: JsonObject = byKey, text = named): Promise<string> {
  return (await judge(registry, setOf([imagePolicy(entry)]), podWith(text))).lines.join(' ');
}

/** The list of referrers as somebody else writes it. */
function listing(
  registry: TestRegistry,
  manifests: readonly JsonObject[],
  headers: Record<string, string> = {},
  after?: number,
): void {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
  registry.fail({
    path: referrers,
    ...(after === undefined ? {} : { after, times: 1 }),
    effect: { kind: 'answer', status: 200, headers: { 'content-type': mediaType, ...headers }, body },
  });
}

describe('lists of referrers', () => {
  const descriptor = (digit: number): JsonObject => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: `sha256:${String(digit).padStart(64, '0')}`,
    size: 500,
    artifactType: bundleType,
  });

  it('without end are given up, and the image is not let through', async () => {
    const registry = await registryWith();
    listing(registry, [], { link: `</v2/${repository}/referrers/${image.digest}?page=next>; rel="next"` });

    expect(await lineOf(registry)).toMatch(/^error .*leads in a circle/);
    expect(registry.asked(referrers).length).toBeLessThan(4);
  });

  it('that always have one page more are given up', async () => {
    const registry = await registryWith();
    for (let page = 0; page < defaultLimits.registryPages + 10; page += 1)
      listing(registry, [], { link: `</v2/${repository}/referrers/${image.digest}?page=${page}>; rel="next"` }, page);

    expect(await lineOf(registry)).toMatch(/^error .*LIMIT_EXCEEDED/);
    expect(registry.asked(referrers).length).toBeLessThanOrEqual(defaultLimits.registryPages + 1);
  });

  it('with too many entries are an error, and not one of them is fetched for ever', async () => {
    const registry = await registryWith();
    listing(
      registry,
      Array.from({ length: defaultLimits.referrers + 1 }, (_, index) => descriptor(index)),
    );

    expect(await lineOf(registry)).toMatch(/^error /);
    expect(registry.asked(/manifests\/sha256:0/).length).toBeLessThanOrEqual(defaultLimits.referrers);
  });

  it('with entries that are not there are an error', async () => {
    const registry = await registryWith();
    listing(registry, [descriptor(1)]);

    expect(await lineOf(registry)).toMatch(/^error .*not there/);
  });

  it('with an entry of a size that nobody would fetch are an error', async () => {
    const registry = await registryWith();
    listing(registry, [{ ...descriptor(1), size: 2 ** 40 }]);

    expect(await lineOf(registry)).toMatch(/^error .*LIMIT_EXCEEDED/);
    expect(registry.asked(/manifests\/sha256:0/)).toEqual([]);
  });

  it('with a signature of another image do not make this one signed', async () => {
    const registry = await registryWith(async (it) => {
      it.put(repository, other);
      await signNewer(writable(it), other, { keys });
    });
    const [digest, stored] =
      [...registry.repository(repository).manifests].find(([, { bytes }]) => bytes.includes(bundleType)) ?? [];
    listing(registry, [{ ...descriptor(1), digest, size: stored?.bytes.length ?? 0 }]);

    expect(await lineOf(registry)).toMatch(/^(?:error|fail) /);
  });

  it.each([
    ['429', { kind: 'answer', status: 429 } as const],
    [
      '200 with a page for people',
      { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' } as const,
    ],
    ['200 cut off', { kind: 'cut', bytes: 20 } as const],
  ])('that are answered with %s are not "unsigned"', async (_, effect) => {
    const registry = await registryWith((it) => signNewer(writable(it), image, { keys }));
    registry.fail({ path: referrers, effect });

    expect(await lineOf(registry)).toMatch(/^error /);
  });

  it('that are empty do not hide signatures of the older layout', async () => {
    const registry = await signedRegistry();
    listing(registry, []);

    expect(await lineOf(registry)).toMatch(/^pass /);
  });
});

describe('signatures', () => {
  it('more than are looked at make an error, in bounded requests (CVE-2023-46737)', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys: ecKeys() }));
    const store = registry.repository(repository);
    const tag = `${image.digest.replace(':', '-')}.sig`;
    const stored = store.manifests.get(store.tags.get(tag) ?? '');
    const manifest = JSON.parse(stored?.bytes.toString() ?? '{}') as { layers: unknown[] };
    const many = { ...manifest, layers: Array.from({ length: 5_000 }, () => manifest.layers[0]) };
    registry.fail({
      path: new RegExp(`manifests/${tag}`),
      effect: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
        body: JSON.stringify(many),
      },
    });

    expect(await lineOf(registry)).toMatch(/^(?:error|fail) /);
    expect(registry.requests.length).toBeLessThan(defaultLimits.proofsPerImage + 50);
  });

  it('whose bytes are not those of their digest are an error', async () => {
    const registry = await signedRegistry();
    registry.fail({ path: /blobs\//, effect: { kind: 'body', change: (body) => Buffer.alloc(body.length, 0x20) } });

    expect(await lineOf(registry)).toMatch(/^error /);
  });

  it('under a tag that holds something else are an error', async () => {
    const registry = await registryWith();
    const tag = `${image.digest.replace(':', '-')}.sig`;
    registry.put(repository, indexOf({ 'linux/amd64': image, 'linux/arm64': other }), tag);

    expect(await lineOf(registry)).toMatch(/^error /);
  });

  it('with a chain of certificates without end do not count (CVE-2026-32280)', async () => {
    const validity = { notBefore: signedAt - year, notAfter: signedAt + year };
    const chain: Issued[] = [];
    for (let index = 0; index < 60; index += 1)
      chain.push(
        issue({
          subject: `authority ${index}`,
          keys: ecKeys(),
          extensions: authorityExtensions(),
          ...validity,
          ...(chain.at(-1) === undefined ? {} : { issuer: chain.at(-1) as Issued }),
        }),
      );
    const { blob, annotations } = signatureLayer(image.digest);
    const registry = await registryWith(async (it) => {
      await attachLayer(writable(it), {
        subject: image.digest,
        kind: 'signature',
        blob,
        annotations: { ...annotations, 'dev.sigstore.cosign/chain': chain.map(certificatePem).join('') },
      });
    });
    const keyless = { attestors: [{ entries: [{ keyless: { subject: '*', issuer: '*' } }] }] };
    const start = performance.now();

    expect(await lineOf(registry, keyless)).toMatch(/^fail .*too many certificates/);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('of an image of an index do not count for the index', async () => {
    const [first, second] = [imageOf({ layers: ['a'] }), imageOf({ layers: ['b'], architecture: 'arm64' })];
    const index = indexOf({ 'linux/amd64': first, 'linux/arm64': second });
    const registry = await testRegistry();
    for (const manifest of [first, second]) registry.put(repository, manifest);
    registry.put(repository, index, 'v1');
    await signOlder(writable(registry), first, { keys });

    expect(await lineOf(registry)).toMatch(/^fail /);
    await signOlder(writable(registry), index, { keys });
    expect(await lineOf(registry)).toMatch(/^pass /);
  });

  it('that lie beside the image, in artifacts of other kinds, are nothing', async () => {
    const registry = await registryWith(async (it) =>
      it.put(repository, referrerOf(image, '{"signature": "AAAA"}', bundleType)),
    );

    expect(await lineOf(registry)).toMatch(/^fail /);
  });
});

describe('images', () => {
  it('that are another one the second time are the first one (CVE-2022-47633)', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));
    registry.put(repository, other);
    const move = () => void registry.repository(repository).tags.set('v1', other.digest);
    registry.fail({ path: /\.sig$/, effect: { kind: 'meanwhile', run: move } });

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(judged.images).toEqual([pinned]);
  });

  it('get no digest that a signature names and nobody verified (CVE-2023-47630)', async () => {
    const registry = await registryWith(async (it) => {
      it.put(repository, other);
      // Signed by the key, for another image, and attached to this one.
      await signOlder(writable(it), image, { keys, digest: other.digest });
    });

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^fail .*ARTIFACT_MISMATCH/)]);
    expect(judged.images).toEqual([named]);
  });

  it.each([
    ['cut off', { kind: 'cut', bytes: 10 } as const],
    [
      'of four hundred megabytes, as they say',
      { kind: 'headers', headers: { 'content-length': '400000000' } } as const,
    ],
    ['no JSON', { kind: 'body', change: () => Buffer.from('[') } as const],
  ])('whose manifest is %s are an error (CVE-2023-42813)', async (_, effect) => {
    const registry = await signedRegistry();
    registry.fail({ path: /manifests\/(?:v1|sha256:)/, effect });

    expect(await lineOf(registry)).toMatch(/^error /);
  });

  it('are the world of their own registry only: the log of the test world is not asked', async () => {
    const registry = await signedRegistry();
    await lineOf(registry);

    expect(registry.requests.every(({ url }) => !url.includes(world.log.host))).toBe(true);
  });
});
