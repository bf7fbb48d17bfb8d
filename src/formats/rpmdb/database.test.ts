// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { berkeleyDatabase, ndbDatabase, rpmHeader } from '../../../test/support/rpm-writer.ts';
import { readRpmDatabase } from './database.ts';
import { rpmTags } from './tags.ts';

function sqliteDatabase(headers: readonly Uint8Array[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-rpm-'));
  try {
    const database = new DatabaseSync(join(folder, 'x.db'));
    database.exec("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
    const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
    for (const header of headers) insert.run(header);
    database.close();
    return Uint8Array.from(readFileSync(join(folder, 'x.db')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const small = rpmHeader({ [rpmTags.name]: 'small', [rpmTags.version]: '1' });
const large = rpmHeader({
  [rpmTags.name]: 'large',
  [rpmTags.provideName]: Array.from({ length: 900 }, (_, at) => `p${at}`),
});

function namesIn(bytes: Uint8Array): { readonly names: string[]; readonly messages: string[] } {
  const names: string[] = [];
  const problems = readRpmDatabase(bytes, 'db', (header) => names.push(header.string(rpmTags.name) ?? ''));
  return { names, messages: problems.map((problem) => problem.message) };
}

const databases = [
  ['SQLite', sqliteDatabase([small, large])],
  ['ndb', ndbDatabase([small, large])],
  ['Berkeley DB', berkeleyDatabase([small, large])],
  ['Berkeley DB of a big-endian machine', berkeleyDatabase([small, large], 'big')],
] as const;

describe.each(databases)('readRpmDatabase of %s', (_kind, bytes) => {
  it('hands out headers that fit on a page and those that do not', () => {
    expect(namesIn(bytes)).toEqual({ names: ['small', 'large'], messages: [] });
  });

  it('tells that a cut database lacks packages', () => {
    const { names, messages } = namesIn(bytes.subarray(0, bytes.length - 600));

    expect(names).not.toContain('large');
    expect(messages).not.toEqual([]);
  });

  it('throws for no change of its bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of changes) changed[at] = value;

        namesIn(changed);
      }),
      { numRuns: 150 },
    );
  });
});

describe('readRpmDatabase', () => {
  it('reports what is no database', () => {
    expect(namesIn(new Uint8Array(600)).messages).toEqual(['no rpm database: neither SQLite nor ndb nor Berkeley DB']);
  });

  it('reports a blob that is no header', () => {
    expect(namesIn(ndbDatabase([Buffer.from('no header at all')])).messages).toHaveLength(1);
  });

  it('does not follow slots that lead to one blob again and again', () => {
    const bytes = ndbDatabase([large]);
    for (let slot = 2; slot < 200; slot += 1) bytes.copy(bytes, 32 + slot * 16, 32, 48);

    expect(namesIn(bytes).names).toEqual(['large']);
    expect(namesIn(bytes).messages.at(-1)).toMatch(/more broken entries/);
  });
});
