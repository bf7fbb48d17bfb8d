// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatGoDuration, parseGoDuration } from './go-duration.ts';

describe('durations of Go', () => {
  it('add up their parts', () => {
    expect(parseGoDuration('1h30m0.5s')).toBe(5_400_500_000_000n);
  });

  it.each(['', '1', '1d', 's', '1h ', '.s', '9999999999h'])('are not %j', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });

  it('may be zero without a unit, and negative', () => {
    expect([parseGoDuration('0'), parseGoDuration('-0'), parseGoDuration('-1.5m')]).toEqual([0n, 0n, -90_000_000_000n]);
  });

  it.each([
    [0n, '0s'],
    [1n, '1ns'],
    [1_100n, '1.1µs'],
    [2_200_000n, '2.2ms'],
    [100_000_000_000n, '1m40s'],
    [-3_600_000_000_000n, '-1h0m0s'],
    [648_611_500_000_000n, '180h10m11.5s'],
  ])('print %d as %s', (nanoseconds, text) => {
    expect(formatGoDuration(nanoseconds)).toBe(text);
  });

  it('read what they print', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 62n), max: 1n << 62n }), (nanoseconds) => {
        expect(parseGoDuration(formatGoDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseGoDuration(text)));
  });
});
