// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { PackageList } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { defineCataloger } from './cataloger.ts';
import { gathered } from './gather.ts';

const cataloger = defineCataloger({
  id: 'sample',
  title: 'sample',
  ecosystems: ['generic'],
  kind: 'installed',
  files: ['**/x'],
  gather: {
    placeOf: (path) => path.split('/')[0] ?? '',
    link: (packages) => packages.map((item) => ({ ...item, dependsOn: ['linked'] })),
  },
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: [],
  },
  parse: () => ({ packages: [], problems: [] }),
});

function list(path: string, id = 'sample'): PackageList {
  return {
    cataloger: id,
    path,
    ecosystem: 'generic',
    kind: 'installed',
    packages: [packageOf({ name: path, version: '1', type: 'generic' })],
  };
}

describe('gathered', () => {
  it('joins the lists of one place and links their packages', () => {
    const lists = gathered([list('a/1/x'), list('a/2/x'), list('b/1/x')], [cataloger]);

    expect(lists.map(({ path, packages }) => [path, packages.length])).toEqual([
      ['a', 2],
      ['b/1/x', 1],
    ]);
    expect(lists.flatMap(({ packages }) => packages.map((item) => item.dependsOn))).toEqual([
      ['linked'],
      ['linked'],
      ['linked'],
    ]);
  });

  it('leaves the lists of other catalogers alone', () => {
    const other = list('a/1/x', 'other');

    expect(gathered([other], [cataloger])).toEqual([other]);
  });
});
