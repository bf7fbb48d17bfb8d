// SPDX-License-Identifier: Apache-2.0
// What is shipped in data/advisories: signed by a pinned key, whole, small, and only from sources whose terms allow it.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { storedFolder } from '../../io/stored-files.ts';
import { openDatabase, readIndexes } from './open.ts';
import { pinnedTrust } from './trusted-keys.ts';

const folder = storedFolder(fileURLToPath(new URL('../../../data/advisories', import.meta.url)));
const options = { now: '2026-09-01T00:00:00Z', trust: pinnedTrust };
const location = { kind: 'published', folder } as const;
const index = readIndexes(location, options)[0]?.index;

describe('the shipped snapshot', () => {
  it('is signed by a pinned release key', () => {
    expect(readIndexes(location, options)[0]?.verified.key.role).toBe('release');
  });

  it('has all of its shards, whole and no others', () => {
    const shards = index?.shards ?? [];

    expect(folder.list('shards')).toEqual(shards.map((shard) => shard.file).sort());
    for (const shard of shards)
      expect(hash('sha256', folder.read(`shards/${shard.file}`, 10_000_000) ?? ''), shard.file).toBe(shard.sha256);
  });

  it('is smaller than 8 MB', () => {
    expect((index?.shards ?? []).reduce((sum, shard) => sum + shard.bytes, 0)).toBeLessThan(8_000_000);
  });

  it('holds only sources that NOTICE attributes', () => {
    const notice = readFileSync(fileURLToPath(new URL('../../../NOTICE', import.meta.url)), 'utf8');
    const missing = (index?.sources ?? []).filter(
      (source) => source.id !== 'debian-changelog' && !notice.includes(source.homepage),
    );

    expect(missing.map((source) => source.id)).toEqual([]);
    expect(index?.sources.map((source) => source.id)).not.toContain('alpine');
    expect(index?.sources.map((source) => source.id)).not.toContain('debian');
  });

  it('answers for the ecosystems it lists', () => {
    const database = openDatabase([location], options);

    expect(database.find('npm', 'lodash').length).toBeGreaterThan(3);
    expect(database.find('PyPI', 'django').length).toBeGreaterThan(100);
    expect(database.find('Go', 'stdlib')[0]?.affected.order).toBe('golang');
    expect(database.find('AlmaLinux:9', 'openssl')[0]?.advisory.fixes?.length).toBeGreaterThan(1);
    expect(database.context('CVE-2021-44228').knownExploited?.added).toBe('2021-12-10');
    expect(database.description.partial).toContain('npm');
    database.close();
  });
});
