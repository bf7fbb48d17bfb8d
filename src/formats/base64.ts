// SPDX-License-Identifier: Apache-2.0
// Base64 as RFC 4648 section 4 states it, with the checks of section 3 that make the text unique: no line breaks, no other alphabet,
// complete padding, no bits behind the end. Two spellings of one signature would be two proofs for one.

/** The bytes, or undefined when the text is not canonical base64. */
export function decodeBase64(text: string): Buffer | undefined {
  const { length } = text;
  if (length % 4 !== 0) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  // Characters that do not belong are passed over by Node, which leaves too few bytes; those of the other alphabet are taken.
  if (bytes.length !== (length / 4) * 3 - padding || text.includes('-') || text.includes('_')) return undefined;
  // The last four characters are where bits could hide.
  const rest = padding === 0 ? 0 : 3 - padding;
  return rest === 0 || text.endsWith(bytes.toString('base64', bytes.length - rest)) ? bytes : undefined;
}
