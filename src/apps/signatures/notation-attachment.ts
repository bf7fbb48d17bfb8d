// SPDX-License-Identifier: Apache-2.0
// How a Notary Project signature hangs on an image (notaryproject/specifications, signature-specification.md, "OCI Signatures"): one manifest that
// refers to the image, with the envelope as its only layer. Writing and finding; nothing found here is believed yet.
import { hash } from 'node:crypto';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import { artifactTypeOf, parseManifest } from '../../formats/oci/manifest.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { collect, digestLike } from '../../io/registry/checked-stream.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Outcome, Unknown } from '../../io/registry/outcome.ts';
import { found, invalidAnswer, outcomeOf, RegistryError } from '../../io/registry/outcome.ts';
import type { WritableStore } from '../../io/registry/writable-store.ts';
import { blobContent } from '../../io/registry/writable-store.ts';
import type { Digest } from '../../model/digest.ts';
import { defaultLimits } from '../../model/limits.ts';

export const notationArtifactType = 'application/vnd.cncf.notary.signature';
const thumbprints = 'io.cncf.notary.x509chain.thumbprint#S256';
const created = 'org.opencontainers.image.created';

/** What is signed: a manifest or index as its store knows it. */
export type SignedManifest = Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;

export interface NotationAttachment {
  readonly subject: SignedManifest;
  readonly envelope: Buffer;
  readonly mediaType: string;
  /** DER, leaf first. */
  readonly certificates: readonly Buffer[];
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

/** Pushes the signature as a referrer of its subject. Returns the digest of its manifest. Throws RegistryError. */
export async function attachNotation(store: WritableStore, attachment: NotationAttachment): Promise<Digest> {
  const { subject, envelope, mediaType, certificates, createdAt } = attachment;
  const config = Buffer.from('{}');
  const [configDigest, layerDigest] = [digestLike(config, undefined), digestLike(envelope, undefined)];
  await store.pushBlob(blobContent(configDigest, config));
  await store.pushBlob(blobContent(layerDigest, envelope));
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    // Both: registries of OCI 1.0 know only the type of the config, and notation looks for either.
    artifactType: notationArtifactType,
    config: { mediaType: notationArtifactType, digest: configDigest, size: config.length },
    layers: [{ mediaType, digest: layerDigest, size: envelope.length }],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations: {
      [thumbprints]: JSON.stringify(certificates.map((certificate) => hash('sha256', certificate))),
      [created]: createdAt,
    },
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return (await store.pushManifest({ bytes, mediaType: mediaTypes.ociManifest })).digest;
}

export interface FoundSignature {
  /** Manifest that holds it. */
  readonly manifest: Digest;
  /** `sha256:` of the envelope. */
  readonly digest: Digest;
  /** Media type of the layer: how the envelope is to be read. */
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface FoundSignatures {
  readonly signatures: readonly FoundSignature[];
  /** Places and manifests that could not be read: there may be more signatures. */
  readonly unread: readonly Unknown[];
}

/** notation's own default for signatures that are looked at. */
const mostSignatures = 100;
const mostEnvelopeBytes = 4 * 1024 * 1024;

/** Types of descriptors in fallback lists that say nothing about the artifact. */
const silentTypes: readonly string[] = [mediaTypes.ociEmpty, mediaTypes.ociConfig, mediaTypes.ociManifest];

/** All signatures of a manifest. `none` only when every place answered clearly; a registry that refuses has not said "unsigned". */
export async function findNotation(store: ImageStore, subject: Digest): Promise<Outcome<FoundSignatures>> {
  const outcome = await store.referrers(subject);
  if (outcome.kind !== 'found') return outcome;
  const { descriptors, incomplete } = outcome.value;
  const candidates = descriptors.filter(
    ({ artifactType }) =>
      artifactType === undefined || artifactType === notationArtifactType || silentTypes.includes(artifactType),
  );
  const signatures: FoundSignature[] = [];
  const unread: Unknown[] = incomplete === undefined ? [] : [incomplete];
  for (const [index, descriptor] of candidates.entries()) {
    if (index >= mostSignatures) {
      const reason = `${store.name}@${subject}: more than ${mostSignatures} manifests that may be signatures`;
      unread.push({ kind: 'unknown', code: 'LIMIT_EXCEEDED', reason });
      break;
    }
    const read = await readSignature(store, descriptor, subject);
    if (read.kind === 'found') signatures.push(read.value);
    else if (read.kind === 'unknown') unread.push(read);
  }
  if (signatures.length > 0) return found({ signatures, unread });
  return unread[0] ?? { kind: 'none' };
}

/** `none`: an artifact of another kind. */
function readSignature(store: ImageStore, descriptor: Descriptor, subject: Digest): Promise<Outcome<FoundSignature>> {
  return outcomeOf(async () => {
    const path = `${store.name}@${descriptor.digest}`;
    const outcome = await store.manifest(descriptor.digest);
    if (outcome.kind === 'unknown') throw new RegistryError(outcome);
    if (outcome.kind === 'none') throw invalidAnswer(`${path}: is in the list of referrers, but it is not there`);
    const { bytes, mediaType } = outcome.value;
    const { manifest, problems } = parseManifest(bytes, { path, mediaType, limits: defaultLimits });
    if (manifest === undefined) throw invalidAnswer(`${path}: ${problems[0]?.message ?? 'is no manifest'}`);
    // What the manifest says counts; the list may be wrong about it.
    if (artifactTypeOf(manifest) !== notationArtifactType || manifest.kind === 'index') return { kind: 'none' };
    if (manifest.subject?.digest !== subject)
      throw invalidAnswer(`${path}: is listed for ${subject}, but refers to another image`);
    const [layer, second] = manifest.layers;
    if (layer === undefined || second !== undefined) throw invalidAnswer(`${path}: a signature has exactly one layer`);
    const known: readonly string[] = Object.values(envelopeMediaTypes);
    if (!known.includes(layer.mediaType))
      throw invalidAnswer(`${path}: holds a ${layer.mediaType}, which is no envelope`);
    if (layer.size > mostEnvelopeBytes)
      throw new RegistryError({ code: 'LIMIT_EXCEEDED', reason: `${path}: an envelope of ${layer.size} bytes` });
    const blob = await store.blob({ digest: layer.digest, size: layer.size });
    if (blob.kind === 'unknown') throw new RegistryError(blob);
    if (blob.kind === 'none') throw invalidAnswer(`${path}: its envelope is not there`);
    const envelope = await collect(blob.value.chunks);
    return found({
      manifest: descriptor.digest,
      digest: digestLike(envelope, undefined),
      mediaType: layer.mediaType,
      bytes: envelope,
    });
  });
}
