// SPDX-License-Identifier: Apache-2.0
// One way to read an image wherever it is kept: a registry, an OCI layout, an archive. Every byte handed out was checked, or is checked
// before its stream ends.

import type { Descriptor } from '../../formats/oci/descriptor.ts';
import type { Digest } from '../../model/digest.ts';
import type { Outcome, Unknown } from './outcome.ts';

/** Which manifest: its digest, or a name the store knows it by (a tag). Undefined: what the store was opened for. */
export type ManifestName = string | undefined;

export interface ManifestBytes {
  /** Computed from the bytes. */
  readonly digest: Digest;
  /** As stated beside the bytes (Content-Type, descriptor); empty when nothing was stated. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface BlobWish {
  readonly digest: Digest;
  /** Bytes that the blob must have; undefined when no descriptor told. */
  readonly size?: number;
}

/** A blob from an offset on, for readers that keep what came before and check the whole for themselves. */
export interface BlobRestWish extends BlobWish {
  readonly from: number;
}

export interface BlobRest {
  /** Where the bytes begin: the offset that was asked for, or 0 when the registry cannot begin in the middle. */
  readonly start: number;
  /** Not checked: a digest is over the whole blob. Throws RegistryError when the connection cannot be kept up. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Where bytes stand on disk, so that another thread can read them for itself. */
export interface FilePlace {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export interface BlobStream {
  /** Undefined when neither a descriptor nor the place told. */
  readonly size: number | undefined;
  /**
   * To be read once. Ends only when size and digest were right; throws RegistryError otherwise. A reader that stops early has read
   * bytes that nobody checked, and must not draw conclusions from them.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Only of stores on disk. Who reads there checks the digest for itself. */
  readonly place?: FilePlace;
}

export interface Referrers {
  /** Each once. What a descriptor says about the type is a hint: the manifest itself decides, and its subject must be checked. */
  readonly descriptors: readonly Descriptor[];
  /** A place that could not be asked, when another one knew referrers: there may be more. */
  readonly incomplete: Unknown | undefined;
}

export interface ImageStore {
  /** For messages: `registry.example/team/app`, or a path. */
  readonly name: string;
  manifest(name: ManifestName): Promise<Outcome<ManifestBytes>>;
  /** Only of layouts: the index of all that is listed, be it an image or what belongs to one. */
  listed?(): Promise<Outcome<ManifestBytes>>;
  blob(wish: BlobWish): Promise<Outcome<BlobStream>>;
  /** Manifests whose subject is the digest (signatures, attestations, SBOMs). */
  referrers(digest: Digest): Promise<Outcome<Referrers>>;
  close(): void;
}
