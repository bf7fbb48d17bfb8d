// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keywordTable } from './keyword-table.ts';

describe('keywordTable', () => {
  it('finds keywords inside keywords, in any case', () => {
    const { places, found, isAscii } = keywordTable(['secret', 'cret', 're']).search(Buffer.from('SeCrEt re'));

    expect(found.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    expect(places).toEqual([[0], [2], [3, 7]]);
    expect(isAscii).toBe(true);
  });

  it('finds the places that a search for each keyword finds', () => {
    const word = fc.stringMatching(/^[ab]{1,4}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 6 }),
        fc.stringMatching(/^[abAB]{0,30}$/),
        (words, text) => {
          const { places } = keywordTable(words).search(Buffer.from(text));

          for (const [index, keyword] of words.entries()) {
            const all = [...Array(text.length).keys()].filter((at) => text.toLowerCase().startsWith(keyword, at));
            expect(places[index] ?? []).toEqual(all);
          }
        },
      ),
    );
  });
});
