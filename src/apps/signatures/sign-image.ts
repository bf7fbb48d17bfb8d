// SPDX-License-Identifier: Apache-2.0
// Signs images and what is said about them: which manifests, what is signed for each, and where the proof is hung. A name is resolved once; from then
// on only its digest counts.

import { formatStatement } from '../../formats/attestation-statement.ts';
import { formatSimpleSigning, layerAnnotations } from '../../formats/cosign-layer-print.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import type { ImageStore, ManifestBytes, ManifestName } from '../../io/registry/image-store.ts';
import type { Outcome } from '../../io/registry/outcome.ts';
import { RegistryError } from '../../io/registry/outcome.ts';
import type { WritableStore } from '../../io/registry/writable-store.ts';
import type { Digest } from '../../model/digest.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { ProofSubject } from './attachment.ts';
import { attachBundle, attachLayer, signPredicateType } from './attachment.ts';
import type { MadeProof, ToSign } from './make-proof.ts';

export type Layout = 'bundle' | 'layer';

/** What is claimed about an image: that it is signed, or a predicate. */
export type ImageClaim =
  | { readonly kind: 'signature'; readonly annotations: Readonly<Record<string, string>> }
  /** `predicate` is JSON text. */
  | {
      readonly kind: 'predicate';
      readonly predicateType: string;
      readonly predicate: string;
      readonly replace: 'others' | 'none';
    }
  /** A whole statement of the user's own; `checkStatement` has found it to be about the image. */
  | {
      readonly kind: 'statement';
      readonly predicateType: string;
      readonly payload: Buffer;
      readonly replace: 'others' | 'none';
    };

/** The manifest that a name stands for and, when asked for, everything inside an index. The name is asked for once. */
export async function imagesToSign(store: ImageStore, depth: 'named' | 'recursive'): Promise<readonly ProofSubject[]> {
  const subjects = new Map<Digest, ProofSubject>();
  const waiting: { readonly name: ManifestName; readonly level: number }[] = [{ name: undefined, level: 0 }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const {
      digest,
      mediaType: stated,
      bytes,
    } = required(await store.manifest(next.name), `${store.name}@${next.name ?? ''}`);
    if (subjects.has(digest)) continue;
    const path = `${store.name}@${digest}`;
    const { manifest, problems } = parseManifest(bytes, { path, mediaType: stated });
    if (manifest === undefined)
      throw new RegistryError({ code: 'REGISTRY_INVALID', reason: `${path}: ${problems[0]?.message ?? ''}` });
    subjects.set(digest, { mediaType: manifest.mediaType, digest, size: bytes.length });
    if (depth === 'named' || manifest.kind !== 'index') continue;
    if (next.level >= defaultLimits.imageIndexDepth || manifest.manifests.length > mostImages)
      throw new LandwaiterError({ code: 'LIMIT_EXCEEDED', message: `${path}: too many images to sign` });
    for (const entry of manifest.manifests) waiting.push({ name: entry.digest, level: next.level + 1 });
  }
  return [...subjects.values()];
}

const mostImages = 1_000;

function required(outcome: Outcome<ManifestBytes>, name: string): ManifestBytes {
  if (outcome.kind === 'found') return outcome.value;
  if (outcome.kind === 'unknown') throw new RegistryError(outcome);
  throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `${name.replace(/@$/, '')}: there is no such image` });
}

export interface ClaimAboutImage {
  readonly claim: ImageClaim;
  readonly layout: Layout;
  /** `registry/repository`. */
  readonly repository: string;
  readonly digest: Digest;
}

/** The bytes to sign for one image. */
export function contentFor({ claim, layout, repository, digest }: ClaimAboutImage): ToSign {
  const [algorithm = '', hex = ''] = digest.split(':');
  if (claim.kind === 'statement') return { kind: 'statement', payload: claim.payload };
  if (claim.kind === 'predicate') {
    const { predicateType, predicate } = claim;
    // Readers of the older layout were made for statements 0.1.
    const version = layout === 'layer' ? '0.1' : '1';
    const subjects = [{ name: repository, digest: { [algorithm]: hex } }];
    return { kind: 'statement', payload: formatStatement({ version, subjects, predicateType, predicate }) };
  }
  const { annotations } = claim;
  if (layout === 'layer')
    return { kind: 'message', bytes: formatSimpleSigning({ reference: repository, digest, annotations }) };
  const subject = {
    digest: { [algorithm]: hex },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  return {
    kind: 'statement',
    payload: formatStatement({
      version: '1',
      subjects: [subject],
      predicateType: signPredicateType,
      predicate: '{}',
    }),
  };
}

export interface ProofToPublish {
  readonly subject: ProofSubject;
  readonly claim: ImageClaim;
  readonly layout: Layout;
  readonly toSign: ToSign;
  readonly proof: MadeProof;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** Hangs the proof on the image. Returns the digest of the manifest that holds it. Throws RegistryError. */
export async function publishProof(store: WritableStore, publication: ProofToPublish): Promise<Digest> {
  const { subject, claim, layout, proof, createdAt } = publication;
  const predicateType = claim.kind === 'signature' ? signPredicateType : claim.predicateType;
  if (layout === 'bundle')
    return attachBundle(store, {
      subject,
      bundle: Buffer.from(proof.bundleText),
      content: 'dsse-envelope',
      predicateType,
      createdAt,
    });
  const annotations = layerAnnotations({
    signature: proof.envelope === undefined ? proof.signature : undefined,
    chain: proof.chain?.map(({ encoded }) => encoded) ?? [],
    logEntry: proof.logEntries[0],
    timestamp: proof.timestamps[0],
  });
  const { toSign } = publication;
  if (toSign.kind === 'message')
    return attachLayer(store, { subject: subject.digest, kind: 'signature', blob: toSign.bytes, annotations });
  return attachLayer(store, {
    subject: subject.digest,
    kind: 'attestation',
    blob: Buffer.from(proof.envelope ?? ''),
    annotations: { ...annotations, predicateType },
    ...(claim.kind !== 'signature' && claim.replace === 'others' ? { replaces: predicateType } : {}),
  });
}

/** The older layout holds one promise of a log of version 1 and one timestamp. Throws USAGE for what does not fit. */
export function checkLayout(layout: Layout, logs: readonly { readonly version: 1 | 2 }[], stamps: number): void {
  if (layout === 'bundle' || (logs.length <= 1 && stamps <= 1 && logs.every(({ version }) => version === 1))) return;
  throw new LandwaiterError({
    code: 'USAGE',
    message: 'the older layout holds one entry of a log of version 1 and one timestamp',
    hint: 'leave --legacy out, or choose other services',
  });
}
