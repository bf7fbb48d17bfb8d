// SPDX-License-Identifier: Apache-2.0
// .deb files lying in the tree: the control file in them. deb(5). What they would install is not unpacked.
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { readArArchive } from '../../formats/ar-archive.ts';
import { readTarMembers } from '../../formats/tar-members.ts';
import { syntaxProblem } from '../../formats/text.ts';
import { unpackXz } from '../../formats/xz.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { controlPackages } from '../package-facts/dpkg-status.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const debArchive = defineCataloger({
  id: 'deb-archive',
  title: '*.deb, *.udeb',
  ecosystems: ['deb'],
  kind: 'installed',
  reads: { part: 'whole', limit: 'packageArchiveBytes' },
  files: ['**/*.deb', '**/*.udeb'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['the distribution a package was built for, and so its package URL'],
  },
  parse: parseArchive,
});

/** A .deb file has three members; signatures add a few. */
const mostMembers = 64;

function parseArchive(file: SourceFile): CatalogResult {
  const archive = readArArchive(file.bytes, mostMembers);
  const control = archive.members.find((member) => member.name.startsWith('control.tar'));
  if (control === undefined) {
    const reason = archive.broken ?? 'no member control.tar';
    return { packages: [], problems: [syntaxProblem(file.path, `no Debian package: ${reason}`)] };
  }
  const unpacked = unpack(control.name, control.bytes);
  if (typeof unpacked === 'string') return { packages: [], problems: [unsupported(file.path, unpacked)] };
  const tar = readTarMembers(unpacked, defaultLimits.archiveEntries);
  const text = tar.members.find((member) => member.path === 'control');
  if (text === undefined) {
    return {
      packages: [],
      problems: [syntaxProblem(file.path, `no control file: ${tar.broken ?? 'not in the archive'}`)],
    };
  }
  const { packages, problems } = controlPackages({ path: file.path, bytes: text.bytes });
  // Lines are those of the control file inside.
  return { packages: packages.map((item) => ({ ...item, locations: [{ path: file.path }] })), problems };
}

/** The tar archive, or why it cannot be had. */
function unpack(name: string, bytes: Uint8Array): Uint8Array | string {
  const options = { maxOutputLength: defaultLimits.manifestBytes };
  try {
    if (name === 'control.tar') return bytes;
    if (name === 'control.tar.gz') return gunzipSync(bytes, options);
    if (name === 'control.tar.zst') return zstdDecompressSync(bytes, options);
    if (name === 'control.tar.xz') {
      const result = unpackXz(bytes, options.maxOutputLength);
      return result.kind === 'bytes' ? result.bytes : `${name} is broken or too large`;
    }
  } catch {
    return `${name} is broken or too large`;
  }
  return `${name} is compressed in a way that is not read here`;
}

function unsupported(path: string, message: string): Problem {
  return { kind: 'unsupported', message, location: { path }, hidesFindings: true };
}
