// SPDX-License-Identifier: Apache-2.0
// Layer records as bytes for the cache: JSON, with arrays of bytes and numbers behind it, and a digest before it.
import { createHash } from 'node:crypto';
import type { CatalogedLayer } from './layer-reading.ts';

/** Changes with the form of records: older files are then not read. */
const mark = Buffer.from('landwaiter layer 1\n');
const digestLength = 32;

export function encodeRecord(record: CatalogedLayer): Buffer {
  const parts: Buffer[] = [];
  const json = JSON.stringify(record, function (this: Record<string, unknown>, key: string, value: unknown) {
    // Buffers turn themselves into objects before they come here.
    const original = this[key];
    if (!(original instanceof Uint8Array) && !(original instanceof Float64Array)) return value;
    parts.push(Buffer.from(original.buffer, original.byteOffset, original.byteLength));
    const index = parts.length - 1;
    return original instanceof Uint8Array ? { $bytes: index } : { $numbers: index };
  });
  const text = Buffer.from(json);
  const head = Buffer.alloc(8 + parts.length * 4);
  head.writeUInt32LE(text.length, 0);
  head.writeUInt32LE(parts.length, 4);
  for (const [index, part] of parts.entries()) head.writeUInt32LE(part.length, 8 + index * 4);
  const body = Buffer.concat([head, text, ...parts]);
  return Buffer.concat([mark, digestOf(body), body]);
}

/** Undefined for anything that `encodeRecord` did not write, or that was changed since. */
export function decodeRecord(bytes: Buffer): CatalogedLayer | undefined {
  const start = mark.length + digestLength;
  if (bytes.length < start + 8 || !bytes.subarray(0, mark.length).equals(mark)) return undefined;
  const body = bytes.subarray(start);
  if (!digestOf(body).equals(bytes.subarray(mark.length, start))) return undefined;
  const textLength = body.readUInt32LE(0);
  const count = body.readUInt32LE(4);
  const parts: Buffer[] = [];
  let at = 8 + count * 4 + textLength;
  for (let index = 0; index < count; index += 1) {
    const length = body.readUInt32LE(8 + index * 4);
    parts.push(body.subarray(at, at + length));
    at += length;
  }
  const text = body.toString('utf8', 8 + count * 4, 8 + count * 4 + textLength);
  return JSON.parse(text, (_key, value: unknown) => restored(value, parts)) as CatalogedLayer;
}

function restored(value: unknown, parts: readonly Buffer[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // Texts of scanned files may have these names too, but never a number in their place.
  if ('$bytes' in value && typeof value.$bytes === 'number') return parts[value.$bytes];
  if (!('$numbers' in value) || typeof value.$numbers !== 'number') return value;
  const part = Uint8Array.from(parts[value.$numbers] ?? []);
  return new Float64Array(part.buffer);
}

function digestOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
