// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConanReference } from './conan-reference.ts';
import { copyrightLicenses } from './debian-copyright.ts';
import { gentooLicense, parseLicenseGroups } from './gentoo-license.ts';
import { parseImageReference } from './image-reference.ts';

describe('parseImageReference', () => {
  it('tells a port from a tag', () => {
    expect(parseImageReference('reg.example:5000/app')).toMatchObject({ name: 'reg.example:5000/app', tag: undefined });
    expect(parseImageReference('reg.example:5000/app:dev')).toMatchObject({ name: 'reg.example:5000/app', tag: 'dev' });
  });

  it.each(['', '${IMAGE}', 'a b', 'a:', 'a@sha256:1'])('refuses %j', (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  it('gives back name and tag of any reference', () => {
    const part = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.option(part, { nil: undefined }), (parts, tag) => {
        const name = parts.join('/');

        expect(parseImageReference(tag === undefined ? name : `${name}:${tag}`)).toEqual({
          name,
          tag,
          digest: undefined,
        });
      }),
    );
  });
});

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

describe('copyrightLicenses', () => {
  it('takes names and references, not sentences', () => {
    const text =
      "Format: x\nLicense: GPL-2+ or MIT\nLicense: see below for the text\nOn Debian: `/usr/share/common-licenses/Artistic'.\n";

    expect(copyrightLicenses(text)).toEqual(['Artistic', 'GPL-2+', 'MIT']);
  });
});
