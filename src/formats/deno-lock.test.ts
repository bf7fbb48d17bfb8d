// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { splitDenoKey, splitModuleUrl } from './deno-lock.ts';

describe('splitModuleUrl', () => {
  it('finds name and version in the path', () => {
    expect(splitModuleUrl('https://m.example/x/oak@v1.2.3/mod.ts')).toEqual({
      name: 'm.example/x/oak',
      version: 'v1.2.3',
    });
    expect(splitModuleUrl('https://m.example/@s/a@1.0.0')).toEqual({ name: 'm.example/@s/a', version: '1.0.0' });
    expect(splitModuleUrl('https://m.example/plain.ts')).toBeUndefined();
  });
});

describe('splitDenoKey', () => {
  it('leaves the peers out', () => {
    expect(splitDenoKey('@s/a@1.0.0_@t+b@2.0.0')).toEqual({ name: '@s/a', version: '1.0.0' });
    expect(splitDenoKey('a')).toEqual({ name: 'a', version: '' });
  });
});
