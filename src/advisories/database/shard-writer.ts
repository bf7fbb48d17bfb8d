// SPDX-License-Identifier: Apache-2.0
// Writes the container of a shard: head, hash index, block tables, compressed blocks.
import { hash } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import type { ShardKind } from './shard-format.ts';
import { hashOfKey, headerBytes, rowBytes, shardFormat, shardKinds, shardMagic } from './shard-format.ts';

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
  shardMagic.copy(head, 0);
  head.writeUInt16LE(shardFormat, 8);
  head.writeUInt8(shardKinds.indexOf(parts.kind), 10);
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
