// SPDX-License-Identifier: Apache-2.0
// What every version order must obey, whatever texts it is given.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionOrders } from './index.ts';
import { compareInstalled } from './order.ts';

/** Pieces that mean something to at least one scheme, so that random versions collide often. */
const pieces = fc.constantFrom(
  '0',
  '1',
  '2',
  '10',
  '01',
  '00',
  '1.0',
  '.',
  '.',
  '-',
  '_',
  '+',
  '~',
  '^',
  ':',
  '!',
  'a',
  'b',
  'rc',
  'alpha',
  'beta',
  'dev',
  'post',
  'p',
  'pl',
  'r',
  '-r1',
  '_p1',
  '_rc',
  'SNAPSHOT',
  'ga',
  'final',
  'sp',
  'x',
  '*',
  'v',
  'go',
  'jre11',
  'esm1',
  ' ',
  '99999999999999999999',
);
const versionLike = fc.array(pieces, { maxLength: 7 }).map((parts) => parts.join(''));
const release = fc
  .array(fc.constantFrom('0', '1', '2', '10'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('.'));
const suffix = fc.constantFrom(
  '',
  '-1',
  '-2',
  '-alpha',
  '-alpha.1',
  '.alpha',
  'a1',
  'b',
  '-rc1',
  '.Final',
  '-SNAPSHOT',
  '+local',
  '~rc1',
  '_p1',
  '-r2',
  '^git1',
);
const realistic = fc.tuple(release, suffix).map(([numbers, tail]) => numbers + tail);
const version = fc.oneof(
  { weight: 3, arbitrary: realistic },
  { weight: 2, arbitrary: versionLike },
  fc.string({ maxLength: 12 }),
);

describe.each(versionOrders.map((order) => [order.id, order] as const))('%s', (id, order) => {
  // PHP lets `#` stand for any number, which is no order; Packagist has no such versions.
  const text = id === 'packagist' ? version.map((one) => one.replaceAll('#', '')) : version;

  it('finds a version equal to itself', () => {
    fc.assert(fc.property(text, (a) => order.compare(a, a) === 0));
  });

  it('gives the opposite answer the other way round', () => {
    fc.assert(fc.property(text, text, (a, b) => Math.sign(order.compare(a, b)) === -Math.sign(order.compare(b, a))));
  });

  it('is transitive', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const [low = '', middle = '', high = ''] = [a, b, c].sort((x, y) => order.compare(x, y));
        return order.compare(low, middle) <= 0 && order.compare(middle, high) <= 0 && order.compare(low, high) <= 0;
      }),
      { numRuns: 400 },
    );
  });

  it('treats equal versions alike towards a third', () => {
    fc.assert(
      fc.property(
        text,
        text,
        text,
        (a, b, c) => order.compare(a, b) !== 0 || Math.sign(order.compare(a, c)) === Math.sign(order.compare(b, c)),
      ),
    );
  });

  it('never throws and never says NaN for any text or constraint', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string(), versionLike), (a, b) => {
        order.isValid(a);
        order.satisfies(a, b);
        order.affects(a, b);
        return !Number.isNaN(order.compare(a, b)) && !Number.isNaN(compareInstalled(order, a, b));
      }),
    );
  });

  it('covers everything with the empty constraint of an advisory', () => {
    expect(order.affects('1.0', '')).toBe(true);
  });

  it('reads the plain comparison syntax of advisory databases', () => {
    if (id === 'kb') return;

    expect(order.affects('21.5', '>= 21.0, < 22.0')).toBe(true);
    expect(order.affects('22.5', '>= 21.0, < 22.0 || = 23.0')).toBe(false);
  });

  it('compares very long texts in time', () => {
    const long = `${'1.'.repeat(20_000)}a`;

    expect(Number.isFinite(order.compare(long, `${long}b`))).toBe(true);
  });
});
