// SPDX-License-Identifier: Apache-2.0

import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { chiselManifest } from './chisel-manifest.ts';
import { dpkgStatus } from './dpkg-status.ts';
import { opkgStatus } from './opkg-status.ts';

const release = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n';
const status = `Package: libpam-runtime
Status: install ok installed
Architecture: all
Maintainer: Team <team@deb.example>
Source: pam (1.5.2-6)
Version: 1.5.2-6+deb12u1
Depends: debconf (>= 0.5) | debconf-2.0, libc6:any
Description: Runtime support
 More text.

Package: cdebconf
Status: install ok installed
Version: 0.270
Provides: debconf-2.0

Package: gone
Status: deinstall ok config-files
Version: 1.0
`;

describe('dpkgStatus', () => {
  it('gives installed packages with source, release and lines', () => {
    const { get, names, distribution } = catalogText(dpkgStatus, {
      'var/lib/dpkg/status': status,
      'etc/os-release': release,
    });

    expect(names).toEqual(['cdebconf@0.270', 'libpam-runtime@1.5.2-6+deb12u1']);
    expect(get('libpam-runtime')).toMatchObject({
      sources: [{ name: 'pam', version: '1.5.2-6' }],
      locations: [{ line: 1, endLine: 9 }],
    });
    expect(get('libpam-runtime').purl).toBe(
      'pkg:deb/debian/libpam-runtime@1.5.2-6%2Bdeb12u1?arch=all&distro=debian-12&upstream=pam%401.5.2-6',
    );
    expect(distribution).toMatchObject({ id: 'debian', versionId: '12' });
  });

  it('follows dependencies over virtual packages', () => {
    expect(catalogText(dpkgStatus, { 'var/lib/dpkg/status': status }).get('libpam-runtime').dependsOn).toEqual([
      'cdebconf@0.270',
    ]);
  });

  it('takes licences from copyright files and checksums from the list of archives', () => {
    const files = {
      'var/lib/dpkg/status': status,
      'var/lib/dpkg/available': `Package: cdebconf\nVersion: 0.270\nSHA256: ${'c'.repeat(64)}\n`,
      'usr/share/doc/cdebconf/copyright':
        'Format: x\nLicense: BSD-2-clause and GPL-2+\nSee /usr/share/common-licenses/GPL-2.\n',
    };

    const { get } = catalogText(dpkgStatus, files);

    expect(get('cdebconf').licenses).toEqual(['BSD-2-clause', 'GPL-2', 'GPL-2+']);
    expect(get('cdebconf').digests).toEqual([`sha256:${'c'.repeat(64)}`]);
  });

  it('reads the files of status.d, and not the checksums beside them', () => {
    const files = {
      'var/lib/dpkg/status.d/base': 'Package: base\nVersion: 12\n',
      'var/lib/dpkg/status.d/base.md5sums': 'ab cd\n',
    };

    expect(catalogText(dpkgStatus, files)).toMatchObject({ names: ['base@12'], problems: [] });
  });

  it('reports an installed package without version', () => {
    const { problems } = catalogText(dpkgStatus, {
      'var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\n',
    });

    expect(problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
  });
});

describe('opkgStatus', () => {
  it('reads the same database, with the licence in it', () => {
    const text = 'Package: dropbear\nStatus: install user installed\nVersion: 2024.86-r1\nLicense: MIT\n';

    expect(catalogText(opkgStatus, { 'usr/lib/opkg/status': text }).get('dropbear')).toMatchObject({
      type: 'opkg',
      licenses: ['MIT'],
    });
  });
});

describe('chiselManifest', () => {
  it('reads the packages of a compressed wall', () => {
    const wall =
      '{"jsonwall":"1.0","count":2}\n{"kind":"package","name":"openssl","version":"3.0.13-0ubuntu3.5","arch":"amd64"}\n{"kind":"slice","name":"openssl_bins"}\n';

    expect(catalogText(chiselManifest, { 'var/lib/chisel/manifest.wall': zstdCompressSync(wall) }).names).toEqual([
      'openssl@3.0.13-0ubuntu3.5',
    ]);
  });

  it('reports a wall that is none', () => {
    expect(catalogText(chiselManifest, { 'var/lib/chisel/manifest.wall': 'text' }).problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });
});
