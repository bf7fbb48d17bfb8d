// SPDX-License-Identifier: Apache-2.0
// Ranges of code points beyond ASCII as alternatives of byte sequences, for matching on texts in which each character is one byte of UTF-8.

/** Bytes of a sequence, each as first and last. */
export type ByteSequence = readonly (readonly [number, number])[];

const lengths: readonly (readonly [number, number])[] = [
  [0x80, 0x7ff],
  [0x800, 0xffff],
  [0x10000, 0x10ffff],
];

/** The sequences that encode exactly the code points from `first` to `last`, both above 0x7f. */
export function utf8Sequences(first: number, last: number): ByteSequence[] {
  return lengths.flatMap(([from, to]) => {
    const start = Math.max(first, from);
    const end = Math.min(last, to);
    return start > end ? [] : split(start, end);
  });
}

/** Splits until all but the last bytes that differ range over everything. */
function split(first: number, last: number): ByteSequence[] {
  for (let bits = 6; bits <= 18; bits += 6) {
    const mask = (1 << bits) - 1;
    if ((first & ~mask) === (last & ~mask)) break;
    if ((first & mask) !== 0) return [...split(first, first | mask), ...split((first | mask) + 1, last)];
    if ((last & mask) !== mask) return [...split(first, (last & ~mask) - 1), ...split(last & ~mask, last)];
  }
  const low = encode(first);
  const high = encode(last);
  return [low.map((byte, index) => [byte, high[index] ?? byte] as const)];
}

function encode(code: number): number[] {
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
  if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
}
