// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../model/package.ts';
import { endOfSupport, isPastSupport, supportDates } from './end-of-life.ts';

function system(id: string, versionId: string): Distribution {
  return { id, idLike: [], versionId, name: id };
}

describe('the end of support', () => {
  it('is found by the release, also when its build is named more exactly', () => {
    expect(endOfSupport(system('debian', '8.11'))).toBe('2020-06-30');
    expect(endOfSupport(system('alpine', '3.16.2'))).toBe('2024-05-23');
    expect(endOfSupport(system('debian', ''))).toBeUndefined();
  });

  it('is past on the day after', () => {
    expect(isPastSupport(system('debian', '8'), '2020-06-30T23:00:00Z')).toBe(false);
    expect(isPastSupport(system('debian', '8'), '2020-07-01T00:00:00Z')).toBe(true);
  });

  it('is not known of systems with a paid stream, or of none', () => {
    expect(isPastSupport({ ...system('ubuntu', '16.04'), channels: ['esm'] }, '2026-01-01T00:00:00Z')).toBe(false);
    expect(isPastSupport(undefined, '2026-01-01T00:00:00Z')).toBe(false);
  });

  it('is a date for every release in the list', () => {
    for (const [release, date] of supportDates) expect(date, release).toMatch(/^20\d\d-\d\d-\d\d$/);
  });
});
