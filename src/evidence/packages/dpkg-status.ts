// SPDX-License-Identifier: Apache-2.0
// Debian packages installed in an image or root file system. Only databases at the root count: one deeper down is somebody's data.

import { decodeText } from '../../formats/text.ts';
import type { SourceFile } from '../../sources/source.ts';
import { copyrightLicenses } from '../package-facts/debian-copyright.ts';
import { osReleaseFiles } from '../package-facts/distribution.ts';
import { dpkgOwnershipFiles } from '../package-facts/dpkg-files.ts';
import { availableFile, statusPackages } from '../package-facts/dpkg-status.ts';
import { defineCataloger } from './cataloger.ts';

export const dpkgStatus = defineCataloger({
  id: 'dpkg-status',
  title: 'var/lib/dpkg/status',
  ecosystems: ['deb'],
  kind: 'installed',
  files: ['{var,usr}/lib/dpkg/status', '{var,usr}/lib/dpkg/status.d/*'],
  except: ['**/*.md5sums', '**/*.preinst', '**/*.postinst', '**/*.prerm', '**/*.postrm'],
  companions: [...osReleaseFiles, availableFile, 'usr/share/doc/*/copyright'],
  ownershipFiles: dpkgOwnershipFiles,
  condense: condenseCopyright,
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: true,
    lines: true,
    gaps: ['licences that a copyright file has only as text', 'packages unpacked but not configured'],
  },
  parse: (file, tree) => statusPackages(file, tree, 'deb'),
});

/** Thousands of copyright files: only the lines that name licences are kept. */
function condenseCopyright(file: SourceFile): Uint8Array {
  if (!file.path.endsWith('/copyright')) return file.bytes;
  const names = copyrightLicenses(decodeText(file.bytes, file.path).text);
  return new TextEncoder().encode(['Format: names only', ...names.map((name) => `License: ${name}`)].join('\n'));
}
