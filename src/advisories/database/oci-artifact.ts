// SPDX-License-Identifier: Apache-2.0
// How a published database lies in an OCI repository (image-spec 1.1, "Guidelines for Artifact Usage"): one manifest whose layers are the
// files of the folder, each under its path as title, so that tools which unpack artifacts by title make a folder mirror of it.
import { mediaTypes } from '../../formats/oci/media-types.ts';
import type { Reference } from '../../formats/oci/reference.ts';
import { parseReference } from '../../formats/oci/reference.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import { envelopeFile, indexFile } from './layout.ts';

export const artifactType = 'application/vnd.landwaiter.advisory-database.v1';
export const titleAnnotation = 'org.opencontainers.image.title';

export interface ArtifactFile {
  /** `index.json`, `shards/npm-….shard`. */
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
}

/** sha256 of the empty JSON object, which stands where an image has its configuration. */
export const emptyConfig = {
  mediaType: mediaTypes.ociEmpty,
  digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' as Digest,
  size: 2,
  bytes: Buffer.from('{}'),
} as const;

/** The bytes of the manifest: the same files and date give the same. */
export function artifactManifest(
  files: readonly ArtifactFile[],
  facts: { readonly created: string; readonly sequence: number },
): Uint8Array {
  const { mediaType, digest, size } = emptyConfig;
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType,
    config: { mediaType, digest, size },
    layers: files.map((file) => ({
      mediaType: mediaTypeOfFile(file.path),
      digest: file.digest,
      size: file.size,
      annotations: { [titleAnnotation]: file.path },
    })),
    annotations: {
      'org.opencontainers.image.created': facts.created,
      'org.opencontainers.image.version': String(facts.sequence),
    },
  };
  return Buffer.from(JSON.stringify(manifest));
}

function mediaTypeOfFile(path: string): string {
  if (path === indexFile) return 'application/vnd.landwaiter.advisory-index.v1+json';
  return path === envelopeFile
    ? 'application/vnd.landwaiter.advisory-index-signature.v1+json'
    : 'application/vnd.landwaiter.advisory-shard.v1';
}

/** `oci://HOST/REPOSITORY[:TAG][@DIGEST]`. Throws USAGE. The host must stand there: no registry is guessed. */
export function parseOciAddress(address: string): Reference {
  const text = address.replace(/^oci:\/\//i, '');
  const refuse = (reason: string): LandwaiterError =>
    new LandwaiterError({
      code: 'USAGE',
      message: `"${address}" is no address of a repository: ${reason}`,
      hint: 'write it as oci://registry.example.com/security/advisories:v1',
    });
  const parsed = parseReference(text);
  if (parsed.kind === 'invalid') throw refuse(parsed.reason);
  if (parsed.reference.registry !== text.slice(0, text.indexOf('/')))
    throw refuse('its first part is not the host of a registry (with a dot or a port)');
  return parsed.reference;
}
