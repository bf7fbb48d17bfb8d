// SPDX-License-Identifier: Apache-2.0
// The public keys whose signature on an index is believed without further ado, and the form of such a key.
// A new release key is added here and introduced to old programs by a rotation (signature.ts); docs/database.md, "Signing a release".

import type { KeyObject } from 'node:crypto';
import { createPublicKey, hash } from 'node:crypto';
import { invalidDatabase } from './failures.ts';

/** `release`: the project's own publications and the shipped snapshot. `local`: made on this machine, or by the owner of a mirror. */
export type KeyRole = 'release' | 'local';

export interface TrustedKey {
  /** First 16 hex digits of the sha256 of the key's DER form (SubjectPublicKeyInfo). */
  readonly id: string;
  readonly role: KeyRole;
  /** SubjectPublicKeyInfo of an Ed25519 key, base64. */
  readonly publicKey: string;
}

/** Where trust begins: keys, and the version of the last rotation that they already contain. */
export interface TrustRoot {
  readonly keys: readonly TrustedKey[];
  readonly rotation: number;
}

export const pinnedTrust: TrustRoot = {
  keys: [
    {
      id: 'd392cfcacf78a62f',
      role: 'release',
      publicKey: 'MCowBQYDK2VwAyEA0/daovZG+claHFPHoGOpZFdWVwO6XnlyICHiZvFDtaA=',
    },
  ],
  rotation: 0,
};

/** Id of a public key in base64 DER form. */
export function keyIdOf(publicKey: string): string {
  return hash('sha256', Buffer.from(publicKey, 'base64')).slice(0, 16);
}

/** Reads a key and checks that it is Ed25519 and has the id it claims; throws DATABASE_INVALID. */
export function loadKey(key: TrustedKey): KeyObject {
  let loaded: KeyObject;
  try {
    loaded = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
  } catch (error) {
    throw invalidDatabase(`key ${key.id} is not a public key`, error);
  }
  if (loaded.asymmetricKeyType !== 'ed25519') throw invalidDatabase(`key ${key.id} is not an Ed25519 key`);
  if (keyIdOf(key.publicKey) !== key.id) throw invalidDatabase(`key ${key.id} has another id than its digest`);
  return loaded;
}

/** A trusted key from the PEM text of a public or private Ed25519 key; throws DATABASE_INVALID. */
export function trustedKeyOfPem(pem: string, role: KeyRole): TrustedKey {
  let der: Buffer;
  try {
    der = createPublicKey(pem).export({ format: 'der', type: 'spki' });
  } catch (error) {
    throw invalidDatabase('the key is not readable as PEM', error);
  }
  const publicKey = der.toString('base64');
  const key: TrustedKey = { id: keyIdOf(publicKey), role, publicKey };
  loadKey(key);
  return key;
}
