// SPDX-License-Identifier: Apache-2.0
// Key pairs for signing databases: made on demand, kept in a file that only its owner can read.
import { generateKeyPairSync } from 'node:crypto';
import type { StoredFolder } from '../../io/stored-files.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { TrustedKey } from './trusted-keys.ts';
import { trustedKeyOfPem } from './trusted-keys.ts';

export interface SigningKey {
  /** PEM text (PKCS 8). Never printed, never committed. */
  readonly privateKey: string;
  readonly publicKey: TrustedKey;
  /** true when it was made by this call. */
  readonly isNew: boolean;
}

/** Reads the key in the file, or makes one and writes it there. Throws DATABASE_INVALID when the file holds no Ed25519 key. */
export function readOrMakeKey(folder: StoredFolder, path: string): SigningKey {
  const bytes = folder.read(path, defaultLimits.configBytes);
  if (bytes !== undefined) {
    const privateKey = Buffer.from(bytes).toString('utf8');
    return { privateKey, publicKey: trustedKeyOfPem(privateKey, 'local'), isNew: false };
  }
  const privateKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  folder.write(path, Buffer.from(privateKey), 'private');
  return { privateKey, publicKey: trustedKeyOfPem(privateKey, 'local'), isNew: true };
}
