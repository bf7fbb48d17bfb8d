// SPDX-License-Identifier: Apache-2.0
// Everything that hangs on an image: referrers of any kind and the older tags. Names and sizes as they are stated; nothing is fetched but manifests.
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import { artifactTypeOf, parseManifest } from '../../formats/oci/manifest.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Outcome, Unknown } from '../../io/registry/outcome.ts';
import { found, invalidAnswer, outcomeOf } from '../../io/registry/outcome.ts';
import type { Digest } from '../../model/digest.ts';
import type { LegacyKind } from './attachment.ts';
import { bundleAnnotations, legacySuffixes, legacyTag } from './attachment.ts';

export interface AttachedContent {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  /** By an annotation that nobody signed. */
  readonly predicateType?: string;
}

export interface AttachedArtifact {
  /** `referrer`, or the tag. */
  readonly place: string;
  readonly digest: Digest;
  readonly artifactType?: string;
  readonly contents: readonly AttachedContent[];
}

export interface ImageTree {
  readonly artifacts: readonly AttachedArtifact[];
  readonly unread: readonly Unknown[];
}

/** Reads the lists and every manifest in them. */
export async function imageTree(store: ImageStore, image: Digest): Promise<ImageTree> {
  const artifacts: AttachedArtifact[] = [];
  const unread: Unknown[] = [];
  const take = (outcome: Outcome<AttachedArtifact>): void => {
    if (outcome.kind === 'found') artifacts.push(outcome.value);
    if (outcome.kind === 'unknown') unread.push(outcome);
  };
  const referrers = await store.referrers(image);
  if (referrers.kind === 'unknown') unread.push(referrers);
  if (referrers.kind === 'found') {
    const { descriptors, incomplete } = referrers.value;
    if (incomplete !== undefined) unread.push(incomplete);
    for (const { digest } of descriptors) take(await readArtifact(store, digest, 'referrer'));
  }
  for (const kind of Object.keys(legacySuffixes) as LegacyKind[]) {
    const tag = legacyTag(image, kind);
    take(await readArtifact(store, tag, tag));
  }
  return { artifacts, unread };
}

function readArtifact(store: ImageStore, name: string, place: string): Promise<Outcome<AttachedArtifact>> {
  return outcomeOf(async () => {
    const outcome = await store.manifest(name);
    if (outcome.kind === 'none' && place === 'referrer')
      throw invalidAnswer(`${store.name}@${name}: is in the list of referrers, but it is not there`);
    if (outcome.kind !== 'found') return outcome;
    const { digest, bytes, mediaType } = outcome.value;
    const { manifest, problems } = parseManifest(bytes, { path: `${store.name}@${digest}`, mediaType });
    if (manifest === undefined) throw invalidAnswer(`${store.name}@${digest}: ${problems[0]?.message ?? ''}`);
    const artifactType = artifactTypeOf(manifest);
    const stated = manifest.annotations[bundleAnnotations.predicateType];
    const parts = manifest.kind === 'index' ? manifest.manifests : manifest.layers;
    return found({
      place,
      digest,
      ...(artifactType === undefined ? {} : { artifactType }),
      contents: parts.map((part) => contentOf(part, stated)),
    });
  });
}

function contentOf({ digest, mediaType, size, annotations }: Descriptor, stated: string | undefined): AttachedContent {
  const predicateType = annotations['predicateType'] ?? stated;
  return { digest, mediaType, size, ...(predicateType === undefined ? {} : { predicateType }) };
}
