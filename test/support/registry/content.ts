// SPDX-License-Identifier: Apache-2.0
// Images and artifacts for tests, made in memory: layers are any bytes, digests are right.
import { createHash } from 'node:crypto';
import { mediaTypes } from '../../../src/formats/oci/media-types.ts';
import type { Digest } from '../../../src/model/digest.ts';

export interface TestBlob {
  readonly digest: Digest;
  readonly size: number;
  readonly bytes: Buffer;
}

export interface TestManifest extends TestBlob {
  readonly mediaType: string;
  readonly blobs: readonly TestBlob[];
}

export function digestOfBytes(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
}

export function blobOf(content: string | Uint8Array): TestBlob {
  const bytes = Buffer.from(content);
  return { digest: digestOfBytes(bytes), size: bytes.length, bytes };
}

export interface ImageInput {
  /** Content of each layer, plain; what it holds is the caller's business. */
  readonly layers?: readonly (string | Uint8Array)[];
  readonly architecture?: string;
  /** More members of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly layerType?: string;
}

/** An image with uncompressed layers. */
export function imageOf({
  layers = ['one layer'],
  architecture = 'amd64',
  config = {},
  layerType = mediaTypes.ociLayer,
}: ImageInput = {}): TestManifest {
  const blobs = layers.map(blobOf);
  const configuration = {
    os: 'linux',
    architecture,
    rootfs: { type: 'layers', diff_ids: blobs.map(({ digest }) => digest) },
    ...config,
  };
  const configBlob = blobOf(JSON.stringify(configuration));
  return manifestOf({
    mediaType: mediaTypes.ociManifest,
    value: {
      config: { mediaType: mediaTypes.ociConfig, digest: configBlob.digest, size: configBlob.size },
      layers: blobs.map(({ digest, size }) => ({ mediaType: layerType, digest, size })),
    },
    blobs: [configBlob, ...blobs],
  });
}

/** An index of images by platform (`linux/arm64/v8`). */
export function indexOf(images: Readonly<Record<string, TestManifest>>): TestManifest {
  const manifests = Object.entries(images).map(([platform, { mediaType, digest, size }]) => {
    const [os, architecture, variant] = platform.split('/');
    return { mediaType, digest, size, platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } };
  });
  return manifestOf({ mediaType: mediaTypes.ociIndex, value: { manifests }, blobs: [] });
}

/** A manifest that refers to another one, as signatures and SBOMs do. */
export function referrerOf(
  subject: TestManifest,
  content: string,
  artifactType = 'application/vnd.example.note',
): TestManifest {
  const [empty, layer] = [blobOf('{}'), blobOf(content)];
  return manifestOf({
    mediaType: mediaTypes.ociManifest,
    value: {
      artifactType,
      config: { mediaType: mediaTypes.ociEmpty, digest: empty.digest, size: empty.size },
      layers: [{ mediaType: 'text/plain', digest: layer.digest, size: layer.size }],
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    },
    blobs: [empty, layer],
  });
}

interface ManifestInput {
  readonly mediaType: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly blobs: readonly TestBlob[];
}

export function manifestOf({ mediaType, value, blobs }: ManifestInput): TestManifest {
  return { ...blobOf(JSON.stringify({ schemaVersion: 2, mediaType, ...value })), mediaType, blobs };
}

/** Bytes that look like nothing else, the same each time. */
export function noise(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let index = 0; index < size; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    bytes[index] = state >> 16;
  }
  return bytes;
}
