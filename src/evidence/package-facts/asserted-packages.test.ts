// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { PackageList } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { withSeenPurls } from './asserted-packages.ts';

function list(trust: 'asserted' | 'seen', purls: readonly (string | undefined)[]): PackageList {
  return {
    cataloger: 'x',
    path: 'x',
    ecosystem: 'deb',
    kind: 'installed',
    ...(trust === 'asserted' ? { trust } : {}),
    packages: purls.map((purl) =>
      packageOf({ name: 'acl', version: '2.3', type: 'deb', ...(purl === undefined ? {} : { purl }) }),
    ),
  };
}

function claimed(claim: string | undefined, seen: readonly string[]): string | undefined {
  return withSeenPurls([list('asserted', [claim]), list('seen', seen)])[0]?.packages[0]?.purl;
}

const seen = 'pkg:deb/debian/acl@2.3?arch=amd64&distro=debian-12';

describe('withSeenPurls', () => {
  it('gives a claim the package URL of what was seen', () => {
    expect(claimed('pkg:deb/debian/acl@2.3?arch=amd64', [seen])).toBe(seen);
    expect(claimed(undefined, [seen])).toBe(seen);
  });

  it('leaves a claim that contradicts what was seen', () => {
    for (const other of ['pkg:deb/ubuntu/acl@2.3', 'pkg:deb/debian/acl@2.3?distro=debian-11']) {
      expect(claimed(other, [seen])).toBe(other);
    }
  });

  it('leaves a claim that two seen packages fit', () => {
    const other = seen.replace('amd64', 'arm64');

    expect(claimed('pkg:deb/debian/acl@2.3', [seen, other])).toBe('pkg:deb/debian/acl@2.3');
  });
});
