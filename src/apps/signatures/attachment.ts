// SPDX-License-Identifier: Apache-2.0
// How a proof hangs on an image, in both layouts of Cosign. Writing side: `attachBundle` (v3, an OCI 1.1 referrer) and `attachLayer` (the older
// tags). The names here are what collect.ts looks for. Knows nothing of keys and policies.
import { cosignMediaTypes } from '../../formats/cosign-signature.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { referrersTag } from '../../formats/oci/reference.ts';
import { digestLike } from '../../io/registry/checked-stream.ts';
import { invalidAnswer, RegistryError } from '../../io/registry/outcome.ts';
import type { WritableStore } from '../../io/registry/writable-store.ts';
import { blobContent } from '../../io/registry/writable-store.ts';
import type { Digest } from '../../model/digest.ts';

/** Artifact type of the manifest and media type of its one layer, for every bundle version (cosign specs/BUNDLE_SPEC.md). */
export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Predicate type of the statement that a v3 signature without a claim of its own is (`cosign sign`). */
export const signPredicateType = 'https://sigstore.dev/cosign/sign/v1';

export const bundleAnnotations = {
  content: 'dev.sigstore.bundle.content',
  predicateType: 'dev.sigstore.bundle.predicateType',
  created: 'org.opencontainers.image.created',
} as const;

/** What a tag of the older layout holds; the suffix of the tag. */
export const legacySuffixes = { signature: 'sig', attestation: 'att', sbom: 'sbom' } as const;
export type LegacyKind = keyof typeof legacySuffixes;

/** `sha256-<hex>.sig`: the tag of the older layout beside an image. */
export function legacyTag(digest: Digest, kind: LegacyKind): string {
  return `${referrersTag(digest)}.${legacySuffixes[kind]}`;
}

/** What is signed: an image manifest or an index as its store knows it. */
export type ProofSubject = Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;

export interface BundleAttachment {
  readonly subject: ProofSubject;
  /** The bundle as JSON. */
  readonly bundle: Uint8Array;
  readonly content: 'dsse-envelope' | 'message-signature';
  /** Of the statement in the envelope. Written as an annotation, which nobody should believe. */
  readonly predicateType?: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

/** Pushes a bundle as a manifest that refers to its subject. Returns the digest of that manifest. Throws RegistryError. */
export async function attachBundle(store: WritableStore, attachment: BundleAttachment): Promise<Digest> {
  const { subject, bundle, content, predicateType, createdAt } = attachment;
  const config = Buffer.from('{}');
  const [configDigest, layerDigest] = [digestLike(config, undefined), digestLike(bundle, undefined)];
  await store.pushBlob(blobContent(configDigest, config));
  await store.pushBlob(blobContent(layerDigest, bundle));
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: bundleMediaType,
    config: { mediaType: mediaTypes.ociEmpty, digest: configDigest, size: config.length },
    layers: [{ mediaType: bundleMediaType, digest: layerDigest, size: bundle.length }],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations: {
      [bundleAnnotations.content]: content,
      ...(predicateType === undefined ? {} : { [bundleAnnotations.predicateType]: predicateType }),
      [bundleAnnotations.created]: createdAt,
    },
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return (await store.pushManifest({ bytes, mediaType: mediaTypes.ociManifest })).digest;
}

export interface LayerAttachment {
  readonly subject: Digest;
  readonly kind: 'signature' | 'attestation';
  /** Simple-signing payload, or DSSE envelope as JSON. */
  readonly blob: Uint8Array;
  /** Signature, certificate, chain, log entry and timestamp as cosign-signature.ts reads them; `predicateType` for attestations. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Takes out attestations whose `predicateType` annotation is this one (`cosign attest --replace`). */
  readonly replaces?: string;
}

/** Other writers may overwrite the tag at the same time: it is read back, and written again until the layer is in it. */
const mostRewrites = 8;

/**
 * Adds a layer to the manifest under `sha256-….sig` or `.att`, which is made when it is not there. The same layer twice is kept once. Returns the
 * digest of that manifest. Throws RegistryError; never writes over a tag that could not be read.
 */
export async function attachLayer(store: WritableStore, attachment: LayerAttachment): Promise<Digest> {
  const tag = legacyTag(attachment.subject, attachment.kind);
  const digest = digestLike(attachment.blob, undefined);
  await store.pushBlob(blobContent(digest, attachment.blob));
  const layer = {
    mediaType: cosignMediaTypes[attachment.kind],
    size: attachment.blob.length,
    digest,
    annotations: attachment.annotations,
  };
  for (let round = 0; round < mostRewrites; round += 1) {
    const { layers, at } = await layersOf(store, tag);
    const isThere = layers.some((item) => isSameLayer(item, layer));
    const kept = layers.filter((item) => isSameLayer(item, layer) || !isReplaced(item, attachment.replaces));
    if (isThere && kept.length === layers.length && at !== undefined) return at;
    await writeLayers(store, tag, isThere ? kept : [...kept, layer]);
  }
  throw invalidAnswer(`${store.name}:${tag}: others keep changing it`);
}

interface TaggedLayers {
  /** As they are written, so that nothing changes in those of others. */
  readonly layers: readonly unknown[];
  readonly at: Digest | undefined;
}

async function layersOf(store: WritableStore, tag: string): Promise<TaggedLayers> {
  const outcome = await store.manifest(tag);
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  if (outcome.kind === 'none') return { layers: [], at: undefined };
  const { bytes, mediaType, digest } = outcome.value;
  const path = `${store.name}:${tag}`;
  const { manifest, problems } = parseManifest(bytes, { path, mediaType });
  if (manifest?.kind !== 'image') throw invalidAnswer(`${path}: ${problems[0]?.message ?? 'is no image manifest'}`);
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return { layers: asArray(asObject(value)?.['layers']), at: digest };
}

function isSameLayer(left: unknown, right: { readonly digest: Digest; readonly annotations: object }): boolean {
  const source = asObject(left);
  if (asString(source?.['digest']) !== right.digest) return false;
  const annotations = asObject(source?.['annotations']) ?? {};
  const wanted = Object.entries(right.annotations);
  return Object.keys(annotations).length === wanted.length && wanted.every(([key, text]) => annotations[key] === text);
}

function isReplaced(layer: unknown, predicateType: string | undefined): boolean {
  const stated = asString(asObject(asObject(layer)?.['annotations'])?.['predicateType']);
  return predicateType !== undefined && stated === predicateType;
}

async function writeLayers(store: WritableStore, tag: string, layers: readonly unknown[]): Promise<void> {
  // Cosign dresses the layers up as an image: registries of its first days took nothing else.
  const config = Buffer.from(
    JSON.stringify({
      architecture: '',
      created: '0001-01-01T00:00:00Z',
      history: layers.map(() => ({ created: '0001-01-01T00:00:00Z' })),
      os: '',
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => asString(asObject(layer)?.['digest']) ?? '') },
      config: {},
    }),
  );
  const digest: Digest = digestLike(config, undefined);
  await store.pushBlob(blobContent(digest, config));
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { mediaType: mediaTypes.ociConfig, size: config.length, digest },
    layers,
  };
  await store.pushManifest({ bytes: Buffer.from(JSON.stringify(manifest)), mediaType: mediaTypes.ociManifest, tag });
}
