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
  const read = readerOf(bytes);
  if (read === undefined) return [syntaxProblem(path, 'no rpm database: neither SQLite nor ndb nor Berkeley DB')];
  const broken: string[] = [];
  let total = 0;
  const missing = read(bytes, (blob) => {
    total += blob.length;
    // Packages share nothing; in a file made to cost time, many may lie in the same bytes.
    if (total > bytes.length) return;
    const result = parseRpmHeader(blob);
    if (result.kind === 'header') take(result.header);
    else broken.push(result.reason);
  });
  const reasons = [...missing, ...broken, ...(total > bytes.length ? ['packages overlap; the rest is left out'] : [])];
  const problems = reasons.slice(0, listedReasons).map((reason) => problemOf(path, reason));
  const left = reasons.length - problems.length;
  return left === 0 ? problems : [...problems, problemOf(path, `${left} more broken entries`)];
}

function problemOf(path: string, reason: string): Problem {
  return syntaxProblem(path, `broken rpm database: ${reason}`);
}

type BlobReader = (bytes: Uint8Array, take: (blob: Uint8Array) => void) => readonly string[];

function readerOf(bytes: Uint8Array): BlobReader | undefined {
  if (isSqlite(bytes)) return sqliteBlobs;
  if (isNdb(bytes)) return ndbBlobs;
  return isBerkeleyDb(bytes) ? berkeleyBlobs : undefined;
}
