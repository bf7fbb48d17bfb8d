// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walk } from '../../test/support/tar-walk.ts';
import type { TarMemberInput } from '../../test/support/tar-writer.ts';
import { paxBlock, tarMember, writeTar } from '../../test/support/tar-writer.ts';
import { TarWalker } from './tar.ts';

const base256 = (value: bigint): Buffer => {
  const field = Buffer.alloc(12);
  let rest = BigInt.asUintN(96, value);
  for (let index = 11; index >= 0; index -= 1) {
    field[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  if (value >= 0n) field[0] = 0x80 | (field[0] ?? 0);
  return field;
};

describe('TarWalker', () => {
  it('gives every entry with its kind, mode, link and content', () => {
    const archive = writeTar([
      { path: 'etc/', mode: 0o755 },
      { path: 'etc/passwd', content: 'root:x:0:0', mode: 0o4644, userId: 7 },
      { path: 'bin', type: '2', link: 'usr/bin' },
      { path: 'etc/shadow', type: '1', link: 'etc/passwd' },
      { path: 'dev/null', type: '3' },
      { path: 'empty' },
    ]);

    const { entries, contents, problems } = walk(archive);

    expect(problems).toEqual([]);
    expect(entries.map((entry) => [entry.path, entry.kind, entry.link, entry.size])).toEqual([
      ['etc/', 'directory', '', 0],
      ['etc/passwd', 'file', '', 10],
      ['bin', 'symlink', 'usr/bin', 0],
      ['etc/shadow', 'hardlink', 'etc/passwd', 0],
      ['dev/null', 'special', '', 0],
      ['empty', 'file', '', 0],
    ]);
    expect(entries[1]).toMatchObject({ mode: 0o4644, userId: 7, offset: 512 });
    expect([...contents]).toEqual([
      ['etc/passwd', 'root:x:0:0'],
      ['empty', ''],
    ]);
  });

  it.each(['gnu', 'pax'] as const)('reads long names written in the %s way', (longNames) => {
    const path = `${'folder/'.repeat(40)}file`;
    const link = `${'other/'.repeat(40)}target`;
    const archive = writeTar([
      { path, content: 'x', longNames },
      { path: 'short', type: '2', link, longNames },
      { path: 'next', content: 'y' },
    ]);

    const { entries } = walk(archive);

    expect(entries.map((entry) => [entry.path, entry.link])).toEqual([
      [path, ''],
      ['short', link],
      ['next', ''],
    ]);
  });

  it('joins the prefix of ustar with the name', () => {
    const archive = writeTar([{ path: 'name', change: (header) => void header.write('very/deep', 345) }]);

    expect(walk(archive).entries[0]?.path).toBe('very/deep/name');
  });

  it('does not take the times of a GNU header for a prefix', () => {
    const change = (header: Buffer): void => {
      header.write('ustar  \0', 257, 'latin1');
      header.write('14655541234', 345);
    };

    expect(walk(writeTar([{ path: 'name', change }])).entries[0]?.path).toBe('name');
  });

  it('lets PAX records override size, owner and names', () => {
    const pax = [
      ['size', '3'],
      ['uid', '1000000000'],
      ['path', 'naïve'],
      ['mtime', '1.5'],
    ] as const;
    const archive = writeTar([{ path: 'x', content: 'abc', size: 0, pax }, { path: 'y' }]);

    const { entries, contents } = walk(archive);

    expect(entries.map(({ path, size, userId }) => [path, size, userId])).toEqual([
      ['naïve', 3, 1_000_000_000],
      ['y', 0, 0],
    ]);
    expect(contents.get('naïve')).toBe('abc');
  });

  it('reads sizes in base 256', () => {
    const archive = writeTar([{ path: 'x', content: 'abcd', size: base256(4n) }, { path: 'y' }]);

    expect(walk(archive).entries.map((entry) => entry.size)).toEqual([4, 0]);
  });

  it('does not let global records change entries, and tells when they would', () => {
    const archive = writeTar([
      { path: 'g', type: 'g', content: paxBlock([['comment', 'abc']]) },
      { path: 'g', type: 'g', content: paxBlock([['path', 'evil']]) },
      { path: 'x' },
    ]);

    const { entries, problems } = walk(archive);

    expect(entries.map((entry) => entry.path)).toEqual(['x']);
    expect(problems.map((problem) => problem.isFatal)).toEqual([false]);
  });

  it('has links and folders without content even when their size says otherwise', () => {
    const archive = writeTar([
      { path: 'a', type: '1', link: 'b', size: 512 },
      { path: 'd/', size: 99 },
      { path: 'c', content: 'c' },
    ]);

    expect(walk(archive).entries.map((entry) => entry.path)).toEqual(['a', 'd/', 'c']);
  });

  it('takes an archive without zero blocks that ends between entries', () => {
    const archive = Buffer.concat(tarMember({ path: 'x', content: 'abc' }));

    expect(walk(archive)).toMatchObject({ problems: [], entries: [{ path: 'x' }] });
  });

  it('ignores what stands after the two zero blocks', () => {
    const archive = Buffer.concat([writeTar([{ path: 'x' }]), Buffer.alloc(700, 1)]);

    expect(walk(archive)).toMatchObject({ problems: [], entries: [{ path: 'x' }] });
  });
});

describe('files that are wanted by their first bytes', () => {
  it.each([1, 3, 512, 5000])('are read or passed over when these are there, in pieces of %i bytes', (chunkLength) => {
    const archive = writeTar([
      { path: 'a', content: `ELF${'a'.repeat(900)}` },
      { path: 'b', content: `other${'b'.repeat(900)}` },
      { path: 'c', content: 'ELF' },
      { path: 'd', content: '' },
      { path: 'e', content: 'ELF12345' },
    ]);
    const heads: string[] = [];
    const contents = new Map<string, number>();
    const walker = new TarWalker({
      entry: () => 'head',
      wantsAfter: (entry, head) => {
        heads.push(`${entry.path} ${head.toString()}`);
        return head.toString().startsWith('ELF');
      },
      content: (entry, bytes) => void contents.set(entry.path, bytes.length),
      problem: () => undefined,
    });

    for (let at = 0; at < archive.length; at += chunkLength) walker.push(archive.subarray(at, at + chunkLength));
    walker.end();

    expect(heads).toEqual(['a ELFaaaaa', 'b otherbbb', 'c ELF', 'e ELF12345']);
    expect([...contents]).toEqual([
      ['a', 903],
      ['c', 3],
      ['d', 0],
      ['e', 8],
    ]);
  });
});

describe('files of which only the beginning is wanted', () => {
  it.each([1, 100, 5000])('give it once, and the entries after them are read, in pieces of %i bytes', (chunkLength) => {
    const archive = writeTar([
      { path: 'a', content: `head${'a'.repeat(900)}` },
      { path: 'b', content: 'ab' },
      { path: 'c', content: `next${'c'.repeat(900)}` },
    ]);
    const contents: string[] = [];
    const walker = new TarWalker({
      entry: () => ({ first: 4 }),
      content: (entry, bytes) => void contents.push(`${entry.path} ${bytes.toString()}`),
      problem: () => undefined,
    });

    for (let at = 0; at < archive.length; at += chunkLength) walker.push(archive.subarray(at, at + chunkLength));
    walker.end();

    expect(contents).toEqual(['a head', 'b ab', 'c next']);
  });
});

describe('properties', () => {
  const segment = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '.', '-', '漢'), minLength: 1, maxLength: 40 });
  const member: fc.Arbitrary<TarMemberInput> = fc.record({
    path: fc.array(segment, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('/')),
    content: fc.uint8Array({ maxLength: 1500 }),
    longNames: fc.constantFrom('gnu' as const, 'pax' as const),
  });

  it('what is written is read, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), fc.integer({ min: 1, max: 3000 }), (members, chunkLength) => {
        const written = members.map((item) => [item.path, Buffer.from(item.content ?? '').toString('latin1')]);

        const { entries, contents, problems } = walk(writeTar(members), chunkLength);

        expect(problems).toEqual([]);
        expect(entries.map((entry) => entry.path)).toEqual(written.map(([path]) => path));
        expect([...contents]).toEqual([...new Map(written as [string, string][])]);
      }),
      { numRuns: 60 },
    );
  });

  it('no bytes make it throw, also when a good archive is changed, and cuts do not change the outcome', () => {
    const good = writeTar([
      { path: `${'long/'.repeat(30)}x`, content: 'abc' },
      {
        path: 'y',
        content: 'abcde',
        pax: [
          ['GNU.sparse.size', '14'],
          ['GNU.sparse.map', '4,3,12,2'],
        ],
      },
      { path: 'z', type: '2', link: 'y' },
    ]);
    const change = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), fc.integer({ min: 1, max: 900 }), (changes, chunkLength) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;

        expect(walk(bytes, chunkLength)).toEqual(walk(bytes));
      }),
      { numRuns: 300 },
    );
  });
});
