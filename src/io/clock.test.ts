// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { reportTime } from './clock.ts';

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678), elapsed: () => 0 };

describe('reportTime', () => {
  it('is the clock in whole seconds', () => {
    expect(reportTime(clock, undefined)).toBe('2026-01-02T03:04:05Z');
  });

  it('is SOURCE_DATE_EPOCH when that is set', () => {
    expect(reportTime(clock, '1767225600')).toBe('2026-01-01T00:00:00Z');
  });

  it('refuses a SOURCE_DATE_EPOCH that is no number instead of using the clock', () => {
    expect(() => reportTime(clock, 'yesterday')).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
  });
});
