// SPDX-License-Identifier: Apache-2.0
// Which files are executables, asked in the order of cost: by the name, then by the mode, then by the first bytes.
import { executableCandidate, executableFormat, headerLength } from '../formats/executable-image.ts';
import type { Disk } from '../io/disk.ts';

/** Opens the file only when its name allows that it is one. Names without an ending count only with an execute bit. */
export function isExecutable(disk: Disk, absolute: string): boolean {
  const candidate = executableCandidate(absolute);
  if (candidate === undefined) return false;
  const head = disk.head?.(absolute, headerLength);
  if (head === undefined || (candidate === 'marked' && (head.mode & 0o111) === 0)) return false;
  return executableFormat(head.bytes) !== undefined;
}

/** Without the bytes: by the name and the mode that git or an archive states (octal digits). */
export function mayBeExecutable(path: string, mode: string): boolean {
  const candidate = executableCandidate(path);
  return candidate === 'always' || (candidate === 'marked' && (Number.parseInt(mode.slice(-3), 8) & 0o111) !== 0);
}
