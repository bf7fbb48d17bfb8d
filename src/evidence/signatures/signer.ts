// SPDX-License-Identifier: Apache-2.0
// Who signed: the certificate or key, whether the policy and the trust root know it, and whether the signature and every log entry are its own.
import type { Certificate } from '../../formats/x509.ts';
import { checkCertificateLogged } from './certificate-log.ts';
import type { CertificatePath, PathRequest } from './certificate-path.ts';
import { buildPath, certificateKey } from './certificate-path.ts';
import type { History, HistoryRequest } from './history.ts';
import { usesLog } from './history.ts';
import type { CertificateSigner } from './identity.ts';
import { certificateSigner, checkOwnIdentity, checkSigstoreIdentity } from './identity.ts';
import type { SignatureFacts } from './log-entry-match.ts';
import { checkEntryMatch } from './log-entry-match.ts';
import type { ManagedKey } from './policy.ts';
import type { PublicKey } from './public-key.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal, refuse } from './refusal.ts';
import { checkSignature } from './signature.ts';
import type { SignedContent } from './signed-content.ts';
import type { TrustRoot } from './trust-root.ts';
import { isWithin } from './trust-root.ts';

export type Signer = CertificateSigner | { readonly kind: 'key'; readonly fingerprint: string };

export interface SignerCheck {
  readonly request: HistoryRequest;
  readonly content: SignedContent;
  readonly history: History;
}

/** Finds the signer that the policy names. */
export function checkSigner(check: SignerCheck): Signer | Refusal {
  const { policy, proof } = check.request;
  if ('keys' in policy) return checkManagedKeys(policy.keys, check);
  if (proof.material.kind !== 'certificate') return refuse('MATERIAL_MISMATCH', 'the proof has no certificate');
  const [leaf, ...steps] = proof.material.certificates;
  const signer = checkCertificate(leaf, steps, check);
  if (isRefusal(signer)) return signer;
  const key = certificateKey(leaf);
  if (isRefusal(key)) return key;
  return checkOwnership(key, { kind: 'certificate', certificate: leaf }, check) ?? signer;
}

/** The log entries name this signer, and the signature is by this key. */
function checkOwnership(
  key: PublicKey,
  signer: SignatureFacts['signer'],
  { request, content }: SignerCheck,
): Refusal | undefined {
  for (const { entry } of usesLog(request.policy) ? request.proof.logEntries : []) {
    const mismatch = checkEntryMatch(entry, { ...content, signer });
    if (mismatch !== undefined) return mismatch;
  }
  const signed = content.signedFor(key);
  if (isRefusal(signed)) return signed;
  const invalid = checkSignature(key, signed, content.signature);
  if (invalid === undefined || key.scheme.kind !== 'ed25519') return invalid;
  // Nothing in a key says which of the two it signs with; they cannot be taken for each other (RFC 8032 5.1, dom2).
  return checkSignature({ ...key, scheme: { kind: 'ed25519ph' } }, signed, content.signature);
}

function checkCertificate(
  leaf: Certificate,
  steps: readonly Certificate[],
  { request, history }: SignerCheck,
): CertificateSigner | Refusal {
  const { policy, trustRoot, time: now } = request;
  const isOwn = policy.mode === 'own-pki';
  const proved = history.times.map(({ time }) => time);
  const path = pathToAuthority(leaf, trustRoot, {
    // What comes with the proof may be a step of the path in an own PKI; the steps of Sigstore are in the trust root.
    intermediates: isOwn ? steps : [],
    times: isOwn && policy.time === 'now-because-nothing-proves-it' ? [now] : proved,
    purpose: 'codeSigning',
  });
  if (isRefusal(path)) return path;
  const needsLog =
    policy.mode === 'public-good-keyless' ||
    (policy.mode === 'private-sigstore' && policy.certificateLog === 'required');
  const unlogged = needsLog ? checkCertificateLogged(path, trustRoot.certificateLogs) : undefined;
  if (unlogged !== undefined) return unlogged;
  const signer = certificateSigner(leaf);
  if (isRefusal(signer)) return signer;
  const stranger = isOwn
    ? checkOwnIdentity(signer, policy.subjects)
    : checkSigstoreIdentity(signer, 'identities' in policy ? policy.identities : []);
  return stranger ?? signer;
}

function pathToAuthority(
  leaf: Certificate,
  trustRoot: TrustRoot,
  request: Omit<PathRequest, 'anchors'>,
): CertificatePath | Refusal {
  let reason: Refusal | undefined;
  for (const authority of trustRoot.certificateAuthorities) {
    if (!request.times.every((time) => isWithin(authority.validFor, time))) continue;
    const intermediates = [...authority.intermediates, ...request.intermediates];
    const path = buildPath(leaf, { ...request, anchors: [authority.anchor], intermediates });
    if (!isRefusal(path)) return path;
    // An authority that knows the certificate and refuses it says more than one that does not know it.
    if (reason === undefined || reason.code === 'CERTIFICATE_UNTRUSTED') reason = path;
  }
  return reason ?? refuse('CERTIFICATE_UNTRUSTED', 'the trust root names no authority for that time');
}

function checkManagedKeys(keys: readonly ManagedKey[], check: SignerCheck): Signer | Refusal {
  let reason: Refusal | undefined;
  for (const managed of keys) {
    const refusal = checkManagedKey(managed, check);
    if (refusal === undefined) return { kind: 'key', fingerprint: managed.key.fingerprint };
    reason ??= refusal;
  }
  return reason ?? refuse('POLICY_INVALID', 'the policy names no key');
}

function checkManagedKey({ key, validFor }: ManagedKey, check: SignerCheck): Refusal | undefined {
  const { request, history } = check;
  const times = history.times.length === 0 ? [request.time] : history.times.map(({ time }) => time);
  if (validFor !== undefined && !times.every((time) => isWithin(validFor, time)))
    return refuse('KEY_NOT_VALID_THEN', 'the key was not in use at the time of signing');
  return checkOwnership(key, { kind: 'key', key }, check);
}
