// SPDX-License-Identifier: Apache-2.0
// Writes files that must not be overwritten by accident and, for private keys, that only their owner may read. They appear whole or not at all.

import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { LandwaiterError } from '../model/error.ts';
import { reasonOf } from './disk.ts';

export interface NewFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** `private`: mode 0600. */
  readonly access: 'private' | 'ordinary';
  readonly existing: 'refuse' | 'replace';
}

/** Throws OUTPUT_FAILED. */
export function writeNewFile({ path, content, access, existing }: NewFile): void {
  const options = { flag: 'wx', mode: access === 'private' ? 0o600 : 0o644 } as const;
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    writeFileSync(temporary, content, options);
    // A link, unlike a rename, fails when there is something of that name.
    if (existing === 'replace') renameSync(temporary, path);
    else linkOrWrite(temporary, path, () => writeFileSync(path, content, options));
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new LandwaiterError({
      code: 'OUTPUT_FAILED',
      message: isThere ? `${path} exists already` : `could not write ${path}: ${reasonOf(cause)}`,
      ...(isThere ? { hint: '--force replaces it; a key that is replaced is lost' } : {}),
      cause,
    });
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Some file systems know no hard links. */
function linkOrWrite(from: string, to: string, write: () => void): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
    write();
  }
}
