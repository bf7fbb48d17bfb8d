// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { listedLicenses } from '../../formats/spdx-license.ts';
import { licenseTable } from './categories.ts';
import { classifyLicense, coversLicense } from './classify.ts';

describe('classifyLicense', () => {
  it('takes the lesser of a choice and the worse of a combination', () => {
    expect(classifyLicense('GPL-3.0-only OR MIT').category).toBe('notice');
    expect(classifyLicense('GPL-3.0-only AND MIT').category).toBe('restricted');
    expect(classifyLicense('(AGPL-3.0-only OR MPL-2.0) AND MIT').category).toBe('reciprocal');
  });

  it('does not look at "only" and "or later"', () => {
    const classes = ['LGPL-2.1', 'LGPL-2.1-only', 'LGPL-2.1-or-later', 'LGPL-2.1+'].map(
      (id) => classifyLicense(id).category,
    );

    expect(new Set(classes)).toEqual(new Set(['restricted']));
  });

  it('knows a licence by the words people use', () => {
    expect(classifyLicense('Apache License, Version 2.0')).toEqual({ spdx: 'Apache-2.0', category: 'notice' });
  });

  it('calls what it does not know unknown, which no other licence makes harmless', () => {
    expect(classifyLicense('Our own terms').category).toBe('unknown');
    expect(classifyLicense('').category).toBe('unknown');
    expect(classifyLicense('MIT AND LicenseRef-own').category).toBe('unknown');
    expect(classifyLicense('MIT OR LicenseRef-own').category).toBe('notice');
  });

  it('lets a table name a licence with its exception', () => {
    const table = { notice: ['GPL-2.0-only WITH Classpath-exception-2.0'], restricted: ['GPL-2.0'] };

    expect(classifyLicense('GPL-2.0-only WITH Classpath-exception-2.0', table).category).toBe('notice');
    expect(classifyLicense('GPL-2.0-only', table).category).toBe('restricted');
  });
});

describe('coversLicense', () => {
  it('permits a choice when one side is allowed, a combination when both are', () => {
    expect(coversLicense(['MIT'], 'MIT OR GPL-3.0-only', 'permits')).toBe(true);
    expect(coversLicense(['MIT'], 'MIT AND GPL-3.0-only', 'permits')).toBe(false);
    expect(coversLicense(['MIT', 'restricted'], 'MIT AND GPL-3.0-only', 'permits')).toBe(true);
  });

  it('is touched by a combination when one side is denied, by a choice only when both are', () => {
    expect(coversLicense(['GPL-3.0'], 'MIT OR GPL-3.0-only', 'touches')).toBe(false);
    expect(coversLicense(['GPL-3.0'], 'MIT AND GPL-3.0-only', 'touches')).toBe(true);
    expect(coversLicense(['GPL-3.0', 'mit'], 'MIT OR GPL-3.0-only', 'touches')).toBe(true);
  });

  it('compares words that are no expression as they are', () => {
    expect(coversLicense(['see LICENSE (our terms'], 'see LICENSE (our terms', 'permits')).toBe(true);
  });
});

describe('the table of licences', () => {
  it('holds each licence once', () => {
    const ids = Object.values(licenseTable).flat();

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('spells SPDX ids as the SPDX list does', () => {
    const listed = new Map([...listedLicenses().values()].map(({ id }) => [id.toLowerCase(), id]));
    const misspelt = Object.values(licenseTable)
      .flat()
      .filter((id) => {
        const known = listed.get(id.toLowerCase());
        return known !== undefined && known !== id;
      });

    expect(misspelt).toEqual([]);
  });
});
