// SPDX-License-Identifier: Apache-2.0
// An rpm database of any kind as headers. The kind is seen in the bytes, not in the name of the file.
import type { Problem } from '../../model/problem.ts';
import { isSqlite } from '../sqlite-file.ts';
import { syntaxProblem } from '../text.ts';
import { berkeleyBlobs, isBerkeleyDb } from './berkeley-packages.ts';
import type { RpmHeader } from './header.ts';
import { parseRpmHeader } from './header.ts';
import { isNdb, ndbBlobs } from './ndb-packages.ts';
import { sqliteBlobs } from './sqlite-packages.ts';

/** What a reader of one kind saw besides the headers it handed on. */
export interface RpmBlobs {
  /** Packages the database says it has, the broken ones included. */
  readonly seen: number;
  /** Why some of them are missing, in words. */
  readonly reasons: readonly string[];
}

/** Reasons that are listed one by one; the rest is counted. */
const listedReasons = 10;

/**
 * Hands the header of every package to `take`, one at a time, so that a large database needs no second copy in memory.
 * Gives what could not be read. Never throws.
 */
export function readRpmDatabase(
  bytes: Uint8Array,
  path: string,
  take: (header: RpmHeader) => void,
): readonly Problem[] {
  const reasons: string[] = [];
  const read = readerOf(bytes);
  if (read === undefined) return [syntaxProblem(path, 'no rpm database: neither SQLite nor ndb nor Berkeley DB')];
  const blobs = read(bytes, (blob) => {
    const result = parseRpmHeader(blob);
    if (result.kind === 'header') take(result.header);
    else reasons.push(result.reason);
  });
  const all = [...blobs.reasons, ...reasons];
  const problems = all.slice(0, listedReasons).map((reason) => syntaxProblem(path, `broken rpm database: ${reason}`));
  if (all.length <= listedReasons) return problems;
  return [...problems, syntaxProblem(path, `broken rpm database: ${all.length - listedReasons} more entries`)];
}

function readerOf(
  bytes: Uint8Array,
): ((bytes: Uint8Array, take: (blob: Uint8Array) => void) => RpmBlobs) | undefined {
  if (isSqlite(bytes)) return sqliteBlobs;
  if (isNdb(bytes)) return ndbBlobs;
  return isBerkeleyDb(bytes) ? berkeleyBlobs : undefined;
}
