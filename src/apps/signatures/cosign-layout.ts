// SPDX-License-Identifier: Apache-2.0
// Layouts as `cosign save` writes them: entries of index.json are told apart by the annotation `kind`, not by name. Makes the tags of the older
// layout findable in them; everything else is the store's own answer.
import { parseManifest } from '../../formats/oci/manifest.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Digest } from '../../model/digest.ts';
import { legacyTag } from './attachment.ts';

export const layoutKinds = {
  image: 'dev.cosignproject.cosign/image',
  index: 'dev.cosignproject.cosign/imageIndex',
  signature: 'dev.cosignproject.cosign/sigs',
  attestation: 'dev.cosignproject.cosign/atts',
} as const;

interface LayoutEntry {
  readonly kind: string | undefined;
  readonly digest: Digest;
}

/** Wraps the store of a layout. `manifest(undefined)` is the one image of it. */
export function withCosignTags(store: ImageStore): ImageStore {
  return {
    ...store,
    manifest: async (name) => {
      const own = await store.manifest(name);
      if (name !== undefined && own.kind !== 'none') return own;
      const entries = await entriesOf(store);
      const images = entries.filter(({ kind }) => kind === layoutKinds.image || kind === layoutKinds.index);
      const [image] = images;
      // With several images nobody could say whose signatures those are.
      if (image === undefined || images.length !== 1) return own;
      if (name === undefined) return store.manifest(image.digest);
      const wanted = (['signature', 'attestation'] as const).find((kind) => legacyTag(image.digest, kind) === name);
      const entry = entries.find(({ kind }) => wanted !== undefined && kind === layoutKinds[wanted]);
      return entry === undefined ? own : store.manifest(entry.digest);
    },
  };
}

async function entriesOf(store: ImageStore): Promise<readonly LayoutEntry[]> {
  const whole = await (store.listed?.() ?? store.manifest(undefined));
  if (whole.kind !== 'found') return [];
  const { manifest } = parseManifest(whole.value.bytes, { path: store.name, mediaType: whole.value.mediaType });
  if (manifest?.kind !== 'index') return [];
  return manifest.manifests.map(({ annotations, digest }) => ({ kind: annotations['kind'], digest }));
}
