// SPDX-License-Identifier: Apache-2.0
// Inclusion in a Merkle tree (RFC 9162 2.1.3.2; RFC 6962 has the same tree).
import { hash } from 'node:crypto';

/** Hash of a leaf. */
export function leafHash(leaf: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from([0]), leaf]), 'buffer');
}

/** Hash of an inner node. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from([1]), left, right]), 'buffer');
}

export interface Inclusion {
  readonly leaf: Buffer;
  readonly index: number;
  readonly treeSize: number;
  readonly hashes: readonly Buffer[];
}

/** The root that the proof leads to; undefined when the proof is too long or too short for the tree. */
export function rootOf({ leaf, index, treeSize, hashes }: Inclusion): Buffer | undefined {
  if (index < 0 || index >= treeSize) return undefined;
  // Numbers up to 2^53 do not fit bit operations.
  let node = BigInt(index);
  let last = BigInt(treeSize - 1);
  let root = leaf;
  for (const sibling of hashes) {
    if (last === 0n) return undefined;
    if ((node & 1n) === 1n || node === last) {
      root = nodeHash(sibling, root);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else root = nodeHash(root, sibling);
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? root : undefined;
}
