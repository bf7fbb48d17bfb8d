// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackXz } from './xz.ts';

/** Sixty lines `line N of the sample, M`, written by xz 5.4. */
const sample = Buffer.from(
  [
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AZEARZdADYaSh8IoCuxbQad+LKlrLJNQFfd3ONBEemm3DUP1rGVCOq0bMVS8LPiDP8n53PcJD9kRE',
    '1AwtlNrBuPLMYTNClFSpjxzPv14gODEvMVfj1xuS5F3ihDT/xgKldSEazlhkPEvtGBeEdgNqRwuV2Gjmt6lM39q83hn55e1iUKQap5NPcU/xrW',
    'Of388M7dIza6rbgO9UMTO+gdFWN6TGTh14oRJF8NNPjfdaUyC1tQ5uN+3p6n6PokoBxo3wvaJjtc58AVmMsi8WTwBNNFDAVWnPsOF55Ypv+Czg',
    'BKBkk08rsV5erRxMu5HSeLQ////wj8I0NjljOU4Csz/8ba+/WU99KEwZnS+2dJHkQcdcicRHAHBcwSe9AAAAAAtKEVfW+eHmEAAbICxQwAAJPS',
    'HqaxxGf7AgAAAAAEWVo=',
  ].join(''),
  'base64',
);
const text = Array.from(
  { length: 60 },
  (_, index) => `line ${index + 1} of the sample, ${((index + 1) * 7919) % 1000}\n`,
).join('');
const repeated = Buffer.from(
  '/Td6WFoAAAFpIt42AgAhARwAAAAQz1jM4AG3ABRdADYYSiD4hEiz6Zp32f/FxL8yKAAAAIt4haEAASy4AwAAAKv9OYE+MA2LAgAAAAABWVo=',
  'base64',
);
const hasXz = spawnSync('xz', ['--version']).status === 0;

function unpacked(bytes: Uint8Array, maximum = 1_000_000): string {
  const result = unpackXz(bytes, maximum);
  return result.kind === 'bytes' ? Buffer.from(result.bytes).toString('latin1') : result.message;
}

describe('unpackXz', () => {
  it('unpacks literals and copies', () => {
    expect(unpacked(sample)).toBe(text);
  });

  it('unpacks several streams with zeros between them', () => {
    expect(unpacked(Buffer.concat([repeated, Buffer.alloc(8), repeated]))).toBe('landwaiter '.repeat(80));
  });

  it('refuses a wrong checksum', () => {
    const changed = Buffer.from(repeated);
    const check = changed.indexOf(Buffer.from('8b7885a1', 'hex'));
    changed[check] = 0;

    expect(unpacked(changed)).toBe('xz: the checksum does not fit');
  });

  it('stops at the limit', () => {
    expect(unpacked(sample, 100)).toBe('xz: unpacks to more than 100 bytes');
  });

  it.each([0, 5, 20, 40, 55, 70])('says that a file of %i bytes is cut off', (length) => {
    expect(unpackXz(repeated.subarray(0, length), 1_000).kind).toBe('problem');
  });

  it('never throws for changed bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }), (changes) => {
        const changed = Buffer.from(sample);
        for (const [at, value] of changes) changed[at % changed.length] = value;
        unpackXz(changed, 100_000);
      }),
    );
  });

  it.skipIf(!hasXz)('unpacks what xz writes with any settings (skipped where there is no xz)', () => {
    const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index) % 251));
    for (const options of [['-0'], ['-9e'], ['--lzma2=lc=0,lp=4,pb=0'], ['--check=sha256', '--block-size=50000']]) {
      const packed = spawnSync('xz', ['-c', '-T1', ...options], { input: content }).stdout;

      expect(unpackXz(packed, 1_000_000)).toEqual({ kind: 'bytes', bytes: content });
    }
  });
});
