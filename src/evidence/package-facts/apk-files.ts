// SPDX-License-Identifier: Apache-2.0
// Files of an Alpine package: the F, R, Z and a lines of its entry in the database. apk-installed(5).

import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { PackageFile } from '../../model/package.ts';
import { digestOfBase64, isFile, ownedFile, ownedPath } from './owned-files.ts';

/** `lines` are all lines of the entry. A folder (F) holds for the files (R) after it; checksum and owner follow their file. */
export function apkFiles(lines: readonly string[]): readonly PackageFile[] {
  const files: (PackageFile | undefined)[] = [];
  let folder = '';
  let current: { name: string; digest?: Digest | undefined; mode?: number | undefined } | undefined;
  const close = (): void => {
    if (current !== undefined) files.push(ownedFile(ownedPath(folder, current.name), current));
    current = undefined;
  };
  for (const line of lines) {
    const value = line.slice(2).trim();
    if (line.startsWith('F:') || line.startsWith('R:')) close();
    if (line.startsWith('F:')) folder = value;
    else if (line.startsWith('R:')) current = { name: value };
    else if (line.startsWith('Z:') && current !== undefined) current = { ...current, digest: checksum(value) };
    else if (line.startsWith('a:') && current !== undefined) current = { ...current, mode: modeOf(value) };
  }
  close();
  return files.filter(isFile);
}

/** `Q1` and sha1, `Q2` and sha256, both in base64. */
function checksum(text: string): Digest | undefined {
  if (text.startsWith('Q1')) return digestOfBase64('sha1', text.slice(2));
  return text.startsWith('Q2') ? digestOfBase64('sha256', text.slice(2)) : digestOf('md5', text);
}

/** `0:0:755`, sometimes with a checksum of extended attributes behind. */
function modeOf(text: string): number | undefined {
  const octal = /^\d{1,10}:\d{1,10}:([0-7]{1,5})(?::|$)/.exec(text)?.[1];
  return octal === undefined ? undefined : Number.parseInt(octal, 8);
}
