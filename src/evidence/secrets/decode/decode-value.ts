// SPDX-License-Identifier: Apache-2.0
// Decodes one value. Only what becomes readable ASCII counts (Unicode notations: any text); the empty text says that it does not.
import type { Encoding } from './encoded-values.ts';

/** Tab to tilde, line breaks and other controls in between included: matches gitleaks (detect/codec/ascii.go). */
function isReadable(code: number): boolean {
  return code > 8 && code < 0x7f;
}

export function decodeValue(encoding: Encoding, value: string): string {
  switch (encoding) {
    case 'percent':
      return decodePercent(value);
    case 'unicode':
      return decodeUnicode(value);
    case 'hex':
      return decodeHex(value);
    default:
      return decodeBase64(value);
  }
}

/** One unreadable triplet spoils the whole value. */
function decodePercent(value: string): string {
  let isPlain = true;
  const decoded = value.replace(/%([0-9A-Fa-f]{2})/g, (_triplet, digits: string) => {
    const code = Number.parseInt(digits, 16);
    isPlain &&= isReadable(code);
    return String.fromCharCode(code);
  });
  return isPlain ? decoded : '';
}

/** As UTF-8 bytes. */
function decodeUnicode(value: string): string {
  const codes = value.startsWith('U')
    ? value.matchAll(/U\+([0-9A-Fa-f]{4})/g)
    : value.matchAll(/\\{1,2}[uU]([0-9A-Fa-f]{4})/g);
  const text = [...codes].map((match) => String.fromCharCode(Number.parseInt(match[1] ?? '', 16))).join('');
  return Buffer.from(text, 'utf8').toString('latin1');
}

function decodeHex(value: string): string {
  if (value.length % 2 === 1 || !/[0-9]/.test(value)) return '';
  const bytes = Buffer.from(value, 'hex');
  return bytes.every(isReadable) ? bytes.toString('latin1') : '';
}

/** Padded standard base64, or the form for addresses without padding. A word without digits and signs is taken for a name. */
function decodeBase64(value: string): string {
  if (!/[0-9+/_-]/.test(value) || !beginsReadably(value)) return '';
  const body = value.replace(/=+$/, '');
  const padding = value.length - body.length;
  const isStandard = value.length % 4 === 0 && !/[_-]/.test(body);
  const isForAddresses = padding === 0 && body.length % 4 !== 1 && !/[+/]/.test(body);
  if (!isStandard && !isForAddresses) return '';
  const bytes = Buffer.from(body, 'base64url');
  return bytes.every(isReadable) ? bytes.toString('latin1') : '';
}

const sextets = new Int8Array(256).fill(-1);
for (const [index, character] of Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
).entries())
  sextets[character.charCodeAt(0)] = index;
sextets['-'.charCodeAt(0)] = 62;
sextets['_'.charCodeAt(0)] = 63;

/** Most words of source code fail in the first three bytes, which saves decoding them. */
function beginsReadably(value: string): boolean {
  for (let at = 0; at + 3 < Math.min(value.length, 12); at += 4) {
    const bits =
      ((sextets[value.charCodeAt(at)] ?? 0) << 18) |
      ((sextets[value.charCodeAt(at + 1)] ?? 0) << 12) |
      ((sextets[value.charCodeAt(at + 2)] ?? 0) << 6) |
      (sextets[value.charCodeAt(at + 3)] ?? 0);
    if (!isReadable(bits >> 16) || !isReadable((bits >> 8) & 255) || !isReadable(bits & 255)) return false;
  }
  return true;
}
