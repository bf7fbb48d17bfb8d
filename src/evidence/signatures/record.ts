// SPDX-License-Identifier: Apache-2.0
// A verification as evidence: the fact for the graph, with digests of everything it rests on, so that it can be repeated.
import { hash } from 'node:crypto';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { Evidence, Producer } from '../../model/evidence.ts';
import { evidenceOf } from '../../model/evidence.ts';
import type { SignatureFact, SignedBy } from '../../model/signature.ts';
import type { SignaturePolicy } from './policy.ts';
import type { Artifact } from './proof.ts';
import type { Signer } from './signer.ts';
import type { TrustRoot } from './trust-root.ts';
import type { Verified } from './verify.ts';

export interface VerifiedSignature {
  readonly verified: Verified;
  readonly artifact: Artifact;
  readonly policy: SignaturePolicy;
  readonly trustRoot: TrustRoot;
  /** `sha256:` of the bytes of the proof. */
  readonly proofDigest: string;
}

export interface SignatureOrigin {
  /** Id of the subject: image, file or package. */
  readonly subject: string;
  readonly producer: Producer;
  readonly source: string;
  /** RFC 3339, UTC. */
  readonly observedAt: string;
}

/** Evidence of one verified signature; a refusal is no evidence. */
export function signatureEvidence(signature: VerifiedSignature, origin: SignatureOrigin): Evidence<'signature'> {
  return evidenceOf({ ...origin, kind: 'signature', body: factOf(signature), trust: 'verified' });
}

function factOf({ verified, artifact, policy, trustRoot, proofDigest }: VerifiedSignature): SignatureFact {
  const { claim } = verified;
  return {
    signedBy: signedBy(verified.signer),
    artifact: artifact.digests,
    claim: claim.kind === 'statement' ? claim.statement.predicateType : claim.kind,
    times: verified.times.map((item) => ({ ...item, time: new Date(item.time).toISOString() })),
    logEntries: verified.logEntries,
    mode: policy.mode,
    policyDigest: policyDigest(policy),
    trustRootDigest: trustRoot.digest,
    proofDigest,
  };
}

function signedBy(signer: Signer): SignedBy {
  if (signer.kind === 'key') return signer;
  const subjects = signer.subjects.filter(({ kind }) => kind !== 'unread').map(({ value }) => value);
  const issuer = signer.issuer === undefined ? {} : { issuer: signer.issuer };
  return { kind: 'certificate', subjects, ...issuer, claims: signer.claims };
}

/** `sha256:` of what a policy asks for. */
export function policyDigest(policy: SignaturePolicy): string {
  const plain =
    'keys' in policy
      ? {
          ...policy,
          keys: policy.keys.map(({ key, validFor }) => ({
            fingerprint: key.fingerprint,
            scheme: key.scheme,
            validFor,
          })),
        }
      : policy;
  return `sha256:${hash('sha256', canonicalJson(plain))}`;
}
