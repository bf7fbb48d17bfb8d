// SPDX-License-Identifier: Apache-2.0
// A store that can also be written to: a repository of a registry, or an OCI layout on disk (layout-writer.ts). What is written is content by
// digest and manifests under tags; what a manifest is about (a signature, an SBOM) is its writer's business.
import type { Reference } from '../../formats/oci/reference.ts';
import type { Digest } from '../../model/digest.ts';
import type { RegistryClient } from './client.ts';
import { registryStore } from './client.ts';
import type { ImageStore } from './image-store.ts';
import type { BlobContent, BlobPush, ManifestContent, ManifestPush } from './push.ts';

export interface WritableStore extends ImageStore {
  /** These throw RegistryError, or LandwaiterError OUTPUT_FAILED for a layout: a write that is not known to have worked has not worked. */
  pushBlob(content: BlobContent): Promise<BlobPush>;
  /** A manifest with a subject is brought into the list of referrers where the store does not keep that list by itself. */
  pushManifest(content: ManifestContent): Promise<ManifestPush>;
  /** Also out of the list of referrers. */
  deleteManifest(digest: Digest): Promise<'deleted' | 'absent'>;
}

/** The repository of a reference. Its client is not closed with it. */
export function writableRepository(client: RegistryClient, reference: Reference): WritableStore {
  return {
    ...registryStore(client, reference),
    pushBlob: (content) => client.pushBlob(reference, content),
    pushManifest: (content) => client.pushManifest(reference, content),
    deleteManifest: (digest) => client.deleteManifest(reference, digest),
  };
}

/** Bytes that are at hand, as a blob to push. */
export function blobContent(digest: Digest, bytes: Uint8Array): BlobContent {
  return {
    digest,
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}
