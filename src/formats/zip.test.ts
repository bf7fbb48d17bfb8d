// SPDX-License-Identifier: Apache-2.0
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../test/support/zip-archive.ts';
import { isZip, readZipDirectory, readZipEntry } from './zip.ts';

const text = (content: ReturnType<typeof readZipEntry>): string =>
  content.kind === 'bytes' ? Buffer.from(content.bytes).toString() : `problem: ${content.problem.message}`;

describe('zip archives', () => {
  it('are listed without folders and read entry by entry', () => {
    const archive = zipOf([
      { path: 'folder/', bytes: Buffer.alloc(0) },
      { path: 'folder/a.json', bytes: Buffer.from('{"a":1}') },
      { path: 'b.txt', bytes: Buffer.from('stored'), stored: true },
    ]);

    const { entries, problems } = readZipDirectory(archive, 'x.zip', 10);

    expect(isZip(archive)).toBe(true);
    expect(problems).toEqual([]);
    expect(entries.map((entry) => entry.path)).toEqual(['folder/a.json', 'b.txt']);
    expect(entries.map((entry) => text(readZipEntry(archive, entry, 100)))).toEqual(['{"a":1}', 'stored']);
  });

  it('with zip64 fields give the same entries', () => {
    const archive = zipOf([{ path: 'a.json', bytes: Buffer.from('{}') }], { zip64: true });

    const { entries, problems } = readZipDirectory(archive, 'x.zip', 10);

    expect(problems).toEqual([]);
    expect(entries.map((entry) => text(readZipEntry(archive, entry, 100)))).toEqual(['{}']);
  });

  it('report more entries than allowed', () => {
    const archive = zipOf([
      { path: 'a', bytes: Buffer.from('1') },
      { path: 'b', bytes: Buffer.from('2') },
    ]);

    const { entries, problems } = readZipDirectory(archive, 'x.zip', 1);

    expect(entries).toHaveLength(1);
    expect(problems.map((problem) => problem.kind)).toEqual(['limit']);
  });

  it('that unpack to more than allowed give a problem, also when the directory lies about the size', () => {
    const bomb = zipOf([{ path: 'bomb', bytes: Buffer.alloc(1_000_000), claimedBytes: 10 }]);
    const honest = zipOf([{ path: 'large', bytes: Buffer.alloc(1_000) }]);

    const contents = [bomb, honest].map((archive) => {
      const [entry] = readZipDirectory(archive, 'x.zip', 10).entries;
      return entry === undefined ? undefined : readZipEntry(archive, entry, 100).kind;
    });

    expect(contents).toEqual(['problem', 'problem']);
  });

  it('that are cut off, or none at all, give problems', () => {
    const archive = zipOf([{ path: 'a', bytes: Buffer.from('1') }]);

    expect(readZipDirectory(archive.subarray(0, 30), 'x.zip', 10).problems).toHaveLength(1);
    expect(readZipDirectory(deflateRawSync(Buffer.from('x')), 'x.zip', 10).problems).toHaveLength(1);
  });

  it('with any byte changed never throw', () => {
    const archive = zipOf([{ path: 'a.json', bytes: Buffer.from('{"some":"content"}') }], { zip64: true });

    fc.assert(
      fc.property(fc.nat(archive.length - 1), fc.nat(255), fc.nat(archive.length), (at, value, cut) => {
        const broken = Buffer.from(archive);
        broken[at] = value;
        const part = broken.subarray(cut % 7 === 0 ? cut : 0);
        for (const entry of readZipDirectory(part, 'x.zip', 10).entries) readZipEntry(part, entry, 1_000);
      }),
    );
  });
});
