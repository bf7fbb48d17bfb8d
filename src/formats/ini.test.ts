// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIni } from './ini.ts';

describe('parseIni', () => {
  it('reads sections, both separators and lists with their lines', () => {
    const document = parseIni(
      '[metadata]\nName: lib\n[options]\ninstall_requires =\n    a\n    # comment\n    b\nzip_safe = no\n',
    );

    expect(document.sections).toEqual(['metadata', 'options']);
    expect(document.section('metadata').get('name')).toEqual([{ text: 'lib', line: 2 }]);
    expect(document.section('options').get('install_requires')).toEqual([
      { text: 'a', line: 5 },
      { text: 'b', line: 7 },
    ]);
  });

  it('keeps keys before the first section under the empty name', () => {
    expect(parseIni('home = /usr/bin\n').section('').get('home')?.[0]?.text).toBe('/usr/bin');
  });

  it('throws for no text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseIni(text)));
  });
});
