// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDatabase } from '../../../test/support/sample-database.ts';
import { parseIndex, serialiseIndex, shardFileName } from './database-index.ts';

const bytes = sampleDatabase().files.get('index.json') ?? new Uint8Array(0);

function changed(change: (index: { shards: Record<string, unknown>[] } & Record<string, unknown>) => void): Uint8Array {
  const index = JSON.parse(Buffer.from(bytes).toString());
  change(index);
  return Buffer.from(JSON.stringify(index));
}

describe('the index', () => {
  it('is read back as it was written', () => {
    const index = parseIndex(bytes, 'index.json');

    expect(Buffer.from(serialiseIndex(index)).equals(bytes)).toBe(true);
    expect(index.shards.map((shard) => shard.ecosystem)).toEqual(['Debian:12', 'PyPI', 'npm', '']);
    expect(index.sources.map((source) => [source.id, source.license])).toContainEqual(['ghsa', 'CC-BY-4.0']);
  });

  it('of another format is refused with both numbers', () => {
    expect(() =>
      parseIndex(
        changed((index) => (index['format'] = 2)),
        'index.json',
      ),
    ).toThrow(/format 2.*reads 1/);
  });

  it.each([
    ['a path that leaves the folder', (shard: Record<string, unknown>) => (shard['file'] = '../../etc/passwd.shard')],
    ['a digest of another form', (shard: Record<string, unknown>) => (shard['sha256'] = 'ABC')],
    ['a negative size', (shard: Record<string, unknown>) => (shard['bytes'] = -1)],
    ['an unknown kind', (shard: Record<string, unknown>) => (shard['kind'] = 'programs')],
  ])('with %s is refused', (_name, change) => {
    const broken = changed((index) => change(index.shards[0] ?? {}));

    expect(() => parseIndex(broken, 'index.json')).toThrow(expect.objectContaining({ code: 'DATABASE_INVALID' }));
  });

  it('that lists a shard twice is refused', () => {
    expect(() =>
      parseIndex(
        changed((index) => index.shards.push(index.shards[0] ?? {})),
        'index.json',
      ),
    ).toThrow(/listed twice/);
  });

  it('of any JSON or any bytes is read or refused', () => {
    const refused = (value: Uint8Array): void => {
      try {
        parseIndex(value, 'index.json');
      } catch (error) {
        expect(error).toMatchObject({ code: 'DATABASE_INVALID' });
      }
    };

    fc.assert(fc.property(fc.json(), (text) => refused(Buffer.from(text))));
    fc.assert(fc.property(fc.uint8Array(), refused));
  });
});

describe('names of shard files', () => {
  it('say what is inside and stay plain', () => {
    const sha256 = 'ab'.repeat(32);

    expect(shardFileName({ ecosystem: 'Red Hat:rhel_aus:8.6::appstream', kind: 'advisories', sha256 })).toBe(
      'red-hat-rhel-aus-8.6-appstream-abababababababab.shard',
    );
    expect(shardFileName({ ecosystem: '../..', kind: 'advisories', sha256 })).toBe('shard-abababababababab.shard');
    expect(shardFileName({ ecosystem: '', kind: 'context', sha256 })).toBe('context-abababababababab.shard');
  });
});
