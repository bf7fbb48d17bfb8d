// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { splitIdentifier } from './bun-lock.ts';

describe('splitIdentifier', () => {
  it('keeps the scope with the name, and tells versions from places', () => {
    expect(splitIdentifier('@s/a@1.0.0')).toEqual({ name: '@s/a', reference: '1.0.0', version: '1.0.0' });
    expect(splitIdentifier('a@file:x')).toEqual({ name: 'a', reference: 'file:x', version: '' });
    expect(splitIdentifier('a')).toBeUndefined();
  });
});
