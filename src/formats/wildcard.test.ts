// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasWildcard, matchesWildcard } from './wildcard.ts';

describe('wildcards', () => {
  it('let a star cross slashes and stand for nothing', () => {
    const results = [
      matchesWildcard('ghcr.io/*', 'ghcr.io/a/b:1'),
      matchesWildcard('a*', 'a'),
      matchesWildcard('*', ''),
    ];

    expect(results).toEqual([true, true, true]);
  });

  it('let a question mark stand for exactly one character, also outside the basic plane', () => {
    const results = [matchesWildcard('a?', 'a'), matchesWildcard('a?', 'ab'), matchesWildcard('?', '😀')];

    expect(results).toEqual([false, true, true]);
  });

  it('take a dot as a dot', () => {
    expect(matchesWildcard('a.b', 'axb')).toBe(false);
  });

  it('try the last star again', () => {
    const results = [
      matchesWildcard('*ab*ac', 'abab-abac'),
      matchesWildcard('*?and', 'mnopand'),
      matchesWildcard('m*?', 'm'),
    ];

    expect(results).toEqual([true, true, false]);
  });

  it('take patterns made against them in time', () => {
    const pattern = `${'*a'.repeat(50)}b`;

    expect(matchesWildcard(pattern, 'a'.repeat(20_000))).toBe(false);
  });

  it('match every text that is its own pattern', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!hasWildcard(text));
        expect(matchesWildcard(text, text)).toBe(true);
        expect(matchesWildcard(`*${text}*`, `x${text}y`)).toBe(true);
      }),
    );
  });
});
