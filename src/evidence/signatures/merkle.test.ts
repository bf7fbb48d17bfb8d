// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merkleProof } from '../../../test/support/signing/transparency-log.ts';
import { leafHash, rootOf } from './merkle.ts';

const leaves = Array.from({ length: 64 }, (_, index) => leafHash(Buffer.from([index])));

describe('rootOf', () => {
  it('leads from every leaf of every tree to its root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.nat(), (treeSize, seed) => {
        const index = seed % treeSize;
        const { root, hashes } = merkleProof(leaves.slice(0, treeSize), index);
        const leaf = leaves[index] ?? Buffer.alloc(0);

        expect(rootOf({ leaf, index, treeSize, hashes })).toEqual(root);
      }),
    );
  });

  it('leads nowhere with another index, size or number of hashes', () => {
    const { root, hashes } = merkleProof(leaves.slice(0, 5), 2);
    const leaf = leaves[2] ?? Buffer.alloc(0);

    expect(rootOf({ leaf, index: 3, treeSize: 5, hashes })).not.toEqual(root);
    expect(rootOf({ leaf, index: 2, treeSize: 9, hashes })).not.toEqual(root);
    expect(rootOf({ leaf, index: 2, treeSize: 5, hashes: hashes.slice(1) })).toBeUndefined();
    expect(rootOf({ leaf, index: 2, treeSize: 5, hashes: [...hashes, root] })).toBeUndefined();
    expect(rootOf({ leaf, index: 5, treeSize: 5, hashes })).toBeUndefined();
  });
});
