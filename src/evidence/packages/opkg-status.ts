// SPDX-License-Identifier: Apache-2.0
// Packages installed by opkg (OpenWrt, Yocto): the same database as dpkg's, in other places.
import { osReleaseFiles } from '../package-facts/distribution.ts';
import { dpkgOwnershipFiles } from '../package-facts/dpkg-files.ts';
import { statusPackages } from '../package-facts/dpkg-status.ts';
import { defineCataloger } from './cataloger.ts';

export const opkgStatus = defineCataloger({
  id: 'opkg-status',
  title: 'usr/lib/opkg/status',
  ecosystems: ['opkg'],
  kind: 'installed',
  files: ['{var,usr}/lib/opkg/status', '{var,usr}/lib/opkg/info/*.control'],
  ownershipFiles: dpkgOwnershipFiles,
  companions: [...osReleaseFiles],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [],
  },
  parse: (file, tree) => statusPackages(file, tree, 'opkg'),
});
