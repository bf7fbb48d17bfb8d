// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRfc3339, parseGoTime, rfc3339Layout } from './go-time-layout.ts';

function reprint(layout: string, text: string): string | undefined {
  const time = parseGoTime(layout, text);
  return time === undefined ? undefined : formatRfc3339(time);
}

describe('layouts of Go', () => {
  it.each([
    [rfc3339Layout, '2021-01-02T15:04:05-07:00', '2021-01-02T15:04:05-07:00'],
    [rfc3339Layout, '2021-01-02T15:04:05.75Z', '2021-01-02T15:04:05Z'],
    ['Mon Jan _2 15:04:05 MST 2006', 'Sat Jan  2 15:04:05 MST 2021', '2021-01-02T15:04:05Z'],
    ['Mon Jan 02 15:04:05 -0700 2006', 'Sat Jan 02 15:04:05 +0530 2021', '2021-01-02T15:04:05+05:30'],
    ['Monday, 02-Jan-06 15:04:05 MST', 'Saturday, 02-Jan-21 15:04:05 GMT+2', '2021-01-02T15:04:05+02:00'],
    ['2006-002', '2024-366', '2024-12-31T00:00:00Z'],
    ['1/2/06 3:04PM', '12/31/99 12:05AM', '1999-12-31T00:05:00Z'],
    ['15:04:05.000', '10:20:30.123', '0000-01-01T10:20:30Z'],
  ])('%s reads %s', (layout, text, printed) => {
    expect(reprint(layout, text)).toBe(printed);
  });

  it.each([
    [rfc3339Layout, '2021-02-29T00:00:00Z'],
    [rfc3339Layout, '2021-01-02T24:00:00Z'],
    [rfc3339Layout, '2021-01-02T15:04:05Z trailing'],
    ['2006-01-02', '2021-1-02'],
    ['3PM', '13PM'],
    ['Jan', 'Foo'],
  ])('%s does not read %s', (layout, text) => {
    expect(parseGoTime(layout, text)).toBeUndefined();
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (layout, text) => void reprint(layout, text)));
    fc.assert(fc.property(fc.string(), (text) => void reprint(rfc3339Layout, `2021-01-02T15:04:05${text}`)));
  });
});
