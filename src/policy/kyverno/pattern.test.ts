// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPattern } from './pattern.ts';

describe('leaf patterns', () => {
  it.each([
    ['nginx:latest', '*:latest | !*:*', true],
    ['nginx', '*:latest | !*:*', true],
    ['nginx:1', '*:latest | !*:*', false],
    [5, '>1 & <10', true],
    ['512Mi', '<=1Gi', true],
    ['90s', '>1m', true],
    ['a', '<b', false],
    [15, '10-20', true],
    [15, '10!-20', false],
    [1.5, '1.5E+00', true],
    [true, 'true', true],
    ['', '?*', false],
    [null, '*', false],
    [null, '!x', false],
    [null, '<1', true],
    ['>', '>', true],
  ])('%j against %s: %s', (value, pattern, expected) => {
    expect(matchesPattern(value, pattern)).toBe(expected);
  });

  it.each([
    ['7', 7, true],
    ['7.0', 7, false],
    ['1.50', 1.5, true],
    ['true', true, false],
    [0, null, true],
    [undefined, null, true],
    [{}, null, false],
    [{ a: 1 }, {}, true],
    [[], {}, false],
    ['a', ['a'], false],
  ])('%j against %j: %s', (value, pattern, expected) => {
    expect(matchesPattern(value, pattern)).toBe(expected);
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.string(), (value, pattern) => void matchesPattern(value, pattern)));
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.stringMatching(/^[|&<>=!\-+.0-9a-zA-Z*? ]{0,20}$/),
        (value, pattern) => void matchesPattern(value, pattern),
      ),
    );
  });
});
