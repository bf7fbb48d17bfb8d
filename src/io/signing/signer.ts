// SPDX-License-Identifier: Apache-2.0
// Who signs: a private key in memory here, or one that never leaves its keeper (vault-key.ts, plugin-key.ts). The caller hands over bytes and gets
// a signature; which algorithm it is follows from the key.
import type { KeyObject } from 'node:crypto';
import { constants, createPublicKey, sign } from 'node:crypto';
import { ed25519ph as prehashing } from '@noble/curves/ed25519.js';
import type { SigningAlgorithm } from '../../formats/signing-algorithm.ts';
import { ed25519ph, signingAlgorithmOf } from '../../formats/signing-algorithm.ts';
import { LandwaiterError } from '../../model/error.ts';

export interface Signer {
  /** For messages: where the key lies. Never the key. */
  readonly name: string;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  readonly algorithm: SigningAlgorithm;
  sign(bytes: Uint8Array): Promise<Buffer>;
  /** The same key as Ed25519ph, for messages that a log is told the digest of; only where the keeper of the key can do that. */
  readonly prehashed?: Signer;
}

/** A key in memory. Throws CONFIG_INVALID for kinds that are not signed with. */
export function localSigner(key: KeyObject, name: string): Signer {
  const algorithm = signingAlgorithmOf(key);
  if (algorithm === undefined) throw unsupportedKey(name);
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const signer: Signer = { name, publicKey, algorithm, sign: async (bytes) => signWith(key, algorithm, bytes) };
  return algorithm.kind === 'ed25519' ? { ...signer, prehashed: prehashedSigner(key, signer) } : signer;
}

function signWith(key: KeyObject, { kind, hash }: SigningAlgorithm, bytes: Uint8Array): Buffer {
  if (kind === 'ed25519') return sign(null, bytes, key);
  return sign(hash, bytes, kind === 'ecdsa' ? key : { key, padding: constants.RSA_PKCS1_PADDING });
}

function prehashedSigner(key: KeyObject, signer: Signer): Signer {
  const secret = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  return { ...signer, algorithm: ed25519ph, sign: async (bytes) => Buffer.from(prehashing.sign(bytes, secret)) };
}

export function unsupportedKey(name: string): LandwaiterError {
  return new LandwaiterError({
    code: 'CONFIG_INVALID',
    message: `${name}: not a key that is signed with`,
    hint: 'ECDSA on P-256, P-384 or P-521, RSA of 2,048 to 4,096 bits, and Ed25519 are',
  });
}
