// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { imageOf, manifestOf } from '../../../test/support/registry/content.ts';
import { openOciDirectory } from '../../io/registry/oci-layout.ts';
import { legacyTag } from './attachment.ts';
import { layoutKinds, withCosignTags } from './cosign-layout.ts';

const folder = mkdtempSync(join(tmpdir(), 'landwaiter-layout-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('attestations beside the only image of a layout that cosign saved used to be lost: nothing was proved', async () => {
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const image = imageOf();
  const [layer] = image.blobs;
  const attestation = manifestOf({
    mediaType,
    value: {
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: image.digest, size: 1 },
      layers: [{ mediaType: 'application/vnd.dsse.envelope.v1+json', digest: layer?.digest, size: layer?.size }],
    },
    blobs: [],
  });
  const entries = [
    { content: image, kind: layoutKinds.image },
    { content: attestation, kind: layoutKinds.attestation },
  ].map(({ content: { digest, bytes }, kind }) => {
    writeFileSync(join(folder, 'blobs', ...digest.split(':')), bytes);
    return { mediaType, digest, size: bytes.length, annotations: { kind } };
  });
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: entries }));
  const store = withCosignTags(openOciDirectory(folder));

  const only = await store.manifest(undefined);
  const attested = await store.manifest(legacyTag(image.digest, 'attestation'));

  expect(only).toMatchObject({ kind: 'found', value: { digest: image.digest } });
  expect(attested).toMatchObject({ kind: 'found', value: { digest: attestation.digest } });
});
