// SPDX-License-Identifier: Apache-2.0
// What the writer and the reader of shard files agree on (docs/database.md, "Shard file").

export type ShardKind = 'advisories' | 'context';

/** The order of this list is part of the format: only append. */
export const shardKinds: readonly ShardKind[] = ['advisories', 'context'];
export const shardMagic = Buffer.from('LWSHARD\n', 'latin1');
export const shardFormat = 1;
export const headerBytes = 64;
/** One entry of the hash index: hash, and position + 1 in stream 0. */
export const slotBytes = 8;
/** One row of a block table. */
export const rowBytes = 48;
export const maximumStreams = 2;

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
