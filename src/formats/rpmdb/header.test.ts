// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rpmFile, rpmHeader } from '../../../test/support/rpm-writer.ts';
import { readRpmArchive } from './archive.ts';
import type { RpmHeader } from './header.ts';
import { parseRpmHeader } from './header.ts';

const sample = rpmHeader({ 1: 'text', 2: ['first', '', 'third'], 3: [7, 4_000_000_000], 4: Uint8Array.from([1, 2]) });

function headerOf(bytes: Uint8Array): RpmHeader {
  const result = parseRpmHeader(bytes);
  if (result.kind === 'broken') throw new Error(result.reason);
  return result.header;
}

/** A translated text: the type of tag 2 becomes I18NSTRING. */
function translated(): Buffer {
  const bytes = Buffer.from(sample);
  bytes.writeUInt32BE(9, 8 + 16 + 4);
  return bytes;
}

describe('parseRpmHeader', () => {
  it('gives values of every kind', () => {
    const header = headerOf(sample);

    expect([header.string(1), header.strings(2), header.numbers(3), [...(header.binary(4) ?? [])]]).toEqual([
      'text',
      ['first', '', 'third'],
      [7, 4_000_000_000],
      [1, 2],
    ]);
  });

  it('takes the first of translated texts', () => {
    expect(headerOf(translated()).string(2)).toBe('first');
  });

  it('gives nothing for absent tags and for values of another kind', () => {
    const header = headerOf(sample);

    expect([header.string(3), header.numbers(1), header.binary(1), header.string(99), header.has(99)]).toEqual([
      undefined,
      [],
      undefined,
      undefined,
      false,
    ]);
  });

  it('gives only as many values as there are data', () => {
    const bytes = Buffer.from(sample);
    bytes.writeUInt32BE(0xffffffff, 8 + 2 * 16 + 12);

    expect(headerOf(bytes).numbers(3).slice(0, 2)).toEqual([7, 4_000_000_000]);
  });

  it('refuses an index that is longer than the bytes', () => {
    const bytes = Buffer.from(sample);
    bytes.writeUInt32BE(60_000, 0);

    expect(parseRpmHeader(bytes)).toMatchObject({ kind: 'broken' });
  });

  it('throws for no bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(5), (bytes, tag) => {
        const result = parseRpmHeader(Uint8Array.from([0, 0, 0, 2, 0, 0, 0, 40, ...bytes]));
        if (result.kind === 'header')
          expect(result.header.strings(tag).length + result.header.numbers(tag).length).toBeLessThan(500);
      }),
    );
  });
});

describe('readRpmArchive', () => {
  it('finds the header behind lead and signatures', () => {
    const result = readRpmArchive(rpmFile(sample, rpmHeader({ 1004: Uint8Array.from([9, 9, 9]) })));

    expect(result.kind === 'archive' ? result.header.string(1) : result).toBe('text');
  });

  it('says what is missing in a cut file', () => {
    const bytes = rpmFile(sample, rpmHeader({ 1: 'x' }));

    expect(readRpmArchive(bytes.subarray(0, 100))).toMatchObject({ reason: 'no lead of an rpm file' });
    expect(readRpmArchive(bytes.subarray(0, 150))).toMatchObject({ kind: 'broken' });
  });
});
