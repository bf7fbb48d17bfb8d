// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { dpkgStatus } from '../packages/dpkg-status.ts';
import { installedBytes } from './dpkg-status.ts';

describe('statusPackages', () => {
  it('reads sizes as dpkg and as other tools write them', () => {
    expect(['40', '1 mb', '10kib', 'much'].map(installedBytes)).toEqual([40_960, 1_000_000, 10_240, undefined]);
  });

  it('tells of a package whose state is missing', () => {
    const { packages, problems } = catalogText(dpkgStatus, { 'var/lib/dpkg/status': 'Package: apt\nVersion: 1\n' });

    expect(packages).toEqual([]);
    expect(problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
  });
});
