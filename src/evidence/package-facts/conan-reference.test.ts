// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseConanReference } from './conan-reference.ts';

describe('parseConanReference', () => {
  it('reads every part', () => {
    expect(parseConanReference('a/1.0@u/c#rev%16.7:id')).toEqual({
      name: 'a',
      version: '1.0',
      user: 'u',
      channel: 'c',
      revision: 'rev',
      packageId: 'id',
    });
    expect(parseConanReference('1.2.3')).toBeUndefined();
  });
});
