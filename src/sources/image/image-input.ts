// SPDX-License-Identifier: Apache-2.0
// An image as this folder needs it: what names it, and its layers as streams of bytes. Where the bytes come from (a registry, a folder, an
// archive) is the business of src/io.
import type { ImageConfig } from '../../formats/oci/config.ts';
import type { FilePlace } from '../../io/registry/image-store.ts';

export interface ImageLayer {
  /** Of the bytes as stored; checked while they are read. */
  readonly digest: string;
  /** Of the tar stream inside, from the configuration of the image; checked when given. */
  readonly diffId?: string;
  readonly mediaType: string;
  /** Stored bytes. */
  readonly size: number;
  /** The bytes as stored, from the start; may be called again. Throws when they cannot be had. */
  open(): AsyncIterable<Uint8Array>;
  /** `open` ends only when digest and size were right: they need not be computed again. */
  readonly isChecked?: boolean;
  /** Where the bytes stand on disk, so that another thread can read them. */
  readonly place?: FilePlace;
}

export interface ImageInput {
  /** As the user can type it again: `oci-dir:PATH`. */
  readonly target: string;
  /** Repository and tag or digest, as far as the image is known by one. */
  readonly name: string;
  readonly version: string;
  /** Digest of the manifest of one platform. */
  readonly digest: string;
  /** Digests of the indexes it was chosen from, the outermost first. */
  readonly indexes: readonly string[];
  /** Of the manifest. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly config: ImageConfig;
  /** From the base upwards. */
  readonly layers: readonly ImageLayer[];
}
