// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { groupByNames, preferredId } from './alias-groups.ts';

function groups(lists: readonly string[]): string[][] {
  const items = lists.map((list) => list.split(' '));
  return groupByNames(items, (item) => item).map((group) => group.map((item) => item.join(' ')));
}

describe('groupByNames', () => {
  it('joins what is connected through others', () => {
    expect(groups(['GHSA-1 CVE-1', 'GO-1 CVE-2', 'PYSEC-1 CVE-1 CVE-2', 'X'])).toEqual([
      ['GHSA-1 CVE-1', 'GO-1 CVE-2', 'PYSEC-1 CVE-1 CVE-2'],
      ['X'],
    ]);
  });

  it('keeps apart what shares no name', () => {
    expect(groups(['A', 'B', 'A'])).toEqual([['A', 'A'], ['B']]);
  });

  it('takes a long chain without slowing down', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => `N${at} N${at + 1}`);

    expect(groups(chain)).toHaveLength(1);
  });
});

describe('preferredId', () => {
  it.each([
    [['GHSA-1', 'CVE-2', 'CVE-1'], 'CVE-1'],
    [['PYSEC-1', 'GHSA-1'], 'GHSA-1'],
    [['RUSTSEC-1', 'MAL-1'], 'MAL-1'],
  ])('of %j is %s', (ids, expected) => {
    expect(preferredId(ids)).toBe(expected);
  });
});
