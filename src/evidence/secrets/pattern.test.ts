// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keywordTable } from './keyword-table.ts';
import { pathPattern, secretPattern } from './pattern.ts';

const piece = fc.constantFrom('x?', 'x{0,3}', '[kx]*', '(?:x|e)', '\\b', '$', '^', 'y+?', '.{0,60}', '[^k]{2}', '');
const source = fc
  .tuple(piece, fc.constantFrom('key', '(?i)key', '(?:key|sea)', 'ke?y'), piece, piece)
  .map((parts) => parts.join(''));

describe('secretPattern', () => {
  it('finds near the keywords what a search of the whole text finds', () => {
    const keywords = ['key', 'sea', 'ky'];
    const table = keywordTable(keywords);
    fc.assert(
      fc.property(source, fc.stringMatching(/^[keyKYxsa \n]{0,80}$/), (expression, text) => {
        const pattern = secretPattern(expression, undefined, keywords);
        const { places } = table.search(Buffer.from(text));
        const hits = places.flatMap((list) => [...(list ?? [])]).sort((a, b) => a - b);

        const near = pattern.spans({ text, isAscii: true, engine: 'backtracking', hits });
        const whole = pattern.spans({ text, isAscii: true, engine: 'backtracking' });
        const linear = pattern.spans({ text, isAscii: true, engine: 'linear', hits });

        expect(near).toEqual(whole);
        expect(linear).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('tests paths with characters beyond ASCII', () => {
    expect(pathPattern('^ä{2}/.$')('ää/ö')).toBe(true);
    expect(pathPattern('^.$')('ä')).toBe(true);
  });
});
