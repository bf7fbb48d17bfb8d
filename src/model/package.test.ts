// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Package } from './package.ts';
import { packageOf } from './package.ts';

/** Every member: a new one that `packageOf` does not copy fails here. */
const full: Required<Package> = {
  id: 'other',
  name: 'a',
  version: '1',
  type: 'npm',
  purl: 'pkg:npm/a@1',
  scope: 'peer',
  relationship: 'direct',
  locations: [{ path: 'x' }],
  licenses: ['MIT'],
  digests: [],
  dependsOn: ['b'],
  constraint: '^1',
  sources: [{ name: 's', version: '2' }],
  ownedBy: ['c'],
  cpes: ['cpe:/a:b:c'],
  files: [{ path: 'y' }],
  facts: { author: 'me' },
};

describe('packageOf', () => {
  it('keeps all that is given', () => {
    const item = packageOf(full);

    expect(item).toStrictEqual(full);
  });

  it('fills the defaults and leaves out what is undefined', () => {
    const item = packageOf({ name: 'a', version: '1', type: 'npm', purl: undefined, facts: undefined });

    expect(item).toStrictEqual({
      id: 'a@1',
      name: 'a',
      version: '1',
      type: 'npm',
      scope: 'runtime',
      relationship: 'unknown',
      locations: [],
      licenses: [],
      digests: [],
      dependsOn: [],
    });
    expect(packageOf({ name: 'a', version: '', type: 'npm' }).id).toBe('a');
  });
});
