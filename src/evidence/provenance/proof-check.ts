// SPDX-License-Identifier: Apache-2.0
// The signature under keyless provenance: which mode of signature policy a trust root calls for, and the attempt with each root. Who the signer
// must be beyond the issuer is checked by the callers, which can say more than "not named".

import { certificateSigner, checkSigstoreIdentity } from '../signatures/identity.ts';
import type { CertificateIdentity, SignaturePolicy, TextMatch } from '../signatures/policy.ts';
import type { Artifact, Proof } from '../signatures/proof.ts';
import type { Refusal } from '../signatures/refusal.ts';
import { isRefusal, refuse } from '../signatures/refusal.ts';
import type { TrustRoot } from '../signatures/trust-root.ts';
import { verifySignature } from '../signatures/verify.ts';
import type { ProvenanceTrust } from './expectation.ts';
import type { ProvenanceSignature } from './result.ts';

export interface ProofRequest {
  readonly artifact: Artifact;
  readonly identities: readonly CertificateIdentity[];
  readonly predicateTypes: readonly string[];
  readonly trust: Pick<ProvenanceTrust, 'trustRoots' | 'log'>;
  readonly time: number;
}

export type SigstoreSignature = Extract<ProvenanceSignature, { readonly kind: 'sigstore' }>;

export const anything: TextMatch = { kind: 'pattern', expression: '.+' };

/** Verifies a proof under the first root that vouches for it. The refusal is that of the root which knows the signer, if one does. */
export function checkProof(proof: Proof, request: ProofRequest): SigstoreSignature | Refusal {
  let reason: Refusal | undefined;
  for (const trustRoot of request.trust.trustRoots) {
    const result = checkWith(trustRoot, proof, request);
    if (!isRefusal(result)) return result;
    if (reason === undefined || strangerCodes.has(reason.code)) reason = result;
  }
  return reason ?? refuse('POLICY_INVALID', 'no trust root is given');
}

const strangerCodes: ReadonlySet<string> = new Set([
  'CERTIFICATE_UNTRUSTED',
  'LOG_UNKNOWN',
  'TIMESTAMP_UNTRUSTED',
  'LOG_MISSING',
]);

function checkWith(trustRoot: TrustRoot, proof: Proof, request: ProofRequest): SigstoreSignature | Refusal {
  const isBare = proof.logEntries.length === 0 && proof.timestamps.length === 0;
  if (isBare && request.trust.log === 'not-asked-for') return checkUnlogged(trustRoot, proof, request);
  const { artifact, time, predicateTypes } = request;
  const policy: SignaturePolicy = { ...modeFor(trustRoot, request.identities), predicateTypes };
  const verified = verifySignature({ proof, artifact, trustRoot, policy, time });
  return isRefusal(verified) ? verified : { kind: 'sigstore', verified, policy, trustRoot, proof, isLogged: true };
}

/** A root that names no log of signatures or certificates is of an instance that runs none; its owner says so, not the proof. */
function modeFor(
  { transparencyLogs, certificateLogs }: TrustRoot,
  identities: readonly CertificateIdentity[],
): SignaturePolicy {
  if (transparencyLogs.length > 0 && certificateLogs.length > 0) return { mode: 'public-good-keyless', identities };
  return {
    mode: 'private-sigstore',
    identities,
    signatureLog: transparencyLogs.length > 0 ? 'required' : 'not-operated-timestamp-instead',
    certificateLog: certificateLogs.length > 0 ? 'required' : 'not-operated',
  };
}

/** Everything but the log: signature, path at the time the certificate began, subject. Nobody proves when it was signed. */
function checkUnlogged(trustRoot: TrustRoot, proof: Proof, request: ProofRequest): SigstoreSignature | Refusal {
  const { artifact, identities, predicateTypes } = request;
  if (proof.material.kind !== 'certificate') return refuse('MATERIAL_MISMATCH', 'the proof has no certificate');
  const [leaf] = proof.material.certificates;
  const signer = certificateSigner(leaf);
  if (isRefusal(signer)) return signer;
  const policy: SignaturePolicy = {
    mode: 'own-pki',
    subjects: [anything],
    time: 'now-because-nothing-proves-it',
    predicateTypes,
  };
  const verified = verifySignature({ proof, artifact, trustRoot, policy, time: leaf.notBefore });
  if (isRefusal(verified)) return verified;
  const stranger = checkSigstoreIdentity(signer, identities);
  return stranger ?? { kind: 'sigstore', verified, policy, trustRoot, proof, isLogged: false };
}
