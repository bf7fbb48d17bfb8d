// SPDX-License-Identifier: Apache-2.0
// Cosign's encrypted private keys: a PEM block around JSON (scrypt, NaCl secretbox) around PKCS #8 (go-securesystemslib, encrypted/encrypted.go).
// The work that a file asks for is bounded before any of it is done. Knows nothing of files and prompts.
import { scryptSync } from 'node:crypto';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { defaultLimits } from '../model/limits.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { MemberReader, parseStrictJson } from './strict-json.ts';

/** PEM labels: the one that is written, and the one of Cosign before 2.0. */
export const cosignKeyLabels = {
  written: 'ENCRYPTED SIGSTORE PRIVATE KEY',
  older: 'ENCRYPTED COSIGN PRIVATE KEY',
} as const;

export interface SealedKey {
  readonly derivation: { readonly N: number; readonly r: number; readonly p: number; readonly salt: Buffer };
  readonly nonce: Buffer;
  /** Authenticator, then the encrypted bytes. */
  readonly box: Buffer;
}

/** What Cosign writes; its readers take only few settings (go-securesystemslib, `CheckParams`). */
const writtenSettings = { N: 65_536, r: 8, p: 1 } as const;
const nonceLength = 24;
const tagLength = 16;

/** Reads the content of the PEM block. Settings that would cost more than the limits allow are refused here. */
export function parseSealedKey(content: Uint8Array): Parsed<SealedKey> {
  return parsing(() => {
    const limits = { bytes: defaultLimits.privateKeyBytes, depth: 8 };
    const root = new MemberReader(required(parseStrictJson(content, limits), 'encrypted key'));
    const kdf = root.member('kdf');
    const cipher = root.member('cipher');
    if (kdf.text('name') !== 'scrypt') kdf.fail('name', 'only scrypt is read');
    if (cipher.text('name') !== 'nacl/secretbox') cipher.fail('name', 'only nacl/secretbox is read');
    const settings = kdf.member('params');
    const [N, r, p] = [settings.count('N'), settings.count('r'), settings.count('p')];
    checkScrypt({ N, r, p });
    const nonce = cipher.bytes('nonce');
    if (nonce.length !== nonceLength) cipher.fail('nonce', `${nonceLength} bytes are required`);
    const box = root.bytes('ciphertext');
    if (box.length <= tagLength) root.fail('ciphertext', 'it is cut off');
    return { derivation: { N, r, p, salt: kdf.bytes('salt') }, nonce, box };
  });
}

/** RFC 7914 section 2: N is a power of two; the memory is 128 N r bytes, the work grows with N r p. To be called inside `parsing`. */
export function checkScrypt({ N, r, p }: Readonly<Record<'N' | 'r' | 'p', number>>): void {
  if (N < 2 || !Number.isInteger(Math.log2(N)) || r < 1 || p < 1) malformed('not settings of scrypt');
  if (128 * N * r > defaultLimits.keyDerivationBytes || N * r * p > defaultLimits.keyDerivationSteps)
    malformed(`scrypt with N=${N}, r=${r}, p=${p} would cost more memory or time than this program spends on a key`);
}

/** The PKCS #8 bytes; undefined when the password is wrong or the box was changed. */
export function openSealedKey({ derivation, nonce, box }: SealedKey, password: Uint8Array): Buffer | undefined {
  const key = deriveKey(password, derivation);
  try {
    return Buffer.from(xsalsa20poly1305(key, nonce).decrypt(box));
  } catch {
    return undefined;
  } finally {
    key.fill(0);
  }
}

export interface SealChance {
  /** 32 random bytes. */
  readonly salt: Uint8Array;
  /** 24 random bytes. */
  readonly nonce: Uint8Array;
}

/** Content of the PEM block for PKCS #8 bytes. */
export function sealKey(pkcs8: Uint8Array, password: Uint8Array, { salt, nonce }: SealChance): Buffer {
  const key = deriveKey(password, { ...writtenSettings, salt });
  const box = xsalsa20poly1305(key, nonce).encrypt(pkcs8);
  key.fill(0);
  return Buffer.from(
    JSON.stringify({
      kdf: { name: 'scrypt', params: writtenSettings, salt: Buffer.from(salt).toString('base64') },
      cipher: { name: 'nacl/secretbox', nonce: Buffer.from(nonce).toString('base64') },
      ciphertext: Buffer.from(box).toString('base64'),
    }),
  );
}

interface Derivation {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array;
}

function deriveKey(password: Uint8Array, { N, r, p, salt }: Derivation): Buffer {
  // OpenSSL counts a little more than 128 N r.
  return scryptSync(password, salt, 32, { N, r, p, maxmem: 128 * N * r + 128 * r * p + 1024 * 1024 });
}
