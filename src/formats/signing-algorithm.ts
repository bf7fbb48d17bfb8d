// SPDX-License-Identifier: Apache-2.0
// The one algorithm that a key signs with, and its name in Sigstore's messages (sigstore_common.proto, PublicKeyDetails). What may verify is
// decided in src/evidence/signatures/public-key.ts; both sides choose the hash of the curve's size.
import type { KeyObject } from 'node:crypto';
import type { HashName } from './rekor-entry.ts';

export interface SigningAlgorithm {
  readonly kind: 'ecdsa' | 'rsa-pkcs1' | 'ed25519' | 'ed25519ph';
  /** Hash of the message; of Ed25519ph the one that is taken beforehand, of Ed25519 the one inside. */
  readonly hash: HashName;
  /** `PKIX_ECDSA_P256_SHA_256`. */
  readonly details: string;
}

const curves: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: { kind: 'ecdsa', hash: 'sha256', details: 'PKIX_ECDSA_P256_SHA_256' },
  secp384r1: { kind: 'ecdsa', hash: 'sha384', details: 'PKIX_ECDSA_P384_SHA_384' },
  secp521r1: { kind: 'ecdsa', hash: 'sha512', details: 'PKIX_ECDSA_P521_SHA_512' },
};

export const ed25519: SigningAlgorithm = { kind: 'ed25519', hash: 'sha512', details: 'PKIX_ED25519' };
export const ed25519ph: SigningAlgorithm = { kind: 'ed25519ph', hash: 'sha512', details: 'PKIX_ED25519_PH' };

/** Undefined for keys that nobody here signs with: other curves, RSA below 2,048 or above 4,096 bits, other kinds. */
export function signingAlgorithmOf(key: KeyObject): SigningAlgorithm | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return ed25519;
  if (type === 'ec') return curves[details?.namedCurve ?? ''];
  const bits = details?.modulusLength ?? 0;
  if (type !== 'rsa' || bits < 2_048 || bits > 4_096) return undefined;
  const size = bits <= 2_048 ? 2_048 : bits <= 3_072 ? 3_072 : 4_096;
  return { kind: 'rsa-pkcs1', hash: 'sha256', details: `PKIX_RSA_PKCS1V15_${size}_SHA256` };
}
