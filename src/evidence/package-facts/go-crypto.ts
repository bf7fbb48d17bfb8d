// SPDX-License-Identifier: Apache-2.0
// Which cryptography a Go program was linked with, told by functions that only one of the kinds has.

export type GoCrypto = 'crypto/tls/fipsonly' | 'standard-crypto' | 'boring-crypto';

/** Go marks its own implementations, BoringCrypto and the mode that allows nothing else with functions of this package. */
const marks = 'crypto/internal/boring/sig';
const own: readonly (readonly [path: string, start: string])[] = [
  ['crypto/sha1', 'digest.'],
  ['crypto/sha256', 'digest.'],
  ['crypto/rand', 'devReader.'],
  ['crypto/rsa', 'encrypt'],
  ['crypto/rsa', 'decrypt'],
];

/** `symbols`: functions by import path, as `symbolsByPackage` gives them. */
export function linkedCrypto(symbols: ReadonlyMap<string, ReadonlySet<string>>): readonly GoCrypto[] {
  const has = (path: string, name: string): boolean => symbols.get(path)?.has(name) === true;
  const isStandard = own.some(([path, start]) => [...(symbols.get(path) ?? [])].some((name) => name.startsWith(start)));
  const isBoring =
    has(marks, 'BoringCrypto') ||
    [...(symbols.get('main') ?? [])].some((name) => name.startsWith('_Cfunc__goboringcrypto_'));
  const found: GoCrypto[] = [];
  if (has(marks, 'FIPSOnly') || symbols.has('crypto/tls/fipsonly')) found.push('crypto/tls/fipsonly');
  if (isStandard || has(marks, 'StandardCrypto')) found.push('standard-crypto');
  if (isBoring) found.push('boring-crypto');
  return found;
}
