// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { splitKey } from './pnpm-lock.ts';

describe('splitKey', () => {
  it.each([
    ['/a/1.0.0', 5, 'a', '1.0.0'],
    ['/@s/a/1.0.0_p@2.0.0', 5, '@s/a', '1.0.0'],
    ['registry.npm.example/@s/a/1.0.0', 5, '@s/a', '1.0.0'],
    ['/@s/a@1.0.0(p@2.0.0)', 6, '@s/a', '1.0.0'],
    ['registry.npm.example/a@1.0.0', 6, 'a', '1.0.0'],
    ['@s/a@1.0.0-rc.1(p@2.0.0)(q@3.0.0)', 9, '@s/a', '1.0.0-rc.1'],
    ['lodash.merge@4.6.2', 9, 'lodash.merge', '4.6.2'],
    ['a@https://git.example/a/tar.gz/abc', 9, 'a', ''],
  ])('%s of version %s', (key, version, name, expected) => {
    expect(splitKey(key, version)).toEqual({ name, version: expected });
  });

  it('gives nothing for a place without a name', () => {
    expect(splitKey('git.example/o/r/0123456', 5)).toBeUndefined();
    expect(splitKey('nonsense', 9)).toBeUndefined();
  });
});
