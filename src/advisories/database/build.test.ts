// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { makeKey, testKey, testNow, testTrust } from '../../../test/support/sample-database.ts';
import { memoryFolder } from '../../io/memory-folder.ts';
import { defaultLimits } from '../../model/limits.ts';
import { buildDatabase, importFeed, removeImport } from './build.ts';
import type { FeedInput } from './collect.ts';
import { openDatabase } from './open.ts';

function osvRecord(id: string, name: string, parts: Record<string, unknown> = {}): unknown {
  const affected = [
    {
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.0.0' }] }],
    },
  ];
  return { id, modified: '2024-02-01T00:00:00Z', published: '2024-01-01T00:00:00Z', aliases: [], affected, ...parts };
}

function input(records: readonly unknown[], parts: Partial<FeedInput> = {}): FeedInput {
  const bytes = Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'));
  return { name: 'input', files: [{ path: 'input.jsonl', bytes }], ...parts };
}

const options = { privateKey: testKey.privateKey, now: testNow, validDays: 30 };
const opening = { now: testNow, trust: testTrust };

describe('buildDatabase', () => {
  it('makes a database that can be opened and asked', () => {
    const output = memoryFolder();

    const result = buildDatabase([input([osvRecord('GHSA-1111-2222-3333', 'one')])], output, options);

    const database = openDatabase([{ kind: 'published', folder: output }], opening);
    expect(database.find('npm', 'one').map((entry) => entry.advisory.id)).toEqual(['GHSA-1111-2222-3333']);
    expect(database.covers('npm')).toBe(true);
    expect(database.covers('PyPI')).toBe(false);
    expect(result).toMatchObject({
      problemCount: 0,
      inputs: [{ name: 'input', feeds: ['osv'], records: 1, advisories: 1 }],
    });
    expect(result.index).toMatchObject({
      sequence: 1,
      created: '2026-06-01T00:00:00Z',
      expires: '2026-07-01T00:00:00Z',
    });
  });

  it('gives the same bytes for the same input in another order', () => {
    const records = [osvRecord('GHSA-1111-2222-3333', 'one'), osvRecord('GHSA-1111-2222-4444', 'two')];
    const [first, second] = [memoryFolder(), memoryFolder()];

    buildDatabase([input(records)], first, options);
    buildDatabase([input(records.toReversed())], second, options);

    const contents = (folder: typeof first): Record<string, string> =>
      Object.fromEntries([...folder.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('hex')]));
    expect(contents(second)).toEqual(contents(first));
  });

  it('counts the sequence up and removes shards of the database before', () => {
    const output = memoryFolder();
    buildDatabase([input([osvRecord('GHSA-1111-2222-3333', 'one')])], output, options);

    const { index } = buildDatabase([input([osvRecord('GHSA-1111-2222-3333', 'two')])], output, options);

    expect(index.sequence).toBe(2);
    expect(output.list('shards')).toEqual(index.shards.map((shard) => shard.file));
  });

  it('takes the record that was modified last when one comes twice', () => {
    const output = memoryFolder();
    const old = osvRecord('GHSA-1111-2222-3333', 'one', {
      modified: '2023-01-01T00:00:00Z',
      aliases: ['CVE-2023-0001'],
    });

    buildDatabase([input([osvRecord('GHSA-1111-2222-3333', 'one'), old])], output, options);

    const [entry, ...more] = openDatabase([{ kind: 'published', folder: output }], opening).find('npm', 'one');
    expect(more).toEqual([]);
    expect(entry?.advisory).toMatchObject({ modified: '2024-02-01T00:00:00Z', aliases: [] });
  });

  it('marks ecosystems of which it was given samples only', () => {
    const output = memoryFolder();
    const python = osvRecord('PYSEC-2024-1', 'p', {
      affected: [{ package: { ecosystem: 'PyPI', name: 'p' }, versions: ['1.0'] }],
    });

    const { index } = buildDatabase(
      [input([osvRecord('GHSA-1111-2222-3333', 'one'), python], { sample: true }), input([python])],
      output,
      options,
    );

    expect(index.shards.map((shard) => [shard.ecosystem, shard.partial])).toEqual([
      ['PyPI', false],
      ['npm', true],
    ]);
  });

  it('leaves out what an input does not accept', () => {
    const output = memoryFolder();
    const records = [osvRecord('GHSA-1111-2222-3333', 'one'), osvRecord('OSV-2020-1', 'one')];

    const { index } = buildDatabase(
      [input(records, { accept: (advisory) => advisory.source === 'ghsa' })],
      output,
      options,
    );

    expect(index.sources.map((source) => source.id)).toEqual(['ghsa']);
  });

  it('refuses to publish nothing, and to guess a feed it does not know', () => {
    const output = memoryFolder();

    expect(() => buildDatabase([input([{ hello: 1 }])], output, options)).toThrow(
      expect.objectContaining({ code: 'INPUT_UNREADABLE' }),
    );
    expect(() => buildDatabase([input([], { feed: 'nonsense' })], output, options)).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    );
    expect(output.files.size).toBe(0);
  });

  it('reports records of no known feed', () => {
    const result = buildDatabase(
      [input([osvRecord('GHSA-1111-2222-3333', 'one'), { hello: 1 }])],
      memoryFolder(),
      options,
    );

    expect(result.problems.map((problem) => problem.message)).toEqual(['1 records are of no known feed']);
  });

  it('keeps to the limits it is given', () => {
    const limits = { ...defaultLimits, feedRecordBytes: 10 };

    expect(() =>
      buildDatabase([input([osvRecord('GHSA-1111-2222-3333', 'one')])], memoryFolder(), { ...options, limits }),
    ).toThrow(/no advisories/);
  });
});

describe('importFeed', () => {
  const importing = { name: 'ours', now: testNow, validDays: 3650 };
  const location = (folder: ReturnType<typeof memoryFolder>) => [{ kind: 'installation' as const, folder }];

  it('adds its findings to those of the installed database', () => {
    const root = memoryFolder();
    buildDatabase([input([osvRecord('GHSA-1111-2222-3333', 'one')])], root, options);

    importFeed([input([osvRecord('OURS-2024-1', 'one')])], root, importing);

    const ids = openDatabase(location(root), opening)
      .find('npm', 'one')
      .map((entry) => entry.advisory.id);
    expect(ids).toEqual(['GHSA-1111-2222-3333', 'OURS-2024-1']);
  });

  it('works on its own, signed by a key that is made and kept private', () => {
    const root = memoryFolder();

    importFeed([input([osvRecord('OURS-2024-1', 'one')])], root, importing);

    expect(openDatabase(location(root), opening).covers('npm')).toBe(true);
    expect(root.list('keys').some((name) => name === 'local.pem')).toBe(true);
  });

  it('replaces an import of the same name and can be removed', () => {
    const root = memoryFolder();
    buildDatabase([input([osvRecord('GHSA-1111-2222-3333', 'one')])], root, options);
    importFeed([input([osvRecord('OURS-2024-1', 'one')])], root, importing);

    importFeed([input([osvRecord('OURS-2024-2', 'one')])], root, importing);
    const replaced = openDatabase(location(root), opening)
      .find('npm', 'one')
      .map((entry) => entry.advisory.id);
    removeImport(root, 'ours');
    const removed = openDatabase(location(root), opening)
      .find('npm', 'one')
      .map((entry) => entry.advisory.id);

    expect(replaced).toEqual(['GHSA-1111-2222-3333', 'OURS-2024-2']);
    expect(removed).toEqual(['GHSA-1111-2222-3333']);
    expect(root.list('staging')).toEqual([]);
  });

  it('is not read from published files, which would vouch for themselves', () => {
    const folder = memoryFolder();
    buildDatabase([input([osvRecord('GHSA-1111-2222-3333', 'one')])], folder, {
      ...options,
      privateKey: makeKey().privateKey,
    });
    importFeed([input([osvRecord('OURS-2024-1', 'one')])], folder, importing);

    expect(() => openDatabase([{ kind: 'published', folder }], opening)).toThrow(
      expect.objectContaining({ code: 'DATABASE_SIGNATURE' }),
    );
  });

  it('refuses names that could leave the folder', () => {
    for (const name of ['../x', 'a/b', '', '.hidden', 'Capital']) {
      expect(() => importFeed([input([])], memoryFolder(), { ...importing, name })).toThrow(
        expect.objectContaining({ code: 'USAGE' }),
      );
    }
  });
});
