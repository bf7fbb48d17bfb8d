// SPDX-License-Identifier: Apache-2.0
// SHA-256 without loading Node's crypto module before the first hash: it is large, and many runs hash nothing.

/** Lower-case hex digest of bytes, or of the UTF-8 form of a text. */
export function sha256(data: string | Uint8Array): string {
  return process.getBuiltinModule('node:crypto').hash('sha256', data);
}

/** The same of a text that is given in parts. */
export function sha256OfParts(parts: Iterable<string>): string {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
