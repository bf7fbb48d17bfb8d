// SPDX-License-Identifier: Apache-2.0
// Registries that lie, refuse, flood and change their minds while the signatures of an image are collected. "Could not look" must never become
// "unsigned", and what is not proved must never become "signed".
import { describe, expect, it } from 'vitest';
import { bundleMediaType, legacyTag } from '../../src/apps/signatures/attachment.ts';
import { collectProofs } from '../../src/apps/signatures/collect.ts';
import { mediaTypes } from '../../src/formats/oci/media-types.ts';
import { registryStore } from '../../src/io/registry/client.ts';
import { closeAfterEach, reference, testClient, testRegistry } from '../support/registry/client.ts';
import { blobOf, imageOf, indexOf, noise, referrerOf } from '../support/registry/content.ts';
import type { TestRegistry } from '../support/registry/test-registry.ts';
import { keyless } from '../support/signing/attempt.ts';
import {
  attach,
  attachOlder,
  imageBundle,
  outcomeText,
  repository,
  signatureLayer,
  verifyTag,
  writable,
} from '../support/signing/image-proofs.ts';

closeAfterEach();

const image = imageOf({ layers: ['the program'] });
const stranger = imageOf({ layers: ['another program'] });

async function signedRegistry(): Promise<TestRegistry> {
  const registry = await testRegistry();
  registry.put(repository, image, 'v1');
  await attach(writable(registry), image, imageBundle(image));
  return registry;
}

function refusal(status: number, path: RegExp): Parameters<TestRegistry['fail']>[0] {
  return { path, effect: { kind: 'answer', status, headers: status === 429 ? { 'retry-after': '30' } : {} } };
}

describe('a registry that refuses to answer', () => {
  it.each([
    [429, 'REGISTRY_THROTTLED'],
    [503, 'REGISTRY_UNREACHABLE'],
    [403, 'REGISTRY_UNAUTHORIZED'],
  ])('with %i to the question for referrers has not said "unsigned"', async (status, code) => {
    const registry = await signedRegistry();
    registry.fail(refusal(status, /referrers|manifests\/sha256-/));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toContain(`unknown ${code}`);
  });

  it('for the older tag only has not said "unsigned" either', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    registry.fail(refusal(429, /\.sig$/));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('unknown REGISTRY_THROTTLED');
  });

  it('for one of two places does not take away what the other one proves', async () => {
    const registry = await signedRegistry();
    registry.fail(refusal(500, /\.sig$/));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('verified 1');
    expect(verdict.unread.map(({ code }) => code)).toEqual(['REGISTRY_UNREACHABLE']);
  });

  it('for the bundle itself has not said "unsigned"', async () => {
    const registry = await signedRegistry();
    registry.fail(refusal(500, /blobs\/sha256/));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('unknown REGISTRY_UNREACHABLE');
  });
});

describe('a flood', () => {
  it('of 100,000 referrers is given up, not read as "unsigned"', async () => {
    const registry = await signedRegistry();
    const entry = { mediaType: mediaTypes.ociManifest, size: 500, artifactType: bundleMediaType };
    const page = (from: number): string =>
      JSON.stringify({
        schemaVersion: 2,
        mediaType: mediaTypes.ociIndex,
        manifests: Array.from({ length: 500 }, (_, index) => ({
          ...entry,
          digest: `sha256:${(from + index).toString(16).padStart(64, '0')}`,
        })),
      });
    for (let number = 0; number < 200; number += 1)
      registry.fail({
        path: new RegExp(`referrers/[^?]*${number === 0 ? '$' : `\\?page=${number}$`}`),
        effect: {
          kind: 'answer',
          status: 200,
          headers: {
            'content-type': mediaTypes.ociIndex,
            link: `</v2/${repository}/referrers/${image.digest}?page=${number + 1}>; rel="next"`,
          },
          body: page(number * 500),
        },
      });

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toContain('unknown LIMIT_EXCEEDED');
    expect(registry.asked(/referrers/).length).toBeLessThan(10);
  });

  it('of bundles is given up at the number that is looked at', async () => {
    const registry = await testRegistry({ referrers: 'off' });
    registry.put(repository, image, 'v1');
    const layer = blobOf('{}');
    registry.repository(repository).blobs.set(layer.digest, layer.bytes);
    const manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: bundleMediaType,
      config: { mediaType: mediaTypes.ociEmpty, digest: layer.digest, size: layer.size },
      layers: Array.from({ length: 900 }, () => ({
        mediaType: bundleMediaType,
        digest: layer.digest,
        size: layer.size,
      })),
      subject: { mediaType: image.mediaType, digest: image.digest, size: image.size },
    };
    await writable(registry).pushManifest({
      bytes: Buffer.from(JSON.stringify(manifest)),
      mediaType: mediaTypes.ociManifest,
    });

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toContain('unknown LIMIT_EXCEEDED');
    expect(registry.asked(/GET .*blobs/).length).toBeLessThanOrEqual(500);
  });

  it('of bytes in a manifest of signatures is cut off', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    registry.fail({
      path: /\.sig$/,
      effect: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': mediaTypes.ociManifest },
        body: Buffer.alloc(5 * 1024 * 1024, 0x20),
      },
    });

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('unknown LIMIT_EXCEEDED');
  });

  it('of bytes in a bundle is not fetched when its descriptor says so', async () => {
    const registry = await testRegistry({ referrers: 'off' });
    registry.put(repository, image, 'v1');
    const empty = blobOf('{}');
    registry.repository(repository).blobs.set(empty.digest, empty.bytes);
    const manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: bundleMediaType,
      config: { mediaType: mediaTypes.ociEmpty, digest: empty.digest, size: empty.size },
      layers: [{ mediaType: bundleMediaType, digest: blobOf('huge').digest, size: 10 ** 12 }],
      subject: { mediaType: image.mediaType, digest: image.digest, size: image.size },
    };
    await writable(registry).pushManifest({
      bytes: Buffer.from(JSON.stringify(manifest)),
      mediaType: mediaTypes.ociManifest,
    });

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('unknown LIMIT_EXCEEDED');
    expect(registry.asked(/GET .*blobs/)).toEqual([]);
  });
});

describe('a registry that lies', () => {
  it('about the bytes of a bundle is caught by the digest', async () => {
    const registry = await signedRegistry();
    registry.fail({
      path: /blobs/,
      effect: { kind: 'body', change: (body) => Buffer.from(body.toString().replace('"', "'")) },
    });

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('unknown REGISTRY_INVALID');
  });

  it('about the image gives nothing', async () => {
    const registry = await signedRegistry();
    registry.fail({ path: /manifests\/v1$/, effect: { kind: 'body', change: () => stranger.bytes } });

    const attempt = verifyTag(registry, 'v1');

    await expect(attempt).rejects.toThrow(/REGISTRY_INVALID/);
  });

  it('with the signature of another image is refused, in both layouts', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    await attach(writable(registry), image, imageBundle(stranger));
    await attachOlder(writable(registry), image, stranger.digest);

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('ARTIFACT_MISMATCH ARTIFACT_MISMATCH');
  });

  it('about what a referrer refers to is caught', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    registry.put(repository, stranger, 'other');
    await attach(writable(registry), stranger, imageBundle(stranger));
    const wrong = [...registry.repository(repository).manifests.entries()].find(([, { bytes }]) =>
      bytes.includes('"subject"'),
    );
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: [{ mediaType: mediaTypes.ociManifest, digest: wrong?.[0], size: wrong?.[1].bytes.length }],
    });
    registry.fail({
      path: /referrers/,
      effect: { kind: 'answer', status: 200, headers: { 'content-type': mediaTypes.ociIndex }, body },
    });

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('unknown REGISTRY_INVALID');
  });

  it('about types, in a list that names them wrongly, hides nothing', async () => {
    const registry = await testRegistry({ referrers: 'off' });
    registry.put(repository, image, 'v1');
    await attach(writable(registry), image, imageBundle(image));
    const stored = registry.repository(repository);
    const tag = image.digest.replace(':', '-');
    const index = stored.manifests.get(stored.tags.get(tag) ?? '');
    const text = (index?.bytes.toString() ?? '').replaceAll(
      `"artifactType":"${bundleMediaType}"`,
      `"artifactType":"${mediaTypes.ociEmpty}"`,
    );
    registry.fail({ path: new RegExp(`manifests/${tag}$`), effect: { kind: 'body', change: () => Buffer.from(text) } });
    registry.fail({
      path: new RegExp(`manifests/${tag}$`),
      effect: { kind: 'headers', headers: { 'docker-content-digest': undefined } },
    });

    const verdict = await verifyTag(registry, 'v1');

    expect(text).toContain(mediaTypes.ociEmpty);
    expect(outcomeText(verdict)).toBe('verified 1');
  });

  it('with annotations that nobody signed is not believed', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    const { blob, annotations } = signatureLayer(image.digest, { team: 'a' });
    const { attachLayer } = await import('../../src/apps/signatures/attachment.ts');
    await attachLayer(writable(registry), {
      subject: image.digest,
      kind: 'signature',
      blob,
      annotations: { ...annotations, team: 'b' },
    });

    const signed = await verifyTag(registry, 'v1', { policy: { ...keyless, annotations: { team: 'a' } } });
    const unsigned = await verifyTag(registry, 'v1', { policy: { ...keyless, annotations: { team: 'b' } } });

    expect(outcomeText(signed)).toBe('verified 1');
    expect(outcomeText(unsigned)).toBe('ANNOTATION_MISMATCH');
  });

  it('with an annotation that calls another statement provenance is not believed', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    await attach(writable(registry), image, imageBundle(image, 'https://example.com/note/v1'));
    const wanted = { kind: 'attestation', predicateTypes: ['https://slsa.dev/provenance/v1'] } as const;

    const verdict = await verifyTag(registry, 'v1', { wanted });

    expect(outcomeText(verdict)).toBe('none');
  });
});

describe('things that move', () => {
  it('a tag that moves after it was resolved changes nothing', async () => {
    const registry = await signedRegistry();
    registry.put(repository, stranger);
    registry.fail({
      path: /referrers/,
      effect: { kind: 'meanwhile', run: () => void registry.repository(repository).tags.set('v1', stranger.digest) },
    });

    const verdict = await verifyTag(registry, 'v1');

    expect(verdict.subject.digest).toBe(image.digest);
    expect(outcomeText(verdict)).toBe('verified 1');
    expect(registry.asked(/manifests\/v1$/)).toHaveLength(1);
  });

  it('a manifest below a signed index that is swapped is caught by the digest', async () => {
    const registry = await testRegistry();
    const index = indexOf({ 'linux/amd64': image });
    registry.put(repository, image);
    registry.put(repository, index, 'v1');
    await attach(writable(registry), index, imageBundle(index));
    registry.fail({
      path: new RegExp(`manifests/${image.digest}$`),
      effect: { kind: 'body', change: () => stranger.bytes },
    });
    const store = registryStore(testClient(), reference(`${registry.host}/${repository}:v1`));
    const { resolveSubject } = await import('../../src/apps/signatures/verify-image.ts');

    const subject = await resolveSubject(store, { name: undefined, platform: { os: 'linux', architecture: 'amd64' } });

    expect(subject).toMatchObject({ kind: 'unknown', code: 'REGISTRY_INVALID' });
  });
});

describe('a challenge that leads elsewhere', () => {
  it.each(['http://169.254.169.254/latest/meta-data', 'http://metadata.example/token'])(
    'to %s is not followed, and leaves the question open',
    async (realm) => {
      const registry = await signedRegistry();
      registry.fail({
        path: /referrers|manifests\/sha256-/,
        effect: { kind: 'answer', status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}",service="x"` } },
      });

      const verdict = await verifyTag(registry, 'v1');

      expect(outcomeText(verdict)).toMatch(/^unknown REGISTRY_/);
    },
  );
});

describe('what is no proof', () => {
  it('beside a proof is left alone', async () => {
    const registry = await signedRegistry();
    registry.put(repository, referrerOf(image, 'a note'));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('verified 1');
  });

  it('under the tag of signatures is refused', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    registry.put(repository, imageOf({ layers: [noise(100)] }), legacyTag(image.digest, 'signature'));

    const verdict = await verifyTag(registry, 'v1');

    expect(outcomeText(verdict)).toBe('PROOF_MALFORMED');
  });

  it('is told apart from nothing at all', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    const store = registryStore(testClient(), reference(`${registry.host}/${repository}:v1`));

    const outcome = await collectProofs(store, { image: image.digest, kinds: ['signature', 'attestation'] });

    expect(outcome).toEqual({ kind: 'none' });
  });
});
