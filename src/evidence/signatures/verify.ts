// SPDX-License-Identifier: Apache-2.0
// The trust anchor: one proof against one artifact, one trust root and one policy, at one time. A pure function; reads as the Sigstore client
// specification does (spec/client-spec.md, Verification): times and logs, signer and signature, content.
import type { SigstoreBundle } from '../../formats/sigstore-bundle.ts';
import { parseSigstoreBundle } from '../../formats/sigstore-bundle.ts';
import type { Certificate } from '../../formats/x509.ts';
import type { HistoryRequest, SigningTime } from './history.ts';
import { checkHistory } from './history.ts';
import type { SignaturePolicy } from './policy.ts';
import type { Artifact } from './proof.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal, refuse } from './refusal.ts';
import type { SignedClaim } from './signed-content.ts';
import { checkClaim, checkHint, openContent } from './signed-content.ts';
import type { Signer } from './signer.ts';
import { checkSigner } from './signer.ts';
import type { TrustRoot } from './trust-root.ts';

export interface Verified {
  readonly kind: 'verified';
  readonly signer: Signer;
  readonly claim: SignedClaim;
  readonly times: readonly SigningTime[];
  readonly logEntries: readonly { readonly log: string; readonly logIndex: number }[];
}

export type Verification = Verified | Refusal;

export interface VerificationRequest extends HistoryRequest {
  readonly artifact: Artifact;
}

/** Verifies the bytes of a Sigstore bundle. */
export function verifyBundle(bytes: Uint8Array, request: Omit<VerificationRequest, 'proof'>): Verification {
  const bundle = parseSigstoreBundle(bytes);
  return bundle.kind === 'malformed'
    ? refuse('PROOF_MALFORMED', bundle.reason)
    : verifyParsedBundle(bundle.value, request);
}

/** The same for a bundle that was read before. */
export function verifyParsedBundle(bundle: SigstoreBundle, request: Omit<VerificationRequest, 'proof'>): Verification {
  const { version, material } = bundle;
  const isChain = material.kind === 'certificate' && material.form === 'chain';
  // sigstore_bundle.proto: 0.3 holds the leaf only; chains came with older versions, and come with an own PKI.
  if (version === '0.3' && isChain && request.policy.mode !== 'own-pki')
    return refuse('PROOF_MALFORMED', 'a bundle of version 0.3 holds a single certificate');
  return verifySignature({ ...request, proof: bundle });
}

/** Verifies one proof. Never throws for what is in it. */
export function verifySignature(request: VerificationRequest): Verification {
  const { artifact, proof, policy } = request;
  const unusable = checkPolicy(policy) ?? checkMaterial(request) ?? checkHint(proof.content, artifact);
  if (unusable !== undefined) return unusable;
  const content = openContent(proof.content, artifact);
  // Cosign's older attestations have the whole envelope timestamped.
  const history = checkHistory(request, content.storedEnvelope ?? content.signature);
  if (isRefusal(history)) return history;
  const signer = checkSigner({ request, content, history });
  if (isRefusal(signer)) return signer;
  const claim = checkClaim(proof.content, artifact, policy);
  if (isRefusal(claim)) return claim;
  return {
    kind: 'verified',
    signer,
    claim,
    times: history.times,
    logEntries: history.entries.map(({ log, logIndex }) => ({ log: log.baseUrl, logIndex })),
  };
}

function checkPolicy(policy: SignaturePolicy): Refusal | undefined {
  const named = policy.mode === 'own-pki' ? policy.subjects : 'keys' in policy ? policy.keys : policy.identities;
  return named.length === 0 ? refuse('POLICY_INVALID', 'the policy names nobody who may sign') : undefined;
}

function checkMaterial({ proof: { material }, policy, trustRoot }: VerificationRequest): Refusal | undefined {
  const wanted = 'keys' in policy ? 'key' : 'certificate';
  if (material.kind !== wanted)
    return refuse('MATERIAL_MISMATCH', `the proof was made with a ${material.kind}, the policy asks for a ${wanted}`);
  // sigstore_bundle.proto forbids roots in bundles, yet older signers put the public one in. One that the trust root has is superfluous; another
  // one is there to be believed.
  const isForeignRoot = (certificate: Certificate): boolean =>
    certificate.isAuthority && certificate.subject.equals(certificate.issuer) && !hasAuthority(trustRoot, certificate);
  return material.kind === 'certificate' && material.certificates.some(isForeignRoot)
    ? refuse('PROOF_MALFORMED', 'a root certificate that the trust root does not name stands in the proof')
    : undefined;
}

function hasAuthority({ certificateAuthorities }: TrustRoot, certificate: Certificate): boolean {
  return certificateAuthorities.some(({ anchor }) => anchor.encoded.equals(certificate.encoded));
}
