// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { displayWidth, layoutTable } from './text-table.ts';

describe('layoutTable', () => {
  it('aligns columns and leaves no trailing spaces', () => {
    const lines = layoutTable(
      [{ title: 'N', align: 'right' }, { title: 'NAME' }],
      [
        ['1', 'lodash'],
        ['12', 'ms'],
      ],
      undefined,
    );

    expect(lines).toEqual([' N  NAME', ' 1  lodash', '12  ms']);
  });

  it('cuts paths in the middle and keeps the line number at the end', () => {
    const path = 'services/checkout/with/a/long/way/package-lock.json:881';

    const lines = layoutTable([{ title: 'ID' }, { title: 'WHERE', shrink: 'middle' }], [['X', path]], 50);

    expect(lines[1]).toMatch(/^X {3}serv\S*…\S*package-lock\.json:881$/);
    expect(displayWidth(lines[1] ?? '')).toBeLessThanOrEqual(50);
  });

  it('keeps the end of a path only where there is little room', () => {
    const lines = layoutTable(
      [{ title: 'ID' }, { title: 'WHERE', shrink: 'middle' }],
      [['X', 'services/checkout/package-lock.json:881']],
      26,
    );

    expect(lines[1]).toMatch(/^X {3}…\S*lock\.json:881$/);
  });

  it('counts wide characters as two columns and colours as none', () => {
    expect(displayWidth('日本')).toBe(4);
    expect(displayWidth('\u001B[31mred\u001B[39m')).toBe(3);
  });

  it('lets no control character of foreign text through', () => {
    const lines = layoutTable([{ title: 'NAME' }], [['evil\u001B[2Jname\nnext\u202Eline']], undefined);

    expect(lines[1]).toBe('evil?[2Jname?next?line');
  });
});
