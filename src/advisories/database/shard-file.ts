// SPDX-License-Identifier: Apache-2.0
// The container of a shard (docs/database.md, "Shard file"): a head with a hash index and block tables, then compressed blocks.
// The head's digest stands in the signed index and each block's digest in the head, so every byte is checked before it is used,
// and a lookup reads only the blocks it needs. What the blocks hold is the business of advisory-records.ts and context-records.ts.
import { hash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { RandomAccessFile } from '../../io/stored-files.ts';
import { defaultLimits } from '../../model/limits.ts';
import { invalidDatabase } from './failures.ts';

export type ShardKind = 'advisories' | 'context';

const magic = Buffer.from('LWSHARD\n', 'latin1');
const formatVersion = 1;
const headerBytes = 64;
const slotBytes = 8;
const rowBytes = 48;
const kinds: readonly ShardKind[] = ['advisories', 'context'];
/** Compressed on its own; small enough that one lookup is cheap, large enough that names and versions compress well. */
export const targetBlockBytes = 64 * 1024;

/** What a shard is made of before it is written. Positions in a stream count over all of its blocks, uncompressed. */
export interface ShardParts {
  readonly kind: ShardKind;
  /** Small JSON object. */
  readonly meta: Uint8Array;
  readonly items: number;
  /** Open addressing with linear probing: pairs of hash and position + 1 in stream 0; 0 is a free slot. */
  readonly slots: Uint32Array;
  readonly streams: readonly (readonly Uint8Array[])[];
}

export interface WrittenShard {
  readonly bytes: Uint8Array;
  readonly headBytes: number;
  readonly headSha256: string;
  readonly rawBytes: number;
}

/** What the signed index says of a shard; a reader compares before it believes anything. */
export interface ExpectedShard {
  readonly bytes: number;
  readonly headBytes: number;
  readonly headSha256: string;
}

/** Writes the container. The same parts give the same bytes with the same zstd library. */
export function writeShardFile(parts: ShardParts): WrittenShard {
  const rows = parts.streams.reduce((count, blocks) => count + blocks.length, 0);
  const slotsOffset = headerBytes;
  const tablesOffset = slotsOffset + parts.slots.length * 4;
  const metaOffset = tablesOffset + rows * rowBytes;
  const headBytes = metaOffset + parts.meta.length;
  const head = Buffer.alloc(headBytes);
  const stored: Uint8Array[] = [];
  let fileOffset = headBytes;
  let rawBytes = 0;
  let row = tablesOffset;
  parts.streams.forEach((blocks, stream) => {
    head.writeUInt32LE(row, 32 + stream * 8);
    head.writeUInt32LE(blocks.length, 36 + stream * 8);
    let rawStart = 0;
    for (const block of blocks) {
      const bytes = compress(block);
      head.writeUInt32LE(fileOffset, row);
      head.writeUInt32LE(bytes.length, row + 4);
      head.writeUInt32LE(rawStart, row + 8);
      head.writeUInt32LE(block.length, row + 12);
      head.set(hash('sha256', bytes, 'buffer'), row + 16);
      stored.push(bytes);
      fileOffset += bytes.length;
      rawStart += block.length;
      rawBytes += block.length;
      row += rowBytes;
    }
  });
  magic.copy(head, 0);
  head.writeUInt16LE(formatVersion, 8);
  head.writeUInt8(kinds.indexOf(parts.kind), 10);
  head.writeUInt8(parts.streams.length, 11);
  head.writeUInt32LE(headBytes, 12);
  head.writeUInt32LE(metaOffset, 16);
  head.writeUInt32LE(parts.meta.length, 20);
  head.writeUInt32LE(slotsOffset, 24);
  head.writeUInt32LE(parts.slots.length / 2, 28);
  head.writeUInt32LE(fileOffset, 48);
  head.writeUInt32LE(parts.items, 52);
  parts.slots.forEach((value, index) => head.writeUInt32LE(value, slotsOffset + index * 4));
  head.set(parts.meta, metaOffset);
  return { bytes: Buffer.concat([head, ...stored]), headBytes, headSha256: hash('sha256', head), rawBytes };
}

function compress(block: Uint8Array): Uint8Array {
  return zstdCompressSync(block, { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
}

interface BlockRow {
  readonly offset: number;
  readonly stored: number;
  readonly rawStart: number;
  readonly rawLength: number;
  readonly digest: Buffer;
}

/** Uncompressed blocks of all open shards, oldest out first when together they are too large. */
export class BlockCache {
  readonly #blocks = new Map<BlockRow, Uint8Array>();
  readonly #capacity: number;
  #bytes = 0;

  constructor(capacity = 48 * 1024 * 1024) {
    this.#capacity = capacity;
  }

  get(row: BlockRow, load: () => Uint8Array): Uint8Array {
    const known = this.#blocks.get(row);
    if (known !== undefined) return known;
    const block = load();
    this.#blocks.set(row, block);
    this.#bytes += block.length;
    for (const [oldest, bytes] of this.#blocks) {
      if (this.#bytes <= this.#capacity || oldest === row) break;
      this.#blocks.delete(oldest);
      this.#bytes -= bytes.length;
    }
    return block;
  }
}

/** An open shard: its head is in memory and checked, its blocks are read and checked when asked for. */
export class ShardFile {
  readonly kind: ShardKind;
  readonly meta: unknown;
  readonly items: number;
  readonly #file: RandomAccessFile;
  readonly #name: string;
  readonly #cache: BlockCache;
  readonly #slots: DataView;
  readonly #slotCount: number;
  readonly #streams: readonly (readonly BlockRow[])[];

  private constructor(
    file: RandomAccessFile,
    head: Buffer,
    context: { readonly name: string; readonly cache: BlockCache },
  ) {
    this.#file = file;
    this.#name = context.name;
    this.#cache = context.cache;
    const kind = kinds[head.readUInt8(10)];
    if (kind === undefined) throw invalidDatabase(`${this.#name}: unknown kind of shard`);
    this.kind = kind;
    this.items = head.readUInt32LE(52);
    const slotsOffset = head.readUInt32LE(24);
    this.#slotCount = head.readUInt32LE(28);
    this.#slots = new DataView(...this.#part(head, slotsOffset, this.#slotCount * slotBytes));
    const streams: BlockRow[][] = [];
    for (let stream = 0; stream < Math.min(head.readUInt8(11), 2); stream += 1) {
      streams.push(this.#table(head, head.readUInt32LE(32 + stream * 8), head.readUInt32LE(36 + stream * 8)));
    }
    this.#streams = streams;
    const [buffer, start, length] = this.#part(head, head.readUInt32LE(16), head.readUInt32LE(20));
    try {
      this.meta = JSON.parse(Buffer.from(buffer, start, length).toString('utf8'));
    } catch (error) {
      throw invalidDatabase(`${this.#name}: the description of the shard is not JSON`, error);
    }
  }

  /**
   * Reads and checks the head. `expected` comes from the signed index; without it (tests, tools) only the form is checked.
   * Throws DATABASE_INVALID.
   */
  static open(
    file: RandomAccessFile,
    context: { readonly name: string; readonly cache: BlockCache },
    expected?: ExpectedShard,
  ): ShardFile {
    const fail = (reason: string): never => {
      throw invalidDatabase(`${context.name}: ${reason}`);
    };
    if (expected !== undefined && file.size !== expected.bytes) {
      fail(`the file has ${file.size} bytes, the index says ${expected.bytes}`);
    }
    const header = readExactly(file, 0, Math.min(headerBytes, file.size));
    if (header.length < headerBytes || !header.subarray(0, 8).equals(magic)) fail('not an advisory shard');
    if (header.readUInt16LE(8) !== formatVersion)
      fail(`format ${header.readUInt16LE(8)}, this program reads ${formatVersion}`);
    const headBytes = header.readUInt32LE(12);
    if (headBytes < headerBytes || headBytes > file.size || headBytes > defaultLimits.shardBytes)
      fail('wrong length of the head');
    if (header.readUInt32LE(48) !== file.size) fail('wrong length of the file');
    if (expected !== undefined && expected.headBytes !== headBytes) fail('the head is not the one in the index');
    const head = readExactly(file, 0, headBytes);
    if (head.length !== headBytes) fail('the head is cut off');
    if (expected !== undefined && hash('sha256', head) !== expected.headSha256)
      fail('the head does not have the digest in the index');
    return new ShardFile(file, head, context);
  }

  close(): void {
    this.#file.close();
  }

  /** Positions in stream 0 of the items whose key may have this hash; the caller compares the key itself. */
  *candidates(hash: number): Generator<number> {
    if (this.#slotCount === 0) return;
    let slot = hash % this.#slotCount;
    for (let probes = 0; probes < this.#slotCount; probes += 1) {
      const position = this.#slots.getUint32(slot * slotBytes + 4, true);
      if (position === 0) return;
      if (this.#slots.getUint32(slot * slotBytes, true) === hash) yield position - 1;
      slot = slot + 1 === this.#slotCount ? 0 : slot + 1;
    }
  }

  /** Bytes of a stream, uncompressed and without gaps. */
  length(stream: number): number {
    const last = this.#streams[stream]?.at(-1);
    return last === undefined ? 0 : last.rawStart + last.rawLength;
  }

  /** The block that holds `position` of a stream, and where in it; throws DATABASE_INVALID when there is none. */
  at(stream: number, position: number): { readonly bytes: Uint8Array; readonly offset: number } {
    const rows = this.#streams[stream] ?? [];
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((rows[middle]?.rawStart ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    const row = rows[low];
    if (row === undefined || position < row.rawStart || position >= row.rawStart + row.rawLength) {
      throw invalidDatabase(`${this.#name}: no data at position ${position} of stream ${stream}`);
    }
    return { bytes: this.#cache.get(row, () => this.#load(row)), offset: position - row.rawStart };
  }

  #load(row: BlockRow): Uint8Array {
    const stored = readExactly(this.#file, row.offset, row.stored);
    if (stored.length !== row.stored || !hash('sha256', stored, 'buffer').equals(row.digest)) {
      throw invalidDatabase(`${this.#name}: the block at offset ${row.offset} does not have the digest in the head`);
    }
    let bytes: Uint8Array;
    try {
      bytes = zstdDecompressSync(stored, { maxOutputLength: Math.max(row.rawLength, 1) });
    } catch (error) {
      throw invalidDatabase(`${this.#name}: the block at offset ${row.offset} cannot be unpacked`, error);
    }
    if (bytes.length !== row.rawLength)
      throw invalidDatabase(`${this.#name}: the block at offset ${row.offset} has a wrong length`);
    return bytes;
  }

  #part(head: Buffer, offset: number, length: number): [ArrayBuffer, number, number] {
    if (offset > head.length || length > head.length - offset)
      throw invalidDatabase(`${this.#name}: the head points outside itself`);
    return [head.buffer as ArrayBuffer, head.byteOffset + offset, length];
  }

  #table(head: Buffer, offset: number, count: number): BlockRow[] {
    this.#part(head, offset, count * rowBytes);
    const rows: BlockRow[] = [];
    let rawEnd = 0;
    for (let at = offset; at < offset + count * rowBytes; at += rowBytes) {
      const row: BlockRow = {
        offset: head.readUInt32LE(at),
        stored: head.readUInt32LE(at + 4),
        rawStart: head.readUInt32LE(at + 8),
        rawLength: head.readUInt32LE(at + 12),
        digest: head.subarray(at + 16, at + rowBytes),
      };
      if (row.rawStart !== rawEnd) throw invalidDatabase(`${this.#name}: the blocks of a stream leave a gap`);
      if (row.rawLength > defaultLimits.shardBlockBytes) throw invalidDatabase(`${this.#name}: a block is too large`);
      if (row.offset + row.stored > this.#file.size)
        throw invalidDatabase(`${this.#name}: a block lies outside the file`);
      rawEnd += row.rawLength;
      rows.push(row);
    }
    return rows;
  }
}

function readExactly(file: RandomAccessFile, offset: number, length: number): Buffer {
  const bytes = file.read(offset, length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A file that is already in memory. */
export function fileOfBytes(bytes: Uint8Array): RandomAccessFile {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length), close: () => {} };
}

/** FNV-1a, 32 bits, over the UTF-8 bytes of the key. */
export function hashOfKey(key: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    const code = key.charCodeAt(index);
    if (code > 0x7f) return hashOfBytes(Buffer.from(key, 'utf8'));
    value = Math.imul(value ^ code, 0x01000193);
  }
  return value >>> 0;
}

function hashOfBytes(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

/** Fills the hash index: three slots for two keys keep the probes short. Keys must be given in a fixed order. */
export function slotsOf(keys: readonly { readonly key: string; readonly position: number }[]): Uint32Array {
  const count = keys.length === 0 ? 0 : Math.ceil(keys.length * 1.5) + 1;
  const slots = new Uint32Array(count * 2);
  for (const { key, position } of keys) {
    const hash = hashOfKey(key);
    let slot = hash % count;
    while (slots[slot * 2 + 1] !== 0) slot = slot + 1 === count ? 0 : slot + 1;
    slots[slot * 2] = hash;
    slots[slot * 2 + 1] = position + 1;
  }
  return slots;
}

/** Packs records into blocks of about `targetBlockBytes`; no record is split. Returns the blocks and each record's position. */
export function packBlocks(records: readonly Uint8Array[]): {
  readonly blocks: readonly Uint8Array[];
  readonly positions: readonly number[];
} {
  const blocks: Uint8Array[] = [];
  const positions: number[] = [];
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let position = 0;
  const flush = (): void => {
    if (pending.length > 0) blocks.push(Buffer.concat(pending));
    pending = [];
    pendingBytes = 0;
  };
  for (const record of records) {
    if (pendingBytes > 0 && pendingBytes + record.length > targetBlockBytes) flush();
    positions.push(position);
    pending.push(record);
    pendingBytes += record.length;
    position += record.length;
  }
  flush();
  return { blocks, positions };
}
