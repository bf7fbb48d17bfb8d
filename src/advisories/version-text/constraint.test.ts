// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsConstraint, parseComparator, parseConstraint, splitExpression, unquote } from './constraint.ts';

describe('splitExpression', () => {
  it('splits at double bars and commas and drops blanks and empty parts', () => {
    expect(splitExpression(' > 1.0,  <=  2.0,,, || = 3.0 ')).toEqual([['>1.0', '<=2.0'], ['=3.0']]);
  });

  it('takes a blank before an operator for "and"', () => {
    expect(splitExpression('>=2.0.8 <3.0.0-beta.1')).toEqual([['>=2.0.8', '<3.0.0-beta.1']]);
  });

  it('keeps quoted text whole', () => {
    expect(splitExpression('<= " (2.0||),, ", 1')).toEqual([['<=" (2.0||),, "', '1']]);
  });

  it.each(['(1.0', '1.0)', '1.0 | 2.0'])('refuses %j', (phrase) => {
    expect(splitExpression(phrase)).toBeUndefined();
  });
});

describe('parseComparator', () => {
  it.each([
    ['1.0', { operator: '=', version: '1.0' }],
    ['== 1.0', { operator: '=', version: '1.0' }],
    ['<< 1.0', { operator: '<', version: '1.0' }],
    ['>="odd one"', { operator: '>=', version: 'odd one' }],
    ['!1.0', undefined],
    ['<', undefined],
  ])('%j', (phrase, expected) => {
    expect(parseComparator(phrase)).toEqual(expected);
  });
});

describe('parseConstraint', () => {
  it('leaves wildcards to the syntaxes of the ecosystems', () => {
    expect([parseConstraint('*'), parseConstraint('==1.*')]).toEqual([undefined, undefined]);
  });

  it('has an empty text hold always', () => {
    expect(holdsConstraint('  ', () => 1)).toBe(true);
  });

  it('never throws', () => {
    const pieces = fc.constantFrom(
      '<',
      '=',
      '>',
      '!',
      '~',
      '^',
      '|',
      '||',
      ',',
      '"',
      "'",
      '(',
      ' ',
      '1',
      '.0',
      'a',
      '*',
    );

    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => [true, false, undefined].includes(holdsConstraint(text, () => 0)),
      ),
    );
  });
});

describe('unquote', () => {
  it.each([
    ["'a'", 'a'],
    ['"t\'es\'t"', "t'es't"],
    ["'a", undefined],
    ["'", undefined],
    ['a', undefined],
  ])('%j', (text, expected) => {
    expect(unquote(text)).toBe(expected);
  });
});
