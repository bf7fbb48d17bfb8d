// SPDX-License-Identifier: Apache-2.0
// .xz files: the container of LZMA2 data. https://tukaani.org/xz/xz-file-format.txt . Filters for machine code are not read, and of the
// checks only CRC32 is computed.
import { crc32 } from 'node:zlib';
import { messageOf } from '../model/error.ts';
import { bufferOf } from './byte-view.ts';
import { Lzma2Error, Lzma2Output, unpackLzma2 } from './lzma2.ts';

export type XzResult =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'problem'; readonly message: string };

const magic = Buffer.from('fd377a585a00', 'hex');
const lzma2Filter = 0x21;
/** Bytes of the check behind a block, by its number. */
const checkSizes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** Unpacks whole files, also several streams one after the other, up to `maximum` bytes. Never throws. */
export function unpackXz(packed: Uint8Array, maximum: number): XzResult {
  const bytes = bufferOf(packed);
  const output = new Lzma2Output(maximum);
  try {
    let at = 0;
    do {
      at = readStream(bytes, at, output);
      // Streams may be followed by zeros in steps of four.
      while (at + 4 <= bytes.length && bytes.readUInt32LE(at) === 0) at += 4;
    } while (at < bytes.length);
    return { kind: 'bytes', bytes: output.result() };
  } catch (error) {
    return { kind: 'problem', message: `xz: ${messageOf(error)}` };
  }
}

/** Gives the offset behind the stream. */
function readStream(bytes: Buffer, start: number, output: Lzma2Output): number {
  if (!bytes.subarray(start, start + 6).equals(magic)) throw new Lzma2Error('not an xz stream');
  const check = (bytes[start + 7] ?? 0) & 0x0f;
  let at = start + 12;
  while (at < bytes.length && bytes[at] !== 0) at = readBlock(bytes, at, { output, check });
  if (at >= bytes.length) throw new Lzma2Error('cut off');
  // The index: a zero, the number of records, two numbers for each, padding to four, CRC32; then the footer of twelve bytes.
  const index = at;
  const count = readNumber(bytes, at + 1);
  at = count.end;
  for (let record = 0; record < count.value * 2; record += 1) at = readNumber(bytes, at).end;
  const end = index + Math.ceil((at - index) / 4) * 4 + 4 + 12;
  if (end > bytes.length) throw new Lzma2Error('cut off');
  return end;
}

function readBlock(
  bytes: Buffer,
  start: number,
  stream: { readonly output: Lzma2Output; readonly check: number },
): number {
  const headerSize = ((bytes[start] ?? 0) + 1) * 4;
  const flags = bytes[start + 1] ?? 0;
  let at = start + 2;
  for (const bit of [0x40, 0x80]) if ((flags & bit) !== 0) at = readNumber(bytes, at).end;
  const filter = readNumber(bytes, at);
  if ((flags & 3) !== 0 || filter.value !== lzma2Filter)
    throw new Lzma2Error('packed with a filter that is not read here');
  const from = stream.output.length;
  at = unpackLzma2(bytes, start + headerSize, stream.output);
  at = start + Math.ceil((at - start) / 4) * 4;
  if (stream.check === 1 && bytes.readUInt32LE(at) !== crc32(stream.output.result().subarray(from)))
    throw new Lzma2Error('the checksum does not fit');
  return at + (checkSizes[stream.check] ?? 0);
}

/** Seven bits a byte, lowest first, at most nine bytes. */
function readNumber(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let factor = 1;
  for (let at = start; at < start + 9; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new Lzma2Error('cut off');
}
