// SPDX-License-Identifier: Apache-2.0
import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meets, requirementOf } from './literal-prefilter.ts';
import { requirementOfRegex } from './regex-requirement.ts';

describe('what a text must contain for a rule to match', () => {
  test('words of a pattern are needed, its variables are not', () => {
    const requirement = requirementOf({ rule: { pattern: 'requests.get($URL, verify=False)' } });

    expect(meets('requests.get(u, verify = False)', requirement)).toBe(true);
    expect(meets('requests.get(u, verify = True)', requirement)).toBe(false);
  });

  test('one of several ways is enough', () => {
    const requirement = requirementOf({ rule: { any: [{ pattern: 'eval($A)' }, { pattern: 'exec($A)' }] } });

    expect(meets('exec(x)', requirement)).toBe(true);
    expect(meets('run(x)', requirement)).toBe(false);
  });

  test('what must not be there requires nothing', () => {
    expect(requirementOf({ rule: { kind: 'call', not: { has: { regex: '^filter$' } } } })).toBe(true);
  });

  test('utilities that refer to each other require nothing', () => {
    const utils = { a: { matches: 'b' }, b: { matches: 'a' } };

    expect(requirementOf({ rule: { matches: 'a' }, utils })).toBe(true);
  });

  test.each([
    ['^verify$', { literal: 'verify' }],
    [
      '\\bcurl\\b[^|]{0,300}\\|\\s*(bash|dash)',
      { all: [{ literal: 'curl' }, { any: [{ literal: 'bash' }, { literal: 'dash' }] }] },
    ],
    ['(?i)secret', true],
    ['secrets?', { literal: 'secret' }],
    ['a|bcd', true],
    ['(abc)?def+', { literal: 'def' }],
    ['\\.ssh/id_(rsa|dsa)', { all: [{ literal: '.ssh/id_' }, { any: [{ literal: 'rsa' }, { literal: 'dsa' }] }] }],
    ['[\\x{202A}-\\x{202E}]', true],
    ['abc\\pL', true],
    ['\\x{202A}|\\x{2066}', { any: [{ literal: '\u202A' }, { literal: '\u2066' }] }],
    ['(((', true],
  ])('of the expression %s', (expression, expected) => {
    expect(requirementOfRegex(expression)).toEqual(expected);
  });

  test('no expression requires a word that a match does not have', () => {
    const parts = constantFrom(
      'abc',
      'x',
      '(abc|de)',
      '(foo)?',
      '.',
      'bar+',
      '[a-c]',
      '\\.',
      '^',
      '$',
      '\\b',
      'ab*',
      'q{2}',
      '|',
      '\\s',
    );
    const texts = constantFrom('abc', 'x', 'de', 'foo', 'bar', 'barr', '.', 'a', 'b', 'qq', ' ');
    assert(
      property(array(parts, { maxLength: 8 }), array(texts, { maxLength: 10 }), (expression, text) => {
        const pattern = expression.join('');
        if (new RegExp(pattern).test(text.join('')))
          expect(meets(text.join(''), requirementOfRegex(pattern))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
