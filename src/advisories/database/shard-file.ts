// SPDX-License-Identifier: Apache-2.0
// The container of a shard (docs/database.md, "Shard file"): a head with a hash index and block tables, then compressed blocks.
// The head's digest stands in the signed index and each block's digest in the head, so every byte is checked before it is used,
// and a lookup reads only the blocks it needs. What the blocks hold is the business of advisory-records.ts and context-records.ts.
import { hash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import type { RandomAccessFile } from '../../io/stored-files.ts';
import { defaultLimits } from '../../model/limits.ts';
import { invalidDatabase } from './failures.ts';
import type { ShardKind } from './shard-format.ts';
import {
  headerBytes,
  maximumStreams,
  rowBytes,
  shardFormat,
  shardKinds,
  shardMagic,
  slotBytes,
} from './shard-format.ts';

/** What the signed index says of a shard; a reader compares before it believes anything. */
export interface ExpectedShard {
  readonly bytes: number;
  readonly headBytes: number;
  readonly headSha256: string;
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
    const kind = shardKinds[head.readUInt8(10)];
    if (kind === undefined) throw invalidDatabase(`${this.#name}: unknown kind of shard`);
    this.kind = kind;
    this.items = head.readUInt32LE(52);
    const slotsOffset = head.readUInt32LE(24);
    this.#slotCount = head.readUInt32LE(28);
    this.#slots = new DataView(...this.#part(head, slotsOffset, this.#slotCount * slotBytes));
    const streams: BlockRow[][] = [];
    for (let stream = 0; stream < Math.min(head.readUInt8(11), maximumStreams); stream += 1) {
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
    if (header.length < headerBytes || !header.subarray(0, 8).equals(shardMagic)) fail('not an advisory shard');
    if (header.readUInt16LE(8) !== shardFormat)
      fail(`format ${header.readUInt16LE(8)}, this program reads ${shardFormat}`);
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
      // The chunk size makes room for the whole block at once; one byte more, so that a full chunk does not ask for another.
      bytes = zstdDecompressSync(stored, {
        maxOutputLength: Math.max(row.rawLength, 1),
        chunkSize: Math.max(row.rawLength + 1, 64),
      });
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
