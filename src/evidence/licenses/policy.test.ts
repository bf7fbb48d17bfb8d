// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { SeenPackage } from '../../advisories/seen-packages.ts';
import { collectPackages } from '../../advisories/seen-packages.ts';
import { packageOf } from '../../model/package.ts';
import type { LicensePolicy } from './policy.ts';
import { licensesOfPackage } from './policy.ts';

function seen(licenses: readonly string[]): SeenPackage {
  const item = packageOf({ name: 'a', version: '1.0.0', type: 'npm', licenses });
  const list = { cataloger: 'x', path: 'f', ecosystem: 'npm', kind: 'declared', packages: [item] } as const;
  const [first] = collectPackages([{ list, subjectOf: ({ id }) => id }]).values();
  if (first === undefined) throw new Error('no package');
  return first;
}

function judged(license: string, policy: Partial<LicensePolicy>): unknown {
  return licensesOfPackage(seen([license]), { allow: [], deny: [], ...policy }).map(({ finding, isAllowed }) => ({
    isAllowed,
    basis: finding.basis,
    severity: finding.severity,
  }));
}

describe('licensesOfPackage', () => {
  it('goes by the class when there are no lists', () => {
    expect(judged('MIT', {})).toEqual([{ isAllowed: true, basis: 'category', severity: 'low' }]);
    expect(judged('MPL-2.0', {})).toEqual([{ isAllowed: false, basis: 'category', severity: 'medium' }]);
    expect(judged('AGPL-3.0-only', {})).toEqual([{ isAllowed: false, basis: 'category', severity: 'critical' }]);
    expect(judged('who knows', {})).toEqual([{ isAllowed: false, basis: 'category', severity: 'unknown' }]);
  });

  it('takes everything that is not on the list of allowed ones for a finding', () => {
    expect(judged('MPL-2.0', { allow: ['MPL-2.0'] })).toEqual([
      { isAllowed: true, basis: 'allowed', severity: 'medium' },
    ]);
    expect(judged('MIT', { allow: ['MPL-2.0'] })).toEqual([
      { isAllowed: false, basis: 'not-allowed', severity: 'high' },
    ]);
  });

  it('lets the list of denied ones win', () => {
    expect(judged('MIT', { allow: ['notice'], deny: ['MIT'] })).toEqual([
      { isAllowed: false, basis: 'denied', severity: 'high' },
    ]);
  });

  it('gives a finding for each licence stated, and none for a package that states none', () => {
    expect(licensesOfPackage(seen(['MIT', 'Apache-2.0', ' ']), { allow: [], deny: [] })).toHaveLength(2);
    expect(licensesOfPackage(seen([]), { allow: [], deny: [] })).toEqual([]);
  });
});
