// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { walk } from '../../test/support/tar-walk.ts';
import { tarMember, writeTar } from '../../test/support/tar-writer.ts';
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

describe('hostile archives', () => {
  const broken: readonly (readonly [string, Buffer, number])[] = [
    ['a wrong checksum', writeTar([{ path: 'a' }, { path: 'b', badChecksum: true }]), 512],
    ['a negative size', writeTar([{ path: 'a' }, { path: 'b', size: base256(-512n) }]), 512],
    ['a size above 2^53', writeTar([{ path: 'a' }, { path: 'b', size: base256(1n << 60n) }]), 512],
    ['a size in letters', writeTar([{ path: 'a' }, { path: 'b', size: Buffer.from('zzzzzzzzzzz\0') }]), 512],
    ['a name of two megabytes', writeTar([{ path: 'a' }, { path: 'L', type: 'L', size: 2_000_000 }]), 512],
    ['a PAX record without a length', writeTar([{ path: 'a' }, { path: 'x', type: 'x', content: 'path=b\n' }]), 1024],
    [
      'a PAX record longer than its block',
      writeTar([{ path: 'a' }, { path: 'x', type: 'x', content: '99 path=b\n' }]),
      1024,
    ],
    ['a PAX path with a NUL', writeTar([{ path: 'a' }, { path: 'b', pax: [['path', 'c\0d']] }]), 1024],
    ['a negative PAX size', writeTar([{ path: 'a' }, { path: 'b', pax: [['size', '-1']] }]), 1024],
    [
      'entries after one zero block',
      Buffer.concat([...tarMember({ path: 'a' }), Buffer.alloc(512), writeTar([{ path: 'b' }])]),
      1024,
    ],
  ];

  it.each(broken)('with %s end there, and say where', (_what, archive, offset) => {
    const { entries, problems } = walk(archive);

    expect(entries.map((entry) => entry.path)).toEqual(['a']);
    expect(problems).toMatchObject([{ isFatal: true }]);
    expect(problems[0]?.offset).toBeGreaterThanOrEqual(offset);
  });

  it('are no archives when the first block is none', () => {
    expect(walk(Buffer.alloc(600, 65)).problems).toMatchObject([{ message: 'this is no tar archive', offset: 0 }]);
  });

  it('of which every truncation is told, except between entries', () => {
    const archive = Buffer.concat(tarMember({ path: 'x', content: 'a'.repeat(600) }));
    const silent: number[] = [];
    for (let length = 0; length <= archive.length; length += 1)
      if (walk(archive.subarray(0, length)).problems.length === 0) silent.push(length);

    expect(silent).toEqual([0, archive.length]);
  });

  it('of a million entries are walked', () => {
    const member = Buffer.concat(tarMember({ path: 'some/path/to/a/file' }));
    let count = 0;
    const walker = new TarWalker({
      entry: () => {
        count += 1;
        return false;
      },
      content: () => undefined,
      problem: () => undefined,
    });
    const chunk = Buffer.concat(Array.from({ length: 1000 }, () => member));
    for (let round = 0; round < 1000; round += 1) walker.push(chunk);
    walker.end();

    expect(count).toBe(1_000_000);
  }, 20_000);
});
