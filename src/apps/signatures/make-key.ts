// SPDX-License-Identifier: Apache-2.0
// New key pairs, and foreign private keys in Cosign's encrypted form. Chance comes from the system; the key leaves this module encrypted only.
import type { KeyObject } from 'node:crypto';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { cosignKeyLabels, sealKey } from '../../formats/cosign-key.ts';
import { formatPem } from '../../formats/pem.ts';

export const keyKinds = [
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'ed25519',
] as const;
export type KeyKind = (typeof keyKinds)[number];

export interface KeyPairText {
  /** PEM, encrypted. */
  readonly privateKey: string;
  /** PEM, SubjectPublicKeyInfo. */
  readonly publicKey: string;
}

export function generateKey(kind: KeyKind): KeyObject {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  const [family, size = ''] = kind.split('-');
  if (family === 'rsa') return generateKeyPairSync('rsa', { modulusLength: Number(size) }).privateKey;
  return generateKeyPairSync('ec', { namedCurve: `P-${size.slice(1)}` }).privateKey;
}

/** What is written to `cosign.key` and `cosign.pub`. An empty password is one, too: whoever has the file has the key. */
export function encryptedPair(key: KeyObject, password: Uint8Array): KeyPairText {
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  const bytes = sealKey(pkcs8, password, { salt: randomBytes(32), nonce: randomBytes(24) });
  pkcs8.fill(0);
  return { privateKey: formatPem({ label: cosignKeyLabels.written, bytes }), publicKey: publicPem(key) };
}

export function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();
}
