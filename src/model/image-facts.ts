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
  /** The image it was built on, as far as that can be told. */
  readonly base?: BaseImage;
  /** From the base upwards. */
  readonly layers: readonly LayerFacts[];
}

/** What an image was built on. */
export interface BaseImage {
  /** How its layers are known: the same layers as another image's, or a step of the history that ends an image. Absent: they are not. */
  readonly basis?: 'layers' | 'history';
  /** Layers from the bottom that belong to it; 0 when that is not known. */
  readonly layers: number;
  /** Entries of the history that belong to it; 0 when that is not known. */
  readonly steps: number;
  /** As the image states it (org.opencontainers.image.base.name). */
  readonly name?: string;
  /** Of its manifest: as the image states it, or of the image with the same layers. */
  readonly digest?: string;
  /** The image with the same layers, as it was given: `oci-dir:base`. */
  readonly target?: string;
}

/** Whether something came with the base image or with the layers that were put on it. */
export type LayerOrigin = 'base' | 'own';

export interface LayerFacts {
  /** Of the layer as stored, and of its content unpacked. */
  readonly digest: string;
  readonly diffId: string;
  /** Stored bytes. */
  readonly size: number;
  /** The build step that made it, where the history tells. */
  readonly createdBy: string;
  /** Absent when it is not known where the base image ends. */
  readonly origin?: LayerOrigin;
}
