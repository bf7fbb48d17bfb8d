// SPDX-License-Identifier: Apache-2.0
// Files that a package owns, from the lists of package managers: paths brought into one form, folders told from files.
import { posix } from 'node:path';
import { decodeText } from '../../formats/text.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { PackageFile } from '../../model/package.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';

/** A path below `folder` (empty: the root) as path of the target; undefined when it leaves the target or is too long. */
export function ownedPath(folder: string, path: string): string | undefined {
  if (path.length > defaultLimits.pathLength) return undefined;
  const joined = path.startsWith('/') ? path : `${folder}/${path}`;
  const normal = posix.normalize(joined).replace(/^\/+/, '').replace(/\/+$/, '');
  return normal === '' || normal === '.' || normal === '..' || normal.startsWith('../') ? undefined : normal;
}

/** Lists that name folders like files: a path that others lie below is a folder, and dropped. */
export function withoutFolders(files: readonly PackageFile[]): readonly PackageFile[] {
  const folders = new Set(files.map((file) => posix.dirname(file.path)));
  // A set hands out what is added on the way too, so this climbs to the root.
  for (const folder of folders) if (folder !== '.') folders.add(posix.dirname(folder));
  return files.filter((file) => !folders.has(file.path));
}

/** Several lists of the same files, such as names and checksums: one entry per path, what a later list says counts. */
export function mergedFiles(lists: readonly (readonly PackageFile[])[]): readonly PackageFile[] {
  const merged = new Map<string, PackageFile>();
  for (const file of lists.flat()) merged.set(file.path, { ...merged.get(file.path), ...file });
  return [...merged.values()];
}

/** One entry; undefined parts are left out. Undefined when the path is none. */
export function ownedFile(
  path: string | undefined,
  facts: {
    readonly digest?: Digest | undefined;
    readonly size?: number | undefined;
    readonly mode?: number | undefined;
    readonly isConfig?: boolean;
  },
): PackageFile | undefined {
  if (path === undefined) return undefined;
  const { digest, size, mode, isConfig } = facts;
  return {
    path,
    ...(digest === undefined ? {} : { digest }),
    ...(size === undefined ? {} : { size }),
    ...(mode === undefined ? {} : { mode: mode & 0o7777 }),
    ...(isConfig === true ? { isConfig } : {}),
  };
}

/** A digest whose value is in base64, plain or for URLs. */
export function digestOfBase64(algorithm: string, value: string): Digest | undefined {
  return digestOf(algorithm, Buffer.from(value, 'base64').toString('hex'));
}

/** Lines of a companion; none when it is not there. */
export function linesOf(tree: CompanionFiles, path: string): readonly string[] {
  const file = tree.get(path);
  return file === undefined ? [] : decodeText(file.bytes, path).text.split(/\r?\n/);
}

export function isFile(file: PackageFile | undefined): file is PackageFile {
  return file !== undefined;
}
