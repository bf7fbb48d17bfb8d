// SPDX-License-Identifier: Apache-2.0
// Finds every proof about one image in the place that keeps them: bundles as OCI 1.1 referrers (API and fallback tag) and the older tags
// `sha256-….sig` and `.att`. Union, not first hit. Decides nothing about the worth of a proof; says where it could not look.
import { hash } from 'node:crypto';
import type { Proof } from '../../evidence/signatures/proof.ts';
import { parseCosignLayer } from '../../formats/cosign-signature.ts';
import { inTotoPayloadType, parseInTotoStatement } from '../../formats/in-toto-statement.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import type { Manifest } from '../../formats/oci/manifest.ts';
import { artifactTypeOf, parseManifest } from '../../formats/oci/manifest.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import type { SigstoreBundle } from '../../formats/sigstore-bundle.ts';
import { parseSigstoreBundle } from '../../formats/sigstore-bundle.ts';
import { collect } from '../../io/registry/checked-stream.ts';
import type { ImageStore, ManifestBytes } from '../../io/registry/image-store.ts';
import type { Outcome, Unknown } from '../../io/registry/outcome.ts';
import { found, invalidAnswer, outcomeOf, RegistryError } from '../../io/registry/outcome.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { Digest } from '../../model/digest.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { LegacyKind } from './attachment.ts';
import { legacyTag } from './attachment.ts';

export type ProofForm = 'bundle' | 'signature-layer' | 'attestation-layer';

/** A proof as it lay there. Nothing in it is believed yet. */
export interface CollectedProof {
  readonly form: ProofForm;
  /** Manifest that holds it. */
  readonly manifest: Digest;
  /** Digest of its bytes: the bundle, payload or envelope. */
  readonly digest: Digest;
  /** Names everything the proof consists of: for layers of the older kind that is the bytes and the annotations. */
  readonly id: string;
  readonly bytes: Buffer;
  /** Unsigned annotations of the layer. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly content:
    | { readonly kind: 'bundle'; readonly bundle: SigstoreBundle }
    | { readonly kind: 'proof'; readonly proof: Proof }
    | { readonly kind: 'malformed'; readonly reason: string };
  /** Unverified: `signature`, or the predicate type of the statement; undefined when it cannot be read as either. */
  readonly claim: string | undefined;
}

export interface CollectedProofs {
  readonly proofs: readonly CollectedProof[];
  /** Places that could not be read, besides those that could: there may be more proofs. */
  readonly unread: readonly Unknown[];
}

export interface CollectWish {
  readonly image: Digest;
  /** Signatures, attestations, or both. Bundles are told apart by what they hold, so all are fetched for either. */
  readonly kinds: readonly Exclude<LegacyKind, 'sbom'>[];
  readonly limits?: Limits;
}

/**
 * `none` only when every place answered clearly. `unknown` when no place had a proof and one could not be read: a registry that refuses to answer
 * has not said "unsigned".
 */
export async function collectProofs(store: ImageStore, wish: CollectWish): Promise<Outcome<CollectedProofs>> {
  const limits = wish.limits ?? defaultLimits;
  const budget = { proofs: limits.proofsPerImage, bytes: limits.proofBytes };
  const reading: Reading = { store, limits, budget };
  const places = await Promise.all([
    collectReferrers(reading, wish.image),
    ...wish.kinds.map((kind) => collectTag(reading, wish.image, kind)),
  ]);
  const proofs = places.flatMap((place) => place.proofs);
  const unread = places.flatMap((place) => place.unread);
  if (proofs.length > 0) return found({ proofs, unread });
  return unread[0] ?? { kind: 'none' };
}

interface Reading {
  readonly store: ImageStore;
  readonly limits: Limits;
  /** What may still be fetched for this image, over all places. */
  readonly budget: { proofs: number; bytes: number };
}

const nothing: CollectedProofs = { proofs: [], unread: [] };

async function collectReferrers(reading: Reading, image: Digest): Promise<CollectedProofs> {
  const outcome = await reading.store.referrers(image);
  if (outcome.kind === 'none') return nothing;
  if (outcome.kind === 'unknown') return { proofs: [], unread: [outcome] };
  const { descriptors, incomplete } = outcome.value;
  const results = await inTurn(descriptors.filter(mayHoldBundle), (item) => readReferrer(reading, image, item));
  return joined([...results, { proofs: [], unread: incomplete === undefined ? [] : [incomplete] }]);
}

const bundleType = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.[123])?\+json(?:;|$)/;

/** Artifact types that say nothing: go-containerregistry writes the type of the config into fallback indexes, and cosign's is empty. */
export const silentTypes: readonly string[] = [
  mediaTypes.ociEmpty,
  mediaTypes.ociConfig,
  mediaTypes.dockerConfig,
  mediaTypes.ociManifest,
];

/** A descriptor that clearly names another kind of artifact (an SBOM, a Notation signature) need not be fetched. */
function mayHoldBundle({ artifactType }: Descriptor): boolean {
  return artifactType === undefined || silentTypes.includes(artifactType) || bundleType.test(artifactType);
}

async function readReferrer(reading: Reading, image: Digest, descriptor: Descriptor): Promise<CollectedProofs> {
  const outcome = await outcomeOf(async () => {
    const manifest = await openManifest(reading, descriptor);
    const bundles =
      manifest.kind === 'index' ? [] : manifest.layers.filter(({ mediaType }) => bundleType.test(mediaType));
    if (bundles.length === 0 && !bundleType.test(artifactTypeOf(manifest) ?? '')) return found(nothing);
    // Signatures are bound to the image by what they sign; a list that names a stranger is wrong all the same.
    if (manifest.subject?.digest !== image)
      throw invalidAnswer(
        `${reading.store.name}@${descriptor.digest}: is listed for ${image}, but refers to another image`,
      );
    return found(joined(await inTurn(bundles, (layer) => readBundle(reading, descriptor.digest, layer))));
  });
  return outcome.kind === 'found' ? outcome.value : { proofs: [], unread: outcome.kind === 'unknown' ? [outcome] : [] };
}

async function openManifest({ store, limits }: Reading, { digest, size, mediaType }: Descriptor): Promise<Manifest> {
  const path = `${store.name}@${digest}`;
  if (size > limits.imageManifestBytes) throw tooMuch(`${path}: a manifest of ${size} bytes`);
  const outcome = await store.manifest(digest);
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  if (outcome.kind === 'none') throw invalidAnswer(`${path}: is in the list of referrers, but it is not there`);
  if (outcome.value.bytes.length !== size)
    throw invalidAnswer(`${path}: has ${outcome.value.bytes.length} bytes instead of ${size}`);
  return parsedManifest(outcome.value, path, { mediaType, limits });
}

function parsedManifest(
  { bytes, mediaType }: ManifestBytes,
  path: string,
  stated: { readonly mediaType: string; readonly limits: Limits },
): Manifest {
  const options = { path, mediaType: mediaType === '' ? stated.mediaType : mediaType, limits: stated.limits };
  const { manifest, problems } = parseManifest(bytes, options);
  if (manifest !== undefined) return manifest;
  throw invalidAnswer(`${path}: ${problems[0]?.message ?? 'is no manifest'}`);
}

function tooMuch(reason: string): RegistryError {
  return new RegistryError({ code: 'LIMIT_EXCEEDED', reason: `${reason}, more than is looked at` });
}

async function readBundle(reading: Reading, manifest: Digest, layer: Descriptor): Promise<CollectedProofs> {
  return readProof(reading, layer, (bytes) => {
    const parsed = parseSigstoreBundle(bytes);
    const content: CollectedProof['content'] =
      parsed.kind === 'parsed'
        ? { kind: 'bundle', bundle: parsed.value }
        : { kind: 'malformed', reason: parsed.reason };
    return {
      form: 'bundle',
      manifest,
      digest: layer.digest,
      id: layer.digest,
      bytes,
      annotations: layer.annotations,
      content,
      claim: claimOf(content),
    };
  });
}

/** What a proof says that it is. Nothing may be accepted for it, only passed over. */
export function claimOf(content: CollectedProof['content']): string | undefined {
  if (content.kind === 'malformed') return undefined;
  const signed = (content.kind === 'bundle' ? content.bundle : content.proof).content;
  if (signed.kind !== 'envelope') return 'signature';
  if (signed.envelope.payloadType !== inTotoPayloadType) return undefined;
  const parsed = parseInTotoStatement(signed.envelope.payload);
  return parsed.kind === 'malformed' ? undefined : parsed.value.predicateType;
}

async function collectTag(
  reading: Reading,
  image: Digest,
  kind: Exclude<LegacyKind, 'sbom'>,
): Promise<CollectedProofs> {
  const tag = legacyTag(image, kind);
  const outcome = await outcomeOf(async () => {
    const { store, limits } = reading;
    const answer = await store.manifest(tag);
    if (answer.kind !== 'found') return answer;
    const manifest = parsedManifest(answer.value, `${store.name}:${tag}`, { mediaType: '', limits });
    if (manifest.kind !== 'image') throw invalidAnswer(`${store.name}:${tag}: is no manifest of ${kind}s`);
    const at = answer.value.digest;
    return found(joined(await inTurn(manifest.layers, (layer) => readLayer(reading, { layer, at, kind }))));
  });
  if (outcome.kind === 'found') return outcome.value;
  return { proofs: [], unread: outcome.kind === 'unknown' ? [outcome] : [] };
}

interface TaggedLayer {
  readonly layer: Descriptor;
  readonly at: Digest;
  readonly kind: Exclude<LegacyKind, 'sbom'>;
}

async function readLayer(reading: Reading, { layer, at, kind }: TaggedLayer): Promise<CollectedProofs> {
  const { mediaType, annotations, digest } = layer;
  const id = `sha256:${hash('sha256', canonicalJson({ digest, annotations }))}`;
  return readProof(reading, layer, (bytes) => {
    const parsed = parseCosignLayer({ mediaType, blob: bytes, annotations });
    const content: CollectedProof['content'] =
      parsed.kind === 'parsed' ? { kind: 'proof', proof: parsed.value } : { kind: 'malformed', reason: parsed.reason };
    return { form: `${kind}-layer`, manifest: at, digest, id, bytes, annotations, content, claim: claimOf(content) };
  });
}

/** Fetches one proof within the budget. What cannot be fetched is unread, not absent. */
async function readProof(
  reading: Reading,
  { digest, size }: Descriptor,
  read: (bytes: Buffer) => CollectedProof,
): Promise<CollectedProofs> {
  const { store, limits, budget } = reading;
  const outcome = await outcomeOf(async () => {
    const path = `${store.name}@${digest}`;
    budget.proofs -= 1;
    budget.bytes -= size;
    if (size > limits.attestationBytes) throw tooMuch(`${path}: a proof of ${size} bytes`);
    if (budget.proofs < 0) throw tooMuch(`${store.name}: ${limits.proofsPerImage} proofs for one image, and there are`);
    if (budget.bytes < 0)
      throw tooMuch(`${store.name}: proofs of ${limits.proofBytes} bytes for one image, and there are`);
    const answer = await store.blob({ digest, size });
    if (answer.kind === 'none') throw invalidAnswer(`${path}: is named by a manifest, but it is not there`);
    return answer.kind === 'unknown' ? answer : found(await collect(answer.value.chunks));
  });
  if (outcome.kind === 'found') return { proofs: [read(outcome.value)], unread: [] };
  return { proofs: [], unread: outcome.kind === 'unknown' ? [outcome] : [] };
}

/** Requests of one place that may be open at a time; the client limits them per host as well. */
const atOnce = 6;

async function inTurn<T>(
  items: readonly T[],
  read: (item: T) => Promise<CollectedProofs>,
): Promise<readonly CollectedProofs[]> {
  const results: CollectedProofs[] = [];
  for (let at = 0; at < items.length; at += atOnce)
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(read))));
  return results;
}

function joined(parts: readonly CollectedProofs[]): CollectedProofs {
  return { proofs: parts.flatMap(({ proofs }) => proofs), unread: parts.flatMap(({ unread }) => unread) };
}
