// SPDX-License-Identifier: Apache-2.0
// Files of an installed Python package: RECORD of wheels (https://packaging.python.org/specifications/recording-installed-packages),
// installed-files.txt of eggs.
import { posix } from 'node:path';
import { decodeText } from '../../formats/text.ts';
import type { PackageFile } from '../../model/package.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';
import { digestOfBase64, isFile, linesOf, ownedFile, ownedPath } from './owned-files.ts';

export const pythonOwnershipFiles: readonly string[] = [
  '**/*{dist,DIST}-{info,INFO}/RECORD',
  '**/*{egg,EGG}-{info,INFO}/RECORD',
  '**/*{egg,EGG}-{info,INFO}/installed-files.txt',
];

/** `metadata` is the path of METADATA or PKG-INFO. */
export function pythonFiles(metadata: string, tree: CompanionFiles): readonly PackageFile[] {
  const folder = posix.dirname(metadata);
  const record = tree.get(`${folder}/RECORD`);
  if (record !== undefined) return recordFiles(decodeText(record.bytes, record.path).text, posix.dirname(folder));
  const lines = linesOf(tree, `${folder}/installed-files.txt`).filter((line) => line.trim() !== '');
  return lines.map((line) => ownedFile(ownedPath(folder, line.trim()), {})).filter(isFile);
}

/** CSV of path, `sha256=` and the digest in base64, size; paths are relative to site-packages. */
function recordFiles(text: string, folder: string): readonly PackageFile[] {
  const files = text.split(/\r?\n/).map((line) => {
    if (line.trim() === '') return undefined;
    const quoted = /^"((?:[^"]|""){0,5000})",?(.*)$/.exec(line);
    const path = quoted === null ? line.split(',', 1)[0] : quoted[1]?.replaceAll('""', '"');
    const rest = quoted === null ? line.slice((path ?? '').length + 1) : (quoted[2] ?? '');
    const [hash = '', size = ''] = rest.split(',');
    const equals = hash.indexOf('=');
    return ownedFile(ownedPath(folder, path ?? ''), {
      digest: equals === -1 ? undefined : digestOfBase64(hash.slice(0, equals), hash.slice(equals + 1)),
      size: /^\d{1,15}$/.test(size.trim()) ? Number(size) : undefined,
    });
  });
  return files.filter(isFile);
}
