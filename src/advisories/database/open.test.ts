// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  advisoryOf,
  affectedOf,
  makeKey,
  sampleDatabase,
  testNow,
  testTrust,
} from '../../../test/support/sample-database.ts';
import type { MemoryFolder } from '../../io/memory-folder.ts';
import { memoryFolder } from '../../io/memory-folder.ts';
import type { DatabaseLocation } from './open.ts';
import { openDatabase } from './open.ts';
import { databaseStatus } from './status.ts';

const options = { now: testNow, trust: testTrust };
const published = (folder: MemoryFolder): DatabaseLocation => ({ kind: 'published', folder });

function shardOf(folder: MemoryFolder, start: string): string {
  const name = folder.list('shards').find((file) => file.startsWith(start));
  if (name === undefined) throw new Error(`no shard ${start}`);
  return `shards/${name}`;
}

describe('openDatabase', () => {
  it('answers by ecosystem and name, with context', () => {
    const database = openDatabase([published(sampleDatabase())], options);

    const [entry] = database.find('npm', 'left-pad');
    expect(entry?.advisory.aliases).toEqual(['CVE-2024-0001']);
    expect(entry?.affected.ranges).toEqual([{ fixed: '1.2.3' }]);
    expect(database.find('npm', 'unknown')).toEqual([]);
    expect(database.find('Maven', 'left-pad')).toEqual([]);
    expect(database.find('Debian:12', 'openssl')[0]?.advisory.fixes).toEqual(['CVE-2024-0002', 'CVE-2024-0003']);
    expect(database.context('CVE-2024-0001').knownExploited).toEqual({ added: '2024-04-01', ransomware: true });
    expect(database.context('CVE-2024-9999')).toEqual({});
    database.close();
  });

  it('describes what is in use', () => {
    const { description } = openDatabase([published(sampleDatabase({ partial: ['npm'] }))], options);

    expect(description).toMatchObject({
      builtAt: '2026-05-01T00:00:00Z',
      newest: '2024-05-06T00:00:00Z',
      advisories: 3,
      stale: false,
      partial: ['npm'],
    });
    expect(description.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(description.sources.map((source) => source.id)).toEqual(['debian', 'ghsa', 'kev', 'pypa']);
  });

  it('goes on working when it has expired, and says so', () => {
    const database = openDatabase([published(sampleDatabase({ expires: '2026-05-02T00:00:00Z' }))], options);

    expect(database.description.stale).toBe(true);
    expect(database.find('npm', 'left-pad')).toHaveLength(1);
  });

  it('prefers earlier locations and takes from later ones what the earlier lack', () => {
    const newer = sampleDatabase({
      advisories: [advisoryOf('NEW-1', [affectedOf('npm', 'left-pad')])],
      context: new Map(),
    });

    const database = openDatabase([published(newer), published(sampleDatabase())], options);

    expect(database.find('npm', 'left-pad').map((entry) => entry.advisory.id)).toEqual(['NEW-1']);
    expect(database.find('PyPI', 'requests')).toHaveLength(1);
    expect(database.context('CVE-2024-0001').epss?.score).toBe(0.5);
  });

  it('does without an ecosystem whose shard was not fetched', () => {
    const folder = sampleDatabase();
    folder.remove(shardOf(folder, 'npm'));

    const database = openDatabase([published(folder)], options);

    expect(database.covers('npm')).toBe(false);
    expect(database.covers('PyPI')).toBe(true);
    expect(database.description.advisories).toBe(2);
  });

  it('opens a shard only when its ecosystem is asked for', () => {
    const folder = sampleDatabase();
    const opened: string[] = [];
    const spied = { ...folder, open: (path: string) => (opened.push(path), folder.open(path)) };
    const database = openDatabase([{ kind: 'published', folder: spied }], options);

    database.find('npm', 'left-pad');
    database.find('npm', 'right-pad');

    expect(opened.map((path) => path.replace(/-[0-9a-f]+\.shard$/, ''))).toEqual(['shards/npm']);
  });

  it('without any database is DATABASE_MISSING', () => {
    expect(() => openDatabase([published(memoryFolder())], options)).toThrow(
      expect.objectContaining({ code: 'DATABASE_MISSING' }),
    );
  });

  it('refuses an index that was changed, and one by another key', () => {
    const changed = sampleDatabase();
    changed.write(
      'index.json',
      Buffer.from(
        Buffer.from(changed.files.get('index.json') ?? [])
          .toString()
          .replace('"sequence": 1', '"sequence": 2'),
      ),
    );
    const foreign = sampleDatabase({ privateKey: makeKey().privateKey });

    for (const folder of [changed, foreign]) {
      expect(() => openDatabase([published(folder), published(sampleDatabase())], options)).toThrow(
        expect.objectContaining({ code: 'DATABASE_SIGNATURE' }),
      );
    }
  });

  it('refuses an index without its signature', () => {
    const folder = sampleDatabase();
    folder.remove('index.sig.json');

    expect(() => openDatabase([published(folder)], options)).toThrow(
      expect.objectContaining({ code: 'DATABASE_INVALID' }),
    );
  });

  it('refuses a shard that is not the one in the index', () => {
    const folder = sampleDatabase();
    const other = sampleDatabase({ advisories: [advisoryOf('NONE-1', [affectedOf('npm', 'harmless')])] });
    folder.write(shardOf(folder, 'npm'), other.files.get(shardOf(other, 'npm')) ?? new Uint8Array(0));

    const database = openDatabase([published(folder)], options);

    expect(() => database.find('npm', 'left-pad')).toThrow(expect.objectContaining({ code: 'DATABASE_INVALID' }));
  });

  it('refuses a shard with one changed byte as soon as that byte would be used', () => {
    const folder = sampleDatabase();
    const path = shardOf(folder, 'npm');
    const bytes = Uint8Array.from(folder.files.get(path) ?? []);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    folder.write(path, bytes);

    const read = (): void =>
      openDatabase([published(folder)], options)
        .find('npm', 'left-pad')
        .forEach((entry) => void entry.advisory.id);

    expect(read).toThrow(expect.objectContaining({ code: 'DATABASE_INVALID' }));
  });
});

describe('databaseStatus', () => {
  it('tells the state of every location', () => {
    const broken = sampleDatabase();
    broken.remove('index.sig.json');

    const states = databaseStatus(
      [published(sampleDatabase()), published(broken), published(memoryFolder('nothing'))],
      options,
    );

    expect(states.map((status) => status.state)).toEqual(['usable', 'refused', 'absent']);
    expect(states[0]).toMatchObject({
      sequence: 1,
      ageDays: 31,
      stale: false,
      advisories: 3,
      signedBy: { role: 'release' },
    });
    expect(states[1]).toMatchObject({ reason: expect.stringMatching(/signature beside it is missing/) });
  });
});
