// SPDX-License-Identifier: Apache-2.0
// Whether a log entry is about this very signature: same signature, same signer, same signed bytes. Without all three, an entry of somebody else
// (or of the same key for something else) would prove a time for a signature it never saw (CVE-2026-22703, CVE-2022-23649).
import { createPublicKey, hash } from 'node:crypto';
import type { HashName, LoggedDigest, RekorEntry } from '../../formats/rekor-entry.ts';
import type { Certificate } from '../../formats/x509.ts';
import type { PublicKey } from './public-key.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';

/** The signature as the proof has it. */
export interface SignatureFacts {
  readonly signature: Buffer;
  readonly signer:
    | { readonly kind: 'certificate'; readonly certificate: Certificate }
    | { readonly kind: 'key'; readonly key: PublicKey };
  /** Digest of the signed bytes (artifact, payload or pre-authentication encoding); undefined when the artifact has none by that name. */
  readonly signedDigest: (algorithm: HashName) => Buffer | undefined;
  /** Payload of the envelope, when there is one. */
  readonly payload: Buffer | undefined;
  /** The envelope as it was stored. */
  readonly storedEnvelope: Buffer | undefined;
}

export function checkEntryMatch(entry: RekorEntry, facts: SignatureFacts): Refusal | undefined {
  return checkSigner(entry, facts) ?? checkLoggedSignature(entry, facts) ?? checkSignedBytes(entry, facts);
}

function mismatch(what: string): Refusal {
  return refuse('LOG_ENTRY_MISMATCH', `the log entry is about another ${what}`);
}

function checkSigner({ verifier }: RekorEntry, { signer }: SignatureFacts): Refusal | undefined {
  if (signer.kind === 'certificate') {
    const isSame = verifier.kind === 'certificate' && verifier.encoded.equals(signer.certificate.encoded);
    return isSame ? undefined : mismatch('certificate');
  }
  return verifier.kind === 'key' && isKey(verifier.encoded, signer.key) ? undefined : mismatch('key');
}

function isKey(encoded: Buffer, { key, fingerprint }: PublicKey): boolean {
  if (`sha256:${hash('sha256', encoded)}` === fingerprint) return true;
  try {
    return createPublicKey({ key: encoded, format: 'der', type: 'spki' }).equals(key);
  } catch {
    return false;
  }
}

/** `intoto` 0.0.1 holds no signature: there the digest of the stored envelope, which contains it, must stand in. */
function checkLoggedSignature(entry: RekorEntry, { signature, storedEnvelope }: SignatureFacts): Refusal | undefined {
  if (entry.signature !== undefined) return entry.signature.equals(signature) ? undefined : mismatch('signature');
  if (entry.envelopeDigest === undefined || storedEnvelope === undefined)
    return refuse('LOG_ENTRY_MISMATCH', 'the log entry does not name the signature it is about');
  return isDigestOf(entry.envelopeDigest, storedEnvelope) ? undefined : mismatch('envelope');
}

function checkSignedBytes(entry: RekorEntry, { payload, signedDigest }: SignatureFacts): Refusal | undefined {
  if (entry.signedDigest !== undefined) {
    const digest = signedDigest(entry.signedDigest.algorithm);
    if (digest === undefined)
      return refuse(
        'ARTIFACT_REQUIRED',
        `the log entry names a ${entry.signedDigest.algorithm} digest, which is not known of the artifact`,
      );
    return digest.equals(entry.signedDigest.value) ? undefined : mismatch('artifact');
  }
  if (payload === undefined) return mismatch('kind of signature');
  if (entry.payloadDigest !== undefined)
    return isDigestOf(entry.payloadDigest, payload) ? undefined : mismatch('payload');
  // Only `intoto` 0.0.1 may lack it, and its envelope digest was compared above.
  return entry.envelopeDigest === undefined ? mismatch('payload') : undefined;
}

function isDigestOf({ algorithm, value }: LoggedDigest, bytes: Uint8Array): boolean {
  return hash(algorithm, bytes, 'buffer').equals(value);
}
