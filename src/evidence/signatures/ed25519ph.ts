// SPDX-License-Identifier: Apache-2.0
// Ed25519ph (RFC 8032 5.1), which node:crypto does not have. Cosign signs messages with it when the key is an Ed25519 one: the log can then be
// told a digest only.
import type { KeyObject } from 'node:crypto';
import { ed25519ph } from '@noble/curves/ed25519.js';

/** Whether the signature belongs to the bytes. Strict: no small-order points, no second encoding. */
export function isPrehashedSignature(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  const point = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  return ed25519ph.verify(signature, bytes, point, { zip215: false });
}
