// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProperties } from './java-properties.ts';

describe('parseProperties', () => {
  it('reads all separators that Java allows', () => {
    const values = parseProperties('# comment\n! comment\na=1\nb : 2\nc 3\nd\n');

    expect([...values]).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
      ['d', ''],
    ]);
  });

  it('joins lines that end in a backslash and resolves escapes', () => {
    const values = parseProperties('path=one,\\\n    two\nname=\\u0041\\=b\n');

    expect(values.get('path')).toBe('one,two');
    expect(values.get('name')).toBe('A=b');
  });

  it('throws for no text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseProperties(text)));
  });
});
