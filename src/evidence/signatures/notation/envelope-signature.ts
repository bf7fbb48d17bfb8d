// SPDX-License-Identifier: Apache-2.0
// The signature of an envelope against the key of its leaf. The algorithm follows from the key (signature-specification.md, "Algorithm
// Selection"); what the envelope claims must be the same, which is what makes algorithm confusion impossible.
import type { KeyObject } from 'node:crypto';
import { constants, sign, verify } from 'node:crypto';
import type { EnvelopeAlgorithm, NotationEnvelope } from '../../../formats/notation/envelope.ts';
import { certificateKey } from '../certificate-path.ts';
import type { PublicKey } from '../public-key.ts';
import type { Refusal } from '../refusal.ts';
import { isRefusal, refuse } from '../refusal.ts';

const curveAlgorithms = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' } as const;
const rsaAlgorithms: Readonly<Record<number, EnvelopeAlgorithm>> = { 2048: 'PS256', 3072: 'PS384', 4096: 'PS512' };

/** The one algorithm that a key signs with. */
export function algorithmOf(key: PublicKey): EnvelopeAlgorithm | Refusal {
  if (key.scheme.kind === 'ecdsa') return curveAlgorithms[key.scheme.curve];
  const bits = key.key.asymmetricKeyDetails?.modulusLength ?? 0;
  const algorithm = key.scheme.kind === 'rsa-pkcs1' ? rsaAlgorithms[bits] : undefined;
  return (
    algorithm ??
    refuse('KEY_UNSUPPORTED', `envelopes are signed with RSA of 2048, 3072 or 4096 bits or ECDSA, not with this key`)
  );
}

/** Hash of an algorithm; also the one that names a file that is signed. */
export function hashOf(algorithm: EnvelopeAlgorithm): 'sha256' | 'sha384' | 'sha512' {
  const size = algorithm.slice(2);
  return size === '256' ? 'sha256' : size === '384' ? 'sha384' : 'sha512';
}

/** Undefined when the signature is the leaf's. */
export function checkEnvelopeSignature(
  envelope: Pick<NotationEnvelope, 'algorithm' | 'certificates' | 'signed' | 'signature'>,
): Refusal | undefined {
  const key = certificateKey(envelope.certificates[0]);
  if (isRefusal(key)) return key;
  const algorithm = algorithmOf(key);
  if (isRefusal(algorithm)) return algorithm;
  if (algorithm !== envelope.algorithm)
    return refuse('ALGORITHM_MISMATCH', `the envelope says ${envelope.algorithm}, the key signs with ${algorithm}`);
  const isGood = isSignature(algorithm, key.key, envelope);
  return isGood ? undefined : refuse('SIGNATURE_INVALID', 'the signature does not belong to the envelope and the key');
}

function parametersOf(algorithm: EnvelopeAlgorithm, key: KeyObject): Parameters<typeof verify>[2] & object {
  return algorithm.startsWith('PS')
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { key, dsaEncoding: 'ieee-p1363' };
}

function isSignature(
  algorithm: EnvelopeAlgorithm,
  key: KeyObject,
  { signed, signature }: Pick<NotationEnvelope, 'signed' | 'signature'>,
): boolean {
  try {
    return verify(hashOf(algorithm), signed, parametersOf(algorithm, key), signature);
  } catch {
    // OpenSSL throws for lengths it cannot take.
    return false;
  }
}

/** Signs with a private key; the algorithm must be the key's own. */
export function signEnvelope(algorithm: EnvelopeAlgorithm, key: KeyObject, input: Buffer): Buffer {
  const parameters = algorithm.startsWith('PS')
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : ({ key, dsaEncoding: 'ieee-p1363' } as const);
  return sign(hashOf(algorithm), input, parameters);
}
