// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSqliteTable } from './sqlite-file.ts';

/** A database that SQLite itself wrote. */
function written(statements: readonly string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-sqlite-'));
  try {
    const database = new DatabaseSync(join(folder, 'x.db'));
    for (const statement of statements) database.exec(statement);
    database.close();
    return Uint8Array.from(readFileSync(join(folder, 'x.db')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const long = 'x'.repeat(20_000);
const sample = written([
  'PRAGMA page_size = 1024',
  'CREATE TABLE "other" (a)',
  'CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, size, data BLOB, CHECK (length(name) > 0, 1))'.replace(
    ', 1))',
    '))',
  ),
  `INSERT INTO item VALUES (7, 'one', 1.5, x'00ff'), (8, '${long}', -70000, NULL), (9, 'big', 9007199254740993, NULL)`,
  `WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO item SELECT i, 'row ' || i, i, NULL FROM n`,
]);

describe('readSqliteTable', () => {
  it('reads values of every kind, also those that fill many pages', () => {
    const { rows, problems } = readSqliteTable(sample, 'item', 'x.db');

    expect(problems).toEqual([]);
    expect(rows[0]).toEqual({ id: 7, name: 'one', size: 1.5, data: Uint8Array.from([0, 255]) });
    expect(rows[1]).toEqual({ id: 8, name: long, size: -70_000, data: null });
    expect(rows[2]).toMatchObject({ size: 9_007_199_254_740_993n });
  });

  it('walks a tree of pages in order', () => {
    const { rows } = readSqliteTable(sample, 'item', 'x.db');

    expect(rows.map((row) => row['id'])).toEqual(Array.from({ length: 494 }, (_, index) => index + 7));
  });

  it('gives nothing for a table that is not there, and a problem for what is no database', () => {
    expect(readSqliteTable(sample, 'missing', 'x.db')).toEqual({ rows: [], problems: [] });
    expect(readSqliteTable(new TextEncoder().encode('text'), 'item', 'x.db').problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });

  it('ends and throws nothing whatever bytes are changed to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        (changes) => {
          const changed = Uint8Array.from(sample);
          for (const [at, byte] of changes) changed[at] = byte;
          readSqliteTable(changed, 'item', 'x.db');
        },
      ),
      { numRuns: 200 },
    );
  });
});
