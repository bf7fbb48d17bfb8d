// SPDX-License-Identifier: Apache-2.0
// Whether a certificate log of the trust root vouches for a certificate (embedded SCT, RFC 6962). Without it, a stolen authority could issue in
// secret.
import { hash } from 'node:crypto';
import { certificateTimestamps, signedByLog } from '../../formats/sct.ts';
import type { CertificatePath } from './certificate-path.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';
import { isSignatureOf } from './signature.ts';
import type { Log } from './trust-root.ts';
import { isWithin } from './trust-root.ts';

/** Undefined when at least one log vouches for the leaf of the path. SCTs of unknown logs are passed over. */
export function checkCertificateLogged([leaf, issuer]: CertificatePath, logs: readonly Log[]): Refusal | undefined {
  const parsed = certificateTimestamps(leaf);
  if (parsed.kind === 'malformed') return refuse('PROOF_MALFORMED', `SCT: ${parsed.reason}`);
  if (parsed.value.length === 0) return refuse('CERTIFICATE_UNLOGGED', 'the certificate has no SCT');
  if (issuer === undefined) return refuse('CERTIFICATE_UNLOGGED', 'the certificate has no issuer');
  const issuerKeyHash = hash('sha256', issuer.publicKey, 'buffer');
  for (const timestamp of parsed.value) {
    const signed = signedByLog(leaf, timestamp, issuerKeyHash);
    for (const { logId, key, validFor } of logs) {
      if (!logId.equals(timestamp.logId) || !isWithin(validFor, timestamp.timestamp)) continue;
      if (!timestamp.algorithm.endsWith(key.scheme.kind === 'ecdsa' ? '-ecdsa' : '-rsa')) continue;
      if (isSignatureOf(key, signed, timestamp.signature)) return undefined;
    }
  }
  return refuse('CERTIFICATE_UNLOGGED', 'no SCT of the certificate is from a log of the trust root');
}
