// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { nugetDigests, nugetVersion } from './nuget.ts';

describe('nugetVersion', () => {
  it.each([
    ['1.2.3', '1.2.3'],
    ['[1.2.3]', '1.2.3'],
    ['[1.2.3, 2.0.0)', '1.2.3'],
    ['(1.0, 2.0]', ''],
    ['[,2.0]', ''],
    ['1.*', ''],
    ['$(Version)', ''],
  ])('takes the lowest version of %j', (text, version) => {
    expect(nugetVersion(text)).toBe(version);
  });
});

describe('nugetDigests', () => {
  it('turns base64 into hexadecimal digits and drops what is no SHA-512', () => {
    const sum = Buffer.alloc(64, 1).toString('base64');

    expect(nugetDigests(sum)).toEqual([`sha512:${'01'.repeat(64)}`]);
    expect(nugetDigests(`sha512-${sum}`)).toEqual([`sha512:${'01'.repeat(64)}`]);
    expect(nugetDigests('AAAA')).toEqual([]);
  });
});
