// SPDX-License-Identifier: Apache-2.0
// Which distribution a file system holds: os-release and the older release files. No packages, but what gives those their names.
import { posix } from 'node:path';
import { parseOsRelease } from '../../formats/os-release.ts';
import {
  parseAlpineRelease,
  parseDebianVersion,
  parseLsbRelease,
  parseReleaseLine,
} from '../../formats/release-file.ts';
import { decodeText } from '../../formats/text.ts';
import type { Distribution } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { osReleaseFiles } from '../package-facts/distribution.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

const redHatLike = ['almalinux', 'centos', 'fedora', 'oracle', 'redhat', 'rocky', 'system'];

const readers: Readonly<Record<string, (text: string) => Distribution | undefined>> = {
  'os-release': parseOsRelease,
  debian_version: parseDebianVersion,
  'alpine-release': parseAlpineRelease,
  'lsb-release': parseLsbRelease,
  ...Object.fromEntries(redHatLike.map((name) => [`${name}-release`, parseReleaseLine])),
};

export const osRelease = defineCataloger({
  id: 'os-release',
  title: 'etc/os-release, etc/*-release, etc/debian_version',
  ecosystems: ['generic'],
  kind: 'installed',
  files: [...new Set([...osReleaseFiles, ...Object.keys(readers).map((name) => `etc/${name}`)])],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['support contracts such as extended maintenance'],
  },
  parse: parseRelease,
});

function parseRelease(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const distribution = readers[posix.basename(file.path)]?.(text);
  if (distribution !== undefined) return { packages: [], problems, distribution };
  const message = 'names no distribution';
  const problem = { kind: 'schema', message, location: { path: file.path }, hidesFindings: true } as const;
  return { packages: [], problems: [...problems, problem] };
}
