// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOpenPgpSignature } from './openpgp-signature.ts';

const time = [0x60, 0, 0, 0];
const createdAt = '2021-01-14T08:25:36.000Z';
const key = [1, 2, 3, 4, 5, 6, 7, 8];

describe('readOpenPgpSignature', () => {
  it('reads version 3', () => {
    const body = [3, 5, 0, ...time, ...key, 17, 2, 0, 0];

    expect(readOpenPgpSignature(Uint8Array.from([0x88, body.length, ...body]))).toEqual({
      keyAlgorithm: 'DSA',
      hash: 'SHA1',
      createdAt,
      keyId: '0102030405060708',
    });
  });

  it('reads version 4 with the key in the part that is not signed', () => {
    const body = [4, 0, 1, 8, 0, 6, 5, 2, ...time, 0, 10, 9, 16, ...key];

    expect(readOpenPgpSignature(Uint8Array.from([0xc2, body.length, ...body]))).toEqual({
      keyAlgorithm: 'RSA',
      hash: 'SHA256',
      createdAt,
      keyId: '0102030405060708',
    });
  });

  it('takes the key from a fingerprint', () => {
    const body = [4, 0, 22, 10, 0, 23, 22, 33, 4, ...Array.from({ length: 12 }, () => 0), ...key, 0, 0];

    expect(readOpenPgpSignature(Uint8Array.from([0x88, body.length, ...body]))).toEqual({
      keyAlgorithm: 'EdDSA',
      hash: 'SHA512',
      keyId: '0102030405060708',
    });
  });

  it('gives nothing for another packet', () => {
    expect(readOpenPgpSignature(Uint8Array.from([0x99, 0, 4, 4, 0, 0, 0, 0]))).toBeUndefined();
  });

  it('throws for no bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(3, 4, 6), (bytes, version) => {
        readOpenPgpSignature(Uint8Array.from([0x88, 80, version, ...bytes]));
      }),
    );
  });
});
