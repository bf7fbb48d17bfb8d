// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Term } from './beam-terms.ts';
import { readErlangTerms, readTerm, termItems, termOption, termText } from './beam-terms.ts';

function elixir(text: string): Term | undefined {
  const read = readTerm(text, 'elixir');
  return 'term' in read ? read.term : undefined;
}

describe('readTerm', () => {
  it('reads tuples, lists, keywords and maps of Elixir', () => {
    const term = elixir('%{"a": {:hex, :"b c", "1.0", [only: :test, x: 1]}} # rest');

    expect(term?.kind).toBe('map');
    const value = term?.kind === 'map' ? term.entries[0]?.[1] : undefined;
    expect(termItems(value).map(termText).slice(0, 3)).toEqual(['hex', 'b c', '1.0']);
    expect(termText(termOption(termItems(value)[3], 'only'))).toBe('test');
  });

  it('reads several terms of Erlang, with comments, binaries and joined strings', () => {
    const { terms, failure } = readErlangTerms('%% one\n{a, <<"b"/utf8>>, "c" "d", \'E f\', 1.5}.\n[x].\n');

    expect(failure).toBeUndefined();
    expect(termItems(terms[0]?.term).map((item) => ('text' in item ? item.text : ''))).toEqual([
      'a',
      'b',
      'cd',
      'E f',
      '1.5',
    ]);
    expect(terms).toHaveLength(2);
  });

  it('says where a term breaks', () => {
    expect(readErlangTerms('{a, [ \'foo" ]}').failure).toMatchObject({ message: "no closing '" });
    expect(readTerm('{a', 'erlang')).toMatchObject({ offset: 2 });
  });

  it('throws for no text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            ',',
            '"',
            "'",
            '%{',
            '#{',
            '<<',
            '>>',
            ':a',
            'b',
            '1',
            ' ',
            '=>',
            '.',
            '\\',
            '%',
          ),
        ),
        (parts) => {
          readTerm(parts.join(''), 'elixir');
          readErlangTerms(parts.join(''));
        },
      ),
    );
  });
});
