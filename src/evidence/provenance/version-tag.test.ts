// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isReleaseTag, isTagOfVersion } from './version-tag.ts';

describe('versions of tags', () => {
  it.each([
    ['v14.2.1', 'v14'],
    ['v14.2.1', 'v14.2'],
    ['v14.2.1', 'v14.2.1'],
    ['v14', 'v14.0'],
    ['v1.2.3-rc.1', 'v1.2.3-rc.1'],
    ['v1.2.3+build.5', 'v1.2.3'],
  ])('%s is of the version %s', (tag, wanted) => {
    expect(isTagOfVersion(tag, wanted)).toBe(true);
  });

  it.each([
    ['v14.2', 'v14.2.1'],
    ['v14', 'v14.1'],
    ['v1.2.3-rc.1', 'v1.2.3'],
    ['v1.2.3-rc.1', 'v1'],
    ['latest', 'latest'],
    ['v1.2.3', ''],
  ])('%s is not of the version %s', (tag, wanted) => {
    expect(isTagOfVersion(tag, wanted)).toBe(false);
  });

  it('are released only when whole and final', () => {
    expect(['v1.2.3', 'v1.2', 'v1.2.3-rc.1', 'v1.2.3+b', '1.2.3', 'v01.2.3'].filter(isReleaseTag)).toEqual(['v1.2.3']);
  });
});
