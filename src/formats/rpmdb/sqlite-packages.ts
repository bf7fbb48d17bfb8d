// SPDX-License-Identifier: Apache-2.0
// rpmdb.sqlite: the database of rpm 4.16 and later, one row per package with its header as `blob`.
import { walkSqliteTable } from '../sqlite-file.ts';
import type { RpmBlobs } from './database.ts';

export function sqliteBlobs(bytes: Uint8Array, take: (blob: Uint8Array) => void): RpmBlobs {
  let seen = 0;
  const { hasTable, problems } = walkSqliteTable({ bytes, path: '' }, 'Packages', (row) => {
    seen += 1;
    const blob = row['blob'];
    if (blob instanceof Uint8Array) take(blob);
  });
  const reasons = problems.map((problem) => problem.message);
  return { seen, reasons: hasTable || reasons.length > 0 ? reasons : ['there is no table Packages'] };
}
