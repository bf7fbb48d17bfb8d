// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseControlFile } from './deb822.ts';

describe('parseControlFile', () => {
  it('reads paragraphs, continuation lines and places', () => {
    const { paragraphs, problems } = parseControlFile(
      '\nPackage: a\nDescription: one\n two\n .\n\n\nPackage: b\n',
      'status',
    );

    expect(paragraphs.map((item) => [item.fields.get('package'), item.line, item.endLine])).toEqual([
      ['a', 2, 5],
      ['b', 8, 8],
    ]);
    expect(paragraphs[0]?.fields.get('description')).toBe('one\ntwo\n.');
    expect(problems).toEqual([]);
  });

  it.each([['a b'], [' continued'], ['A: 1\nA: 2']])('reports %j', (text) => {
    expect(parseControlFile(text, 'status').problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });

  it('gives back what was written', () => {
    const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value, { minKeys: 1 }), { minLength: 1 }),
        (paragraphs) => {
          const text = paragraphs
            .map((fields) =>
              Object.entries(fields)
                .map(([key, item]) => `${key}: ${item}\n`)
                .join(''),
            )
            .join('\n');

          expect(parseControlFile(text, 'status').paragraphs.map((item) => Object.fromEntries(item.fields))).toEqual(
            paragraphs.map((item) => ({ ...item })),
          );
        },
      ),
    );
  });
});
