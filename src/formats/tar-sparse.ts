// SPDX-License-Identifier: Apache-2.0
// Files with holes in tar archives: GNU's old header type `S`, and the PAX versions 0.0, 0.1 and 1.0
// (https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html). A map tells where each stored piece belongs.
import { blockLength, readNumber } from './tar-header.ts';

export interface SparsePiece {
  readonly offset: number;
  readonly length: number;
}

/** Pieces a map may have; each costs two numbers. */
const mostPieces = 100_000;

/** The four pieces of an old GNU header at byte 386, or the 21 of a block that continues it. Undefined when a number is none. */
export function readOldPieces(block: Buffer, at: number, count: number): SparsePiece[] | undefined {
  const pieces: SparsePiece[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = at + index * 24;
    if (block[start] === 0 && block[start + 12] === 0) break;
    const offset = readNumber(block, start, 12);
    const length = readNumber(block, start + 12, 12);
    if (offset === undefined || length === undefined) return undefined;
    pieces.push({ offset, length });
  }
  return pieces;
}

/** `offset,length,offset,length` of version 0.1; the record pairs of version 0.0 joined with commas give the same. */
export function parseSparseMap(text: string): SparsePiece[] | undefined {
  if (text === '') return [];
  const numbers = text.split(',');
  if (numbers.length % 2 !== 0 || numbers.length > 2 * mostPieces) return undefined;
  const pieces: SparsePiece[] = [];
  for (let index = 0; index < numbers.length; index += 2) {
    const offset = naturalNumber(numbers[index] ?? '');
    const length = naturalNumber(numbers[index + 1] ?? '');
    if (offset === undefined || length === undefined) return undefined;
    pieces.push({ offset, length });
  }
  return pieces;
}

/** Version 1.0 has the map before the content: decimal lines, count first, filled up to a whole block. */
export function splitStoredMap(stored: Buffer): { pieces: SparsePiece[]; content: Buffer } | undefined {
  let at = 0;
  const next = (): number | undefined => {
    const end = stored.indexOf(0x0a, at);
    if (end === -1 || end - at > 20) return undefined;
    const value = naturalNumber(stored.toString('latin1', at, end));
    at = end + 1;
    return value;
  };
  const count = next();
  if (count === undefined || count > mostPieces) return undefined;
  const pieces: SparsePiece[] = [];
  for (let index = 0; index < count; index += 1) {
    const offset = next();
    const length = next();
    if (offset === undefined || length === undefined) return undefined;
    pieces.push({ offset, length });
  }
  return { pieces, content: stored.subarray(Math.min(stored.length, Math.ceil(at / blockLength) * blockLength)) };
}

/** The whole file of `size` bytes, zeros in its holes. Undefined when the map leaves the file or the stored bytes. */
export function fillSparse(pieces: readonly SparsePiece[], stored: Buffer, size: number): Buffer | undefined {
  const whole = Buffer.alloc(size);
  let from = 0;
  let end = 0;
  for (const { offset, length } of pieces) {
    if (offset < end || offset + length > size || from + length > stored.length) return undefined;
    stored.copy(whole, offset, from, from + length);
    from += length;
    end = offset + length;
  }
  return whole;
}

function naturalNumber(text: string): number | undefined {
  if (!/^[0-9]{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
