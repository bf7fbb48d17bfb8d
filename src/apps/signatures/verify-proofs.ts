// SPDX-License-Identifier: Apache-2.0
// Collected proofs against one policy: which signatures or attestations of an image hold, and why the others do not. No network, no clock.
import type { SignaturePolicy } from '../../evidence/signatures/policy.ts';
import type { Proof } from '../../evidence/signatures/proof.ts';
import { policyDigest } from '../../evidence/signatures/record.ts';
import type { Refusal } from '../../evidence/signatures/refusal.ts';
import { refuse } from '../../evidence/signatures/refusal.ts';
import type { TrustRoot } from '../../evidence/signatures/trust-root.ts';
import type { VerdictCache } from '../../evidence/signatures/verdict-cache.ts';
import type { Verification, Verified } from '../../evidence/signatures/verify.ts';
import { verifyParsedBundle, verifySignature } from '../../evidence/signatures/verify.ts';
import type { Digest } from '../../model/digest.ts';
import { signPredicateType } from './attachment.ts';
import type { CollectedProof } from './collect.ts';

/** What is asked for. An attestation of another type is passed over, never counted. */
export type WantedClaim =
  | { readonly kind: 'signature' }
  /** `predicateTypes` undefined: any claim. */
  | { readonly kind: 'attestation'; readonly predicateTypes: readonly string[] | undefined };

export interface VerifierParts {
  readonly policy: SignaturePolicy;
  readonly trustRoot: TrustRoot;
  readonly wanted: WantedClaim;
  readonly cache?: VerdictCache;
}

/** A policy made ready for many images. */
export interface Verifier extends VerifierParts {
  readonly policyDigest: string;
  /** The policy as it applies to statements: with the claims that are wanted. */
  readonly statementPolicy: SignaturePolicy;
}

export function verifierOf(parts: VerifierParts): Verifier {
  const { policy, wanted } = parts;
  const predicateTypes = wanted.kind === 'signature' ? [signPredicateType] : wanted.predicateTypes;
  const statementPolicy = predicateTypes === undefined ? policy : { ...policy, predicateTypes };
  return { ...parts, statementPolicy, policyDigest: `${wanted.kind} ${policyDigest(statementPolicy)}` };
}

export interface AcceptedProof {
  readonly proof: CollectedProof;
  readonly verified: Verified;
  /** The image or index that it was made for. */
  readonly image: Digest;
}

export interface RefusedProof {
  readonly proof: CollectedProof;
  readonly refusal: Refusal;
}

export interface ProofVerdicts {
  readonly accepted: readonly AcceptedProof[];
  readonly refused: readonly RefusedProof[];
  /** Proofs of another kind than asked for: their predicate types, `signature` for signatures. Nothing is known of their truth. */
  readonly passedOver: readonly string[];
}

export interface ProofSet {
  readonly image: Digest;
  readonly proofs: readonly CollectedProof[];
  /** Now, in milliseconds since 1970. */
  readonly time: number;
}

/** Judges every proof by itself; a bad one beside a good one changes nothing. */
export function verifyProofs(verifier: Verifier, { image, proofs, time }: ProofSet): ProofVerdicts {
  const accepted: AcceptedProof[] = [];
  const refused: RefusedProof[] = [];
  const passedOver: string[] = [];
  for (const proof of proofs) {
    const other = otherClaim(proof, verifier.wanted);
    if (other !== undefined) {
      passedOver.push(other);
      continue;
    }
    const verdict = verifyCollected(verifier, proof, { image, time });
    if (verdict.kind === 'verified') accepted.push({ proof, verified: verdict, image });
    else refused.push({ proof, refusal: verdict });
  }
  return { accepted, refused, passedOver };
}

/** One proof, from memory where its verdict was found before. */
export function verifyCollected(
  verifier: Verifier,
  proof: CollectedProof,
  { image, time }: Omit<ProofSet, 'proofs'>,
): Verification {
  const { cache, policyDigest: policy, trustRoot } = verifier;
  const key = { artifact: image, policyDigest: policy, trustRootDigest: trustRoot.digest, evidenceDigest: proof.id };
  const known = cache?.get(key);
  if (known !== undefined) return known;
  const verdict = verifyNow(verifier, proof, { image, time });
  cache?.put(key, verdict, verifier.policy);
  return verdict;
}

function verifyNow(
  { policy, statementPolicy, trustRoot, wanted }: Verifier,
  { content }: CollectedProof,
  { image, time }: Omit<ProofSet, 'proofs'>,
): Verification {
  if (content.kind === 'malformed') return refuse('PROOF_MALFORMED', content.reason);
  const proof: Proof = content.kind === 'bundle' ? content.bundle : content.proof;
  const isStatement = proof.content.kind === 'envelope';
  if (wanted.kind === 'attestation' && !isStatement)
    return refuse('PREDICATE_TYPE', 'a plain signature makes no claim');
  const request = {
    artifact: { digests: [image] },
    trustRoot,
    policy: isStatement ? statementPolicy : policy,
    time,
  };
  return content.kind === 'bundle'
    ? verifyParsedBundle(content.bundle, request)
    : verifySignature({ ...request, proof });
}

/**
 * What a proof claims, when that is clearly not what is wanted. Read before anything is verified, which is safe: what is passed over is never
 * accepted.
 */
function otherClaim({ claim }: CollectedProof, wanted: WantedClaim): string | undefined {
  if (claim === undefined) return undefined;
  const isSignature = claim === 'signature' || claim === signPredicateType;
  if (wanted.kind === 'signature') return isSignature ? undefined : claim;
  if (isSignature) return 'signature';
  return wanted.predicateTypes === undefined || wanted.predicateTypes.includes(claim) ? undefined : claim;
}
