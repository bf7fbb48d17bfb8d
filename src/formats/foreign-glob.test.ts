// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileForeignGlob } from './foreign-glob.ts';

describe('compileForeignGlob', () => {
  it.each([
    ['packages/*', 'packages/a', true],
    ['packages/*', 'packages/a/b', false],
    ['packages/**', 'packages/a/b', true],
    ['packages/**', 'packages', true],
    ['./packages/*/', 'packages/a', true],
    ['{apps,libs}/*-web', 'libs/shop-web', true],
    ['{apps,libs}/*-web', 'libs/shop-api', false],
    ['a?c', 'abc', true],
    ['**/x/**/y', 'a/x/b/c/y', true],
    ['c', 'c', true],
  ])('%s on %s is %s', (glob, path, expected) => {
    expect(compileForeignGlob(glob)(path)).toBe(expected);
  });

  it('matches nothing with patterns that expand too far', () => {
    expect(compileForeignGlob('{a,b}'.repeat(20))('a'.repeat(20))).toBe(false);
  });

  it('answers hostile patterns at once', () => {
    const start = performance.now();
    compileForeignGlob('**/*a*a*a*a*a*a*a*a/'.repeat(40))(`${'a'.repeat(200)}/`.repeat(40));

    expect(performance.now() - start).toBeLessThan(500);
  });

  it('throws for no pattern and no path', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (glob, path) => void compileForeignGlob(glob)(path)));
  });
});
