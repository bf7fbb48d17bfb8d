// SPDX-License-Identifier: Apache-2.0
// One 512-byte header of a tar archive: POSIX.1-1988 ustar, GNU and star, with their ways to write numbers. Long names, PAX records and
// sparse maps stand in other blocks and are put together in tar.ts.

export const blockLength = 512;

export interface TarHeader {
  readonly name: string;
  /** As written; one of the letters of the format, `\0` in archives older than ustar. */
  readonly type: string;
  /** Bytes that follow, as the header states them. Undefined when the field is no number, is negative or above 2^53. */
  readonly size: number | undefined;
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
  readonly link: string;
}

/** Reads the header at `at`. Undefined when the checksum does not fit: this is no header. */
export function readTarHeader(block: Buffer, at: number): TarHeader | undefined {
  if (!hasChecksum(block, at)) return undefined;
  const name = fieldText(block, at, 100);
  const prefix = prefixOf(block, at);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: String.fromCharCode(block[at + 156] ?? 0),
    size: readNumber(block, at + 124, 12),
    mode: (readNumber(block, at + 100, 8) ?? 0) & 0o7777,
    userId: readNumber(block, at + 108, 8) ?? 0,
    groupId: readNumber(block, at + 116, 8) ?? 0,
    link: block[at + 157] === 0 ? '' : fieldText(block, at + 157, 100),
  };
}

/** True for a block of zeros, two of which end an archive. */
export function isZeroBlock(block: Buffer, at: number): boolean {
  for (let index = at; index < at + blockLength; index += 1) if (block[index] !== 0) return false;
  return true;
}

/** Text up to the first NUL, at most `length` bytes. */
export function fieldText(block: Buffer, at: number, length: number): string {
  let end = at;
  while (end < at + length && block[end] !== 0) end += 1;
  return block.toString('utf8', at, end);
}

/**
 * Octal digits between blanks and NULs, or base 256 when the first bit is set (GNU, two's complement). Undefined for anything else, for
 * negative numbers and for those above 2^53. An empty field is 0.
 */
export function readNumber(block: Buffer, at: number, length: number): number | undefined {
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) return readBase256(block, at, length);
  let index = at;
  const end = at + length;
  while (index < end && (block[index] === 0x20 || block[index] === 0)) index += 1;
  let value = 0;
  for (; index < end; index += 1) {
    const digit = (block[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; index < end; index += 1) if (block[index] !== 0x20 && block[index] !== 0) return undefined;
  return value;
}

function readBase256(block: Buffer, at: number, length: number): number | undefined {
  const first = block[at] ?? 0;
  if ((first & 0x40) !== 0) return undefined;
  let value = first & 0x3f;
  for (let index = at + 1; index < at + length; index += 1) {
    value = value * 256 + (block[index] ?? 0);
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return value;
}

/** The sum of all bytes, those of the sum itself counted as blanks; some old programs summed signed bytes. */
function hasChecksum(block: Buffer, at: number): boolean {
  const stated = readNumber(block, at + 148, 8);
  if (stated === undefined) return false;
  let sum = 0;
  let high = 0;
  for (let index = at; index < at + blockLength; index += 1) {
    const byte = block[index] ?? 0;
    sum += byte;
    high += byte >> 7;
  }
  for (let index = at + 148; index < at + 156; index += 1) {
    const byte = block[index] ?? 0;
    sum += 0x20 - byte;
    high -= byte >> 7;
  }
  return sum === stated || sum - high * 256 === stated;
}

/** ustar has 155 more bytes for the front of the name, star 131; GNU keeps times and sparse maps there. */
function prefixOf(block: Buffer, at: number): string {
  if (block[at + 345] === 0 || block.toString('latin1', at + 257, at + 263) !== 'ustar\0') return '';
  const isStar = block.toString('latin1', at + 508, at + 512) === 'tar\0';
  return fieldText(block, at + 345, isStar ? 131 : 155);
}
