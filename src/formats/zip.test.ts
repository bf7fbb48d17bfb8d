// SPDX-License-Identifier: Apache-2.0
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedZip } from '../../test/conformance/zip-writer.ts';
import { openZip } from './zip.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const archive = storedZip([
  { name: 'a.txt', bytes: encoder.encode('first') },
  { name: 'dir/b.txt', bytes: encoder.encode('second') },
]);

/** One deflated member that inflates to `size` zeros, whatever size its header claims. */
function bomb(size: number, claimed: number): Uint8Array {
  const packed = deflateRawSync(new Uint8Array(size));
  const zip = Buffer.from(storedZip([{ name: 'x', bytes: packed }]));
  const central = zip.indexOf('PK\x01\x02');
  for (const header of [4, central + 6]) {
    zip.writeUInt16LE(8, header + 4);
    zip.writeUInt32LE(claimed, header + 18);
  }
  return zip;
}

describe('openZip', () => {
  it('lists files and reads them by name', () => {
    const zip = openZip(archive, 'a.zip');

    expect(zip.entries.map((entry) => entry.name)).toEqual(['a.txt', 'dir/b.txt']);
    expect(decoder.decode(zip.read('dir/b.txt'))).toBe('second');
    expect(zip.problems).toEqual([]);
  });

  it('finds the archive behind a launch script', () => {
    const zip = openZip(Buffer.concat([Buffer.from('#!/bin/sh\nexec java -jar "$0"\n'), archive]), 'app.jar');

    expect(decoder.decode(zip.read('a.txt'))).toBe('first');
  });

  it('says that something else is no archive', () => {
    const zip = openZip(encoder.encode('no archive'), 'a.zip');

    expect(zip.entries).toEqual([]);
    expect(zip.problems[0]).toMatchObject({ kind: 'syntax', hidesFindings: true });
  });

  it('says that a member is cut off', () => {
    const broken = Buffer.concat([archive.subarray(0, 10), archive.subarray(30)]);
    const zip = openZip(broken, 'a.zip');

    expect(zip.read('a.txt')).toBeUndefined();
    expect(zip.problems.length).toBeGreaterThan(0);
  });

  it('stops at a member that inflates to more than it claims', () => {
    const limits = { entries: 10, entryBytes: 1_000, expandedBytes: 10_000 };
    const zip = openZip(bomb(1_000_000, 10), 'bomb.zip', limits);

    expect(zip.read('x')).toBeUndefined();
    expect(zip.problems[0]?.kind).toBe('limit');
  });

  it('has one budget for all members', () => {
    const limits = { entries: 10, entryBytes: 100, expandedBytes: 8 };
    const zip = openZip(archive, 'a.zip', limits);

    expect(zip.read('a.txt')).toBeDefined();
    expect(zip.read('dir/b.txt')).toBeUndefined();
  });

  it('throws for no bytes, whole or mutated', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(archive.length - 1), fc.nat(255), (bytes, at, value) => {
        const mutated = Uint8Array.from(archive);
        mutated[at] = value;
        for (const input of [bytes, mutated, archive.subarray(0, at)]) {
          const zip = openZip(input, 'x.zip');
          for (const entry of zip.entries) zip.read(entry);
        }
      }),
      { numRuns: 200 },
    );
  });
});
