// SPDX-License-Identifier: Apache-2.0
// Makes images for tests out of tar members: layers in any packing, manifest, configuration, index, and an OCI layout folder.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parseImageConfig } from '../../src/formats/oci/config.ts';
import type { ImageInput, ImageLayer } from '../../src/sources/image/image-input.ts';
import type { TarMemberInput } from './tar-writer.ts';
import { writeTar } from './tar-writer.ts';

export type Packing = 'none' | 'gzip' | 'zstd';

export interface BuiltLayer {
  readonly digest: string;
  readonly diffId: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface BuiltImage {
  readonly digest: string;
  readonly indexDigest: string;
  readonly manifest: Buffer;
  readonly config: Buffer;
  readonly index: Buffer;
  readonly layers: readonly BuiltLayer[];
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function buildLayer(members: readonly TarMemberInput[], packing: Packing = 'gzip'): BuiltLayer {
  return packLayer(writeTar(members), packing);
}

export function packLayer(tar: Buffer, packing: Packing): BuiltLayer {
  const bytes = packing === 'gzip' ? gzipSync(tar) : packing === 'zstd' ? zstdCompressSync(tar) : tar;
  const suffix = packing === 'none' ? '' : `+${packing}`;
  return {
    digest: sha256(bytes),
    diffId: sha256(tar),
    mediaType: `application/vnd.oci.image.layer.v1.tar${suffix}`,
    bytes,
  };
}

/** An image of these layers, from the base upwards; `runtime` is the `config` member of its configuration. */
export function buildImage(layers: readonly BuiltLayer[], runtime: Readonly<Record<string, unknown>> = {}): BuiltImage {
  const platform = { architecture: 'amd64', os: 'linux' };
  const config = json({
    ...platform,
    config: runtime,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map((_, index) => ({ created_by: `step ${index}` })),
  });
  const manifestType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = json({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: sha256(config), size: config.length },
    layers: layers.map(({ mediaType, digest, bytes }) => ({ mediaType, digest, size: bytes.length })),
  });
  const index = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ mediaType: manifestType, digest: sha256(manifest), size: manifest.length, platform }],
  });
  return { digest: sha256(manifest), indexDigest: sha256(index), manifest, config, index, layers };
}

/** The image as the readers of src/sources/image take it, from memory. */
export function imageInputOf(image: BuiltImage): ImageInput {
  const { config } = parseImageConfig(image.config, 'config');
  if (config === undefined) throw new TypeError('the configuration of the image is not valid');
  return {
    target: 'oci-dir:test',
    name: 'test',
    version: 'latest',
    digest: image.digest,
    indexes: [image.indexDigest],
    annotations: {},
    config,
    layers: image.layers.map(layerInputOf),
  };
}

export function layerInputOf(layer: BuiltLayer): ImageLayer {
  return {
    digest: layer.digest,
    diffId: layer.diffId,
    mediaType: layer.mediaType,
    size: layer.bytes.length,
    open: async function* () {
      for (let at = 0; at < layer.bytes.length; at += 65_536) yield layer.bytes.subarray(at, at + 65_536);
    },
  };
}

/** Writes an OCI layout (image-spec image-layout.md) with one image. */
export function writeOciLayout(folder: string, image: BuiltImage, tag = 'latest'): void {
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (bytes: Buffer): void => writeFileSync(join(blobs, sha256(bytes).slice('sha256:'.length)), bytes);
  [image.manifest, image.config, ...image.layers.map((layer) => layer.bytes)].forEach(put);
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const descriptor = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: image.digest,
    size: image.manifest.length,
    annotations: { 'org.opencontainers.image.ref.name': tag },
  };
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
