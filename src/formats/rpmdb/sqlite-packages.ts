// SPDX-License-Identifier: Apache-2.0
// rpmdb.sqlite: the database of rpm 4.16 and later, one row per package with its header as `blob`.
import { walkSqliteTable } from '../sqlite-file.ts';

/** Hands every header to `take`; gives the reasons why some are missing. */
export function sqliteBlobs(bytes: Uint8Array, take: (blob: Uint8Array) => void): readonly string[] {
  const { hasTable, problems } = walkSqliteTable({ bytes, path: '' }, 'Packages', (row) => {
    const blob = row['blob'];
    if (blob instanceof Uint8Array) take(blob);
  });
  const reasons = problems.map((problem) => problem.message);
  return hasTable || reasons.length > 0 ? reasons : ['there is no table Packages'];
}
