// SPDX-License-Identifier: Apache-2.0
// Content digests in OCI notation (image-spec descriptor.md "Digests"): `algorithm:lower-case hex`.

declare const digestBrand: unique symbol;
/** `sha256:<64 hex>` or another registered algorithm, validated. */
export type Digest = string & { readonly [digestBrand]: true };

const hexLengths: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

/** Returns the digest if `text` is well-formed, else undefined. */
export function parseDigest(text: string): Digest | undefined {
  const colon = text.indexOf(':');
  const length = hexLengths[text.slice(0, colon)];
  const hex = text.slice(colon + 1);
  if (length === undefined || hex.length !== length || !/^[0-9a-f]+$/.test(hex)) return undefined;
  return text as Digest;
}

/** Joins algorithm and hex into a digest; the hex may be upper case. Undefined when the length does not fit. */
export function digestOf(algorithm: string, hex: string): Digest | undefined {
  return parseDigest(`${algorithm.toLowerCase().replace('-', '')}:${hex.toLowerCase()}`);
}

/** Longer than any hash, so that base64 of too many bytes is noticed. */
const scratch = Buffer.allocUnsafeSlow(96);

/** A digest whose hash is given in base64, as package managers of JavaScript write it. Undefined when the length does not fit. */
export function digestOfBase64(algorithm: string, base64: string): Digest | undefined {
  const name = algorithm.toLowerCase().replace('-', '');
  const length = (hexLengths[name] ?? 0) / 2;
  // Lock files have tens of thousands of them: one buffer serves all.
  if (length === 0 || scratch.write(base64, 'base64') !== length) return undefined;
  return `${name}:${scratch.toString('hex', 0, length)}` as Digest;
}

/** First 12 hex digits for a screen: `sha256:4f1c9a…`. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':');
  return `${digest.slice(0, colon + 1)}${digest.slice(colon + 1, colon + 7)}…`;
}
