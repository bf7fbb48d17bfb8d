// SPDX-License-Identifier: Apache-2.0
// What an image says about itself: of which layers it is made, for which platform, and how it runs.

export interface ImageFacts {
  /** `os/architecture/variant`. */
  readonly platform: string;
  /** Digests of the indexes the image was chosen from, the outermost first. */
  readonly indexes: readonly string[];
  /** RFC 3339, as written. */
  readonly created?: string;
  /** User that the image runs as; empty means root. */
  readonly user: string;
  /** From the base upwards. */
  readonly layers: readonly LayerFacts[];
}

export interface LayerFacts {
  /** Of the layer as stored, and of its content unpacked. */
  readonly digest: string;
  readonly diffId: string;
  /** Stored bytes. */
  readonly size: number;
  /** The build step that made it, where the history tells. */
  readonly createdBy: string;
}
