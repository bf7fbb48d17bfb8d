// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { walk } from '../../test/support/tar-walk.ts';
import { tarMember, writeTar } from '../../test/support/tar-writer.ts';

describe('sparse files', () => {
  const whole = `${'\0'.repeat(4)}abc${'\0'.repeat(5)}de`;

  it('are filled in from the map of PAX version 0.0', () => {
    const pairs = [
      ['GNU.sparse.offset', '4'],
      ['GNU.sparse.numbytes', '3'],
      ['GNU.sparse.offset', '12'],
      ['GNU.sparse.numbytes', '2'],
    ] as const;
    const pax = [['GNU.sparse.size', '14'], ['GNU.sparse.numblocks', '2'], ...pairs] as const;

    expect(walk(writeTar([{ path: 'x', content: 'abcde', pax }])).contents.get('x')).toBe(whole);
  });

  it('are filled in from the map of PAX version 0.1, under their own name', () => {
    const pax = [
      ['GNU.sparse.name', 'real'],
      ['GNU.sparse.size', '14'],
      ['GNU.sparse.map', '4,3,12,2'],
    ] as const;

    expect(walk(writeTar([{ path: 'x', content: 'abcde', pax }])).contents.get('real')).toBe(whole);
  });

  it('are filled in from the map that version 1.0 stores before the content', () => {
    const pax = [
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.name', 'real'],
      ['GNU.sparse.realsize', '14'],
    ] as const;
    const content = `${'2\n4\n3\n12\n2\n'.padEnd(512, '\0')}abcde`;

    const { entries, contents } = walk(writeTar([{ path: 'x', content, pax }]));

    expect(entries[0]?.size).toBe(14);
    expect(contents.get('real')).toBe(whole);
  });

  it('are filled in from the header and the blocks after it in the old GNU form', () => {
    const number = (value: number): string => value.toString(8).padStart(11, '0');
    const change = (header: Buffer): void => {
      header.write('ustar  \0', 257, 'latin1');
      header.fill(0, 345, 512);
      [0, 2, 4, 6].forEach((offset, index) => header.write(`${number(offset)} ${number(1)}`, 386 + index * 24));
      header[482] = 1;
      header.write(number(10), 483);
    };
    const [head = Buffer.alloc(0), ...rest] = tarMember({ path: 'x', type: 'S', content: 'abcde', change });
    const more = Buffer.alloc(512);
    more.write(`${number(9)} ${number(1)}`, 0);

    const { entries, contents } = walk(Buffer.concat([head, more, ...rest, ...tarMember({ path: 'y' })]));

    expect(entries.map(({ path, size }) => [path, size])).toEqual([
      ['x', 10],
      ['y', 0],
    ]);
    expect(contents.get('x')).toBe('a\0b\0c\0d\0\0e');
  });

  it.each(['4,3,2,2', '4,30', '4', 'x,y', '99999999999999999999,1'])(
    'with the map %s are told of and not read',
    (map) => {
      const pax = [
        ['GNU.sparse.size', '14'],
        ['GNU.sparse.map', map],
      ] as const;

      const { contents, problems } = walk(
        writeTar([
          { path: 'x', content: 'abcde', pax },
          { path: 'y', content: 'y' },
        ]),
      );

      expect(problems).toMatchObject([{ isFatal: false, path: 'x' }]);
      expect([...contents.keys()]).toEqual(['y']);
    },
  );
});
