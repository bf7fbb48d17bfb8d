// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSevenZip } from './seven-zip.ts';

const limits = { entries: 100, expandedBytes: 1_000_000 };

/** An archive of one file that is stored as it is. `coder` is its coder as the header names it. */
function archiveOf(name: string, content: string, coder: readonly number[] = [0x01, 0x00]): Buffer {
  const data = Buffer.from(content);
  const names = Buffer.concat([Buffer.from([0]), Buffer.from(`${name}\0`, 'utf16le')]);
  const header = Buffer.from([
    0x01,
    0x04,
    0x06,
    0x00,
    0x01,
    0x09,
    data.length,
    0x00,
    0x07,
    0x0b,
    0x01,
    0x00,
    0x01,
    ...coder,
    0x0c,
    data.length,
    0x00,
    0x00,
    0x05,
    0x01,
    0x11,
    names.length,
    ...names,
    0x00,
    0x00,
  ]);
  const start = Buffer.alloc(32);
  Buffer.from('377abcaf271c0004', 'hex').copy(start);
  start.writeBigUInt64LE(BigInt(data.length), 12);
  start.writeBigUInt64LE(BigInt(header.length), 20);
  return Buffer.concat([start, data, header]);
}

describe('readSevenZip', () => {
  it('reads files with their names', () => {
    const { files, problem } = readSevenZip(archiveOf('a/ä.txt', 'content'), limits);

    expect(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual([['a/ä.txt', 'content']]);
    expect(problem).toBeUndefined();
  });

  it('says what it does not read', () => {
    expect(readSevenZip(Buffer.from('PK'), limits).problem).toBeDefined();
    expect(readSevenZip(archiveOf('a', 'b', [0x04, 0x06, 0xf1, 0x07, 0x01]), limits).problem).toContain('06f10701');
    expect(readSevenZip(archiveOf('a', 'content'), { ...limits, expandedBytes: 3 }).problem).toContain(
      'more than 3 bytes',
    );
    expect(readSevenZip(archiveOf('a', 'content').subarray(0, 45), limits).problem).toBe('cut off');
  });

  it('reads damaged archives without throwing', () => {
    const whole = archiveOf('a.txt', 'some content');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(whole);
        damaged[at] = byte;

        readSevenZip(damaged, limits);
      }),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        (bytes) => void readSevenZip(Buffer.concat([whole.subarray(0, 32), bytes]), limits),
      ),
    );
  });
});
