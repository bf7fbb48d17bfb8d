// SPDX-License-Identifier: Apache-2.0
// Files of a Debian package: lists in dpkg's info folder, or beside the status file in images without dpkg.
import { posix } from 'node:path';
import { digestOf } from '../../model/digest.ts';
import type { PackageFile } from '../../model/package.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';
import { isFile, linesOf, mergedFiles, ownedFile, ownedPath, withoutFolders } from './owned-files.ts';

export interface DpkgEntry {
  readonly name: string;
  readonly architecture: string | undefined;
  /** The field Conffiles: lines of a path, its md5, and sometimes `obsolete`. */
  readonly conffiles: string | undefined;
}

export const dpkgOwnershipFiles: readonly string[] = [
  '{var,usr}/lib/dpkg/info/*.{list,md5sums,conffiles}',
  '{var,usr}/lib/dpkg/status.d/*.md5sums',
  '{var,usr}/lib/opkg/info/*.{list,conffiles}',
];

/** `status` is the path of the status file. Packages of several architectures have theirs in the names of the lists. */
export function dpkgFiles(entry: DpkgEntry, status: string, tree: CompanionFiles): readonly PackageFile[] {
  const folder = posix.dirname(status);
  const place = folder.endsWith('.d') ? folder : folder.endsWith('/info') ? folder : `${folder}/info`;
  const stems = [`${place}/${entry.name}:${entry.architecture ?? ''}`, `${place}/${entry.name}`];
  const lines = (ending: string): readonly string[] =>
    linesOf(tree, stems.map((stem) => stem + ending).find((path) => tree.get(path) !== undefined) ?? '');
  const listed = lines('.list').map((line) => ownedFile(ownedPath('', line), {}));
  const sums = lines('.md5sums').map((line) => checksum(line));
  const configuration = [...lines('.conffiles'), ...(entry.conffiles ?? '').split('\n')].map(configurationFile);
  return withoutFolders(mergedFiles([listed.filter(isFile), sums.filter(isFile), configuration.filter(isFile)]));
}

/** `55f9...  usr/lib/libz.so.1`, paths without the first slash. */
function checksum(line: string): PackageFile | undefined {
  const match = /^([0-9a-f]{32})\s{1,8}(\S.*)$/.exec(line);
  return match === null
    ? undefined
    : ownedFile(ownedPath('', match[2] ?? ''), { digest: digestOf('md5', match[1] ?? '') });
}

/** `/etc/a`, `/etc/a 55f9...`, and in info files since dpkg 1.20 `remove-on-upgrade /etc/a`. */
function configurationFile(line: string): PackageFile | undefined {
  const [path = '', md5 = ''] = line
    .trim()
    .replace(/^remove-on-upgrade\s+/, '')
    .split(/\s+/);
  return path.startsWith('/')
    ? ownedFile(ownedPath('', path), { digest: digestOf('md5', md5), isConfig: true })
    : undefined;
}
