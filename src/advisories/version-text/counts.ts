// SPDX-License-Identifier: Apache-2.0
// Numbers in versions, which may be longer than a double can hold, and the character classes that version scanners need.

/** A number as written in a version: a JavaScript number up to 15 digits, beyond that its digits without leading zeros. */
export type Count = number | string;

/** Reads a string of ASCII digits; empty text is 0. */
export function countOf(digits: string): Count {
  if (digits.length <= 15) return Number(digits);
  let start = 0;
  while (start < digits.length - 1 && digits.charCodeAt(start) === 48) start += 1;
  const significant = digits.slice(start);
  return significant.length <= 15 ? Number(significant) : significant;
}

/** Numeric order; text stands for more than 15 digits and therefore sorts after every number. */
export function compareCounts(a: Count, b: Count): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  return a.length - b.length || compareTexts(a, b);
}

/** Order by UTF-16 code unit, as a number. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** ASCII letter. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** true when the text is one or more ASCII digits. */
export function isDigits(text: string): boolean {
  if (text === '') return false;
  for (let at = 0; at < text.length; at += 1) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

/** Offset of the first character at or after `from` that is not a digit. */
export function skipDigits(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

/** Offset of the first character at or after `from` that is not a letter. */
export function skipLetters(text: string, from: number): number {
  let at = from;
  while (at < text.length && isLetter(text.charCodeAt(at))) at += 1;
  return at;
}
