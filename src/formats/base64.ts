// SPDX-License-Identifier: Apache-2.0
// Base64 as RFC 4648 section 4 states it, with the checks of section 3 that make the text unique: no line breaks, no other alphabet,
// complete padding, no bits behind the end. Two spellings of one signature would be two proofs for one.

/** The bytes, or undefined when the text is not canonical base64. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
