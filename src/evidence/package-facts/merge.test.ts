// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { PackageParts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { mergePackages } from './merge.ts';

function item(parts: Partial<PackageParts>): ReturnType<typeof packageOf> {
  return packageOf({ name: 'a', version: '1.0.0', type: 'npm', ...parts });
}

describe('mergePackages', () => {
  it('keeps the strongest need, the nearest relationship and the union of the rest', () => {
    const [merged, ...others] = mergePackages([
      item({
        scope: 'development',
        relationship: 'indirect',
        locations: [{ path: 'x', line: 1 }],
        dependsOn: ['b'],
        licenses: ['MIT'],
      }),
      item({
        scope: 'optional',
        relationship: 'direct',
        locations: [
          { path: 'x', line: 1 },
          { path: 'x', line: 9 },
        ],
        dependsOn: ['b', 'c'],
      }),
    ]);

    expect(others).toEqual([]);
    expect(merged).toMatchObject({
      scope: 'optional',
      relationship: 'direct',
      dependsOn: ['b', 'c'],
      licenses: ['MIT'],
    });
    expect(merged?.locations).toEqual([
      { path: 'x', line: 1 },
      { path: 'x', line: 9 },
    ]);
  });

  it('drops groups that only excuse a package once it is needed at run time', () => {
    const [merged] = mergePackages([
      item({ scope: 'development', facts: { groups: ['dev', 'bundled'] } }),
      item({ scope: 'runtime', facts: { downloadUrl: 'u' } }),
    ]);

    expect(merged?.facts).toEqual({ downloadUrl: 'u', groups: ['bundled'] });
  });
});
