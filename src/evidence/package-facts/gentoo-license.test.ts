// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { gentooLicense, parseLicenseGroups } from './gentoo-license.ts';

describe('gentooLicense', () => {
  it('writes choices as alternatives', () => {
    expect(gentooLicense('GPL-2 || ( MIT BSD )', { groups: new Map() })).toBe('GPL-2 AND (MIT OR BSD)');
    expect(gentooLicense('|| ( MIT BSD )', { groups: new Map() })).toBe('MIT OR BSD');
  });

  it('leaves a group that leads back to itself as it stands', () => {
    const { groups, errors } = parseLicenseGroups('A X @B\nB @A\n');

    expect(groups.get('A')).toEqual(['X', '@A']);
    expect(errors.length).toBeGreaterThan(0);
  });
});
