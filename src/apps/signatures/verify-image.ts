// SPDX-License-Identifier: Apache-2.0
// One image from its name to a verdict about its signatures or attestations. The name is resolved once; everything after speaks of the digest, so
// a tag that moves meanwhile changes nothing.
import { parseManifest } from '../../formats/oci/manifest.ts';
import type { Platform } from '../../formats/oci/platform.ts';
import type { ImageStore } from '../../io/registry/image-store.ts';
import type { Outcome, Unknown } from '../../io/registry/outcome.ts';
import { found, invalidAnswer, outcomeOf } from '../../io/registry/outcome.ts';
import { resolveImage } from '../../io/registry/resolve-image.ts';
import type { Digest } from '../../model/digest.ts';
import { legacyTag } from './attachment.ts';
import { collectProofs } from './collect.ts';
import type { ProofVerdicts, Verifier } from './verify-proofs.ts';
import { verifyProofs } from './verify-proofs.ts';

export interface SignedSubject {
  /** What the name stood for: the digest to pin. */
  readonly digest: Digest;
  /**
   * Digests whose signatures count for it, the closest first. A signature of an index covers the manifests that its content names by digest;
   * a signature of one of those says nothing about the index.
   */
  readonly covering: readonly Digest[];
  readonly kind: 'image' | 'image-index';
}

export interface SubjectWish {
  /** Undefined: what the store was opened for. */
  readonly name: string | undefined;
  /** Given, the image for this platform is meant, not the index. */
  readonly platform?: Platform;
}

/** Resolves a name, once. `none`: there is no such image. */
export function resolveSubject(store: ImageStore, { name, platform }: SubjectWish): Promise<Outcome<SignedSubject>> {
  return outcomeOf(async () => {
    if (platform !== undefined) {
      const outcome = await resolveImage(store, { ...(name === undefined ? {} : { name }), platform });
      if (outcome.kind !== 'found') return outcome;
      const { manifestDigest, indexes } = outcome.value;
      return found({ digest: manifestDigest, covering: [manifestDigest, ...indexes.toReversed()], kind: 'image' });
    }
    const outcome = await store.manifest(name);
    if (outcome.kind !== 'found') return outcome;
    const { digest, bytes, mediaType } = outcome.value;
    const { manifest, problems } = parseManifest(bytes, { path: `${store.name}@${digest}`, mediaType });
    if (manifest === undefined) throw invalidAnswer(`${store.name}@${digest}: ${problems[0]?.message ?? ''}`);
    return found({ digest, covering: [digest], kind: manifest.kind === 'index' ? 'image-index' : 'image' });
  });
}

/** The SBOM beside an image under its older tag, as a subject of signatures of its own. */
export async function attachedSbom(store: ImageStore, { digest }: SignedSubject): Promise<Outcome<SignedSubject>> {
  return resolveSubject(store, { name: legacyTag(digest, 'sbom') });
}

export interface ImageVerdict extends ProofVerdicts {
  readonly subject: SignedSubject;
  /** Places that could not be read. With nothing accepted, this means that nothing is known. */
  readonly unread: readonly Unknown[];
}

/** Collects and judges. Throws nothing for what registries do: that is in `unread`. */
export async function verifySubject(
  store: ImageStore,
  subject: SignedSubject,
  { verifier, time }: { readonly verifier: Verifier; readonly time: number },
): Promise<ImageVerdict> {
  // Older tags are named for what they hold; statements of either kind come as bundles too.
  const kinds = [verifier.wanted.kind] as const;
  const verdicts: ProofVerdicts[] = [];
  const unread: Unknown[] = [];
  for (const image of subject.covering) {
    const outcome = await collectProofs(store, { image, kinds });
    if (outcome.kind === 'unknown') unread.push(outcome);
    if (outcome.kind !== 'found') continue;
    unread.push(...outcome.value.unread);
    verdicts.push(verifyProofs(verifier, { image, proofs: outcome.value.proofs, time }));
  }
  return {
    subject,
    accepted: verdicts.flatMap(({ accepted }) => accepted),
    refused: verdicts.flatMap(({ refused }) => refused),
    passedOver: verdicts.flatMap(({ passedOver }) => passedOver),
    unread,
  };
}
