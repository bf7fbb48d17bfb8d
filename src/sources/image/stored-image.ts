// SPDX-License-Identifier: Apache-2.0
// An image of a store (registry, layout, archive) as input: resolved to one platform, its configuration read, its layers not yet.

import type { Descriptor } from '../../formats/oci/descriptor.ts';
import type { Platform } from '../../formats/oci/platform.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Outcome } from '../../io/registry/outcome.ts';
import { RegistryError } from '../../io/registry/outcome.ts';
import { readImageConfig, resolveImage } from '../../io/registry/resolve-image.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Limits } from '../../model/limits.ts';
import type { ImageInput, ImageLayer } from './image-input.ts';

export interface StoredImageOptions {
  /** As typed: `oci-dir:PATH`. */
  readonly target: string;
  /** What the image is called in reports. */
  readonly name: string;
  readonly version: string;
  /** Which image of the store: a tag or digest; undefined for the one it was opened for. */
  readonly reference?: string | undefined;
  readonly platform: Platform;
  readonly limits: Limits;
  /** `local`: layers are files, of which other threads can be told. Asking a remote store would begin to fetch them. */
  readonly place: 'local' | 'remote';
}

/** Throws TARGET_NOT_FOUND when the store has no such image, and the store's own errors. */
export async function storedImage(store: ImageStore, options: StoredImageOptions): Promise<ImageInput> {
  const { target, limits, platform, reference } = options;
  const resolved = expectFound(await resolveImage(store, { name: reference, platform, limits }), target);
  const { config } = expectFound(await readImageConfig(store, resolved, limits), target);
  const layers = resolved.manifest.layers.map(async (descriptor, index): Promise<ImageLayer> => {
    const diffId = config.diffIds[index];
    const place = options.place === 'local' ? await placeOf(store, descriptor) : undefined;
    const { digest, size, mediaType } = descriptor;
    return {
      digest,
      size,
      mediaType,
      isChecked: true,
      open: () => open(store, descriptor),
      ...(diffId === undefined ? {} : { diffId }),
      ...(place === undefined ? {} : { place }),
    };
  });
  return {
    target,
    name: options.name,
    version: options.version,
    digest: resolved.manifestDigest,
    indexes: resolved.indexes,
    annotations: resolved.manifest.annotations,
    config,
    layers: await Promise.all(layers),
  };
}

function expectFound<T>(outcome: Outcome<T>, target: string): T {
  if (outcome.kind === 'found') return outcome.value;
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `could not open ${target}: there is no such image` });
}

async function placeOf(store: ImageStore, { digest, size }: Descriptor): Promise<ImageLayer['place']> {
  const outcome = await store.blob({ digest, size });
  return outcome.kind === 'found' ? outcome.value.place : undefined;
}

async function* open(store: ImageStore, { digest, size }: Descriptor): AsyncGenerator<Uint8Array> {
  const outcome = await store.blob({ digest, size });
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  if (outcome.kind === 'none') throw new Error('it is not there');
  yield* outcome.value.chunks;
}
