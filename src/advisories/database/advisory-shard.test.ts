// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advisoryOf, affectedOf } from '../../../test/support/sample-database.ts';
import type { AdvisoryEntry } from '../lookup.ts';
import { AdvisoryShard, writeAdvisoryShard } from './advisory-shard.ts';
import { BlockCache, fileOfBytes, ShardFile } from './shard-file.ts';
import { hashOfKey } from './shard-format.ts';
import { packBlocks, slotsOf, writeShardFile } from './shard-writer.ts';

function openShard(bytes: Uint8Array): AdvisoryShard {
  return new AdvisoryShard(
    ShardFile.open(fileOfBytes(bytes), { name: 'test.shard', cache: new BlockCache() }),
    'test.shard',
  );
}

/** Entries as plain values: those of a shard read their facts on demand. */
function plain(entries: readonly AdvisoryEntry[]): AdvisoryEntry[] {
  return entries.map(({ advisory, affected }) => ({ advisory, affected }));
}

function entriesOf(advisory: ReturnType<typeof advisoryOf>): AdvisoryEntry[] {
  const { affected, ...facts } = advisory;
  return affected.map((item) => ({ advisory: facts, affected: item }));
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => value.toWellFormed());
const version = fc.stringMatching(/^[0-9]{1,3}(\.[0-9]{1,3}){0,3}(-[a-z]{1,4})?$/);
const range = fc.oneof(
  fc.constant({}),
  fc.record({ introduced: version }),
  fc.record({ fixed: version }),
  fc.record({ lastAffected: version }),
  fc.record({ introduced: version, fixed: version }),
  fc.record({ introduced: version, lastAffected: version }),
);
const date = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((value) => `${value.toISOString().slice(0, 19)}Z`);
const affected = fc.record(
  {
    ecosystem: fc.constant('npm'),
    name: fc.constantFrom('a', 'b', '@scope/ü', 'x'.repeat(300)),
    order: fc.constantFrom('npm', 'semver'),
    ranges: fc.array(range, { maxLength: 5 }),
    versions: fc.array(version, { maxLength: 5 }),
    fixState: fc.constantFrom(
      'unknown',
      'fixed',
      'not-fixed',
      'will-not-fix',
      'fix-deferred',
      'end-of-life',
      'not-affected',
    ),
    severity: text,
    modularity: text,
    architectures: fc.array(text, { maxLength: 3 }),
    importPaths: fc.array(text, { maxLength: 3 }),
    cpes: fc.array(text, { minLength: 1, maxLength: 3 }),
    platforms: fc.array(text, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['ecosystem', 'name', 'order', 'ranges', 'versions', 'fixState'], noNullPrototype: true },
);
const facts = fc.record(
  {
    aliases: fc.array(text, { maxLength: 4 }),
    fixes: fc.array(text, { minLength: 1, maxLength: 4 }),
    source: fc.constantFrom('ghsa', 'debian'),
    published: date,
    modified: date,
    withdrawn: date,
    severities: fc.array(
      fc.record(
        {
          source: fc.constantFrom('ghsa', 'nvd'),
          type: fc.constantFrom('word', 'cvss2', 'cvss3', 'cvss4'),
          value: text,
        },
        { noNullPrototype: true },
      ),
      { maxLength: 3 },
    ),
    cwes: fc.array(fc.constantFrom('CWE-79', 'CWE-1333', 'NVD-CWE-noinfo'), { maxLength: 3 }),
  },
  { requiredKeys: ['aliases', 'source', 'severities', 'cwes'], noNullPrototype: true },
);

describe('a shard of advisories', () => {
  it('gives back exactly what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(facts, fc.array(affected, { maxLength: 3 })), { maxLength: 6 }), (advisories) => {
        const entries = advisories.flatMap(([item, packages], index) =>
          packages.map((statement) => ({ advisory: { ...item, id: `ID-${index}` }, affected: statement })),
        );
        const shard = openShard(writeAdvisoryShard('npm', entries).bytes);

        for (const name of new Set(entries.map((entry) => entry.affected.name))) {
          const wanted = entries.filter((entry) => entry.affected.name === name);
          const found = plain(shard.find(name));
          expect(found).toHaveLength(wanted.length);
          expect(found).toEqual(expect.arrayContaining(wanted));
        }
        expect(shard.find('unknown')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same bytes whatever order the entries come in', () => {
    const entries = [
      ...entriesOf(advisoryOf('B', [affectedOf('npm', 'two'), affectedOf('npm', 'one')])),
      ...entriesOf(advisoryOf('A', [affectedOf('npm', 'one', { ranges: [{ introduced: '2.0.0' }] })])),
    ];

    const forward = writeAdvisoryShard('npm', entries);
    const backward = writeAdvisoryShard('npm', entries.toReversed());

    expect(Buffer.from(forward.bytes).equals(backward.bytes)).toBe(true);
    expect(forward).toMatchObject({ packages: 2, advisories: 2 });
  });

  it('stores facts once for all packages of an advisory', () => {
    const many = Array.from({ length: 50 }, (_, index) => affectedOf('npm', `package-${index}`));

    const { advisories, packages } = writeAdvisoryShard('npm', entriesOf(advisoryOf('A', many)));

    expect({ advisories, packages }).toEqual({ advisories: 1, packages: 50 });
  });

  it('keeps the fix of a range that also states a last affected version', () => {
    const both = affectedOf('npm', 'one', { ranges: [{ fixed: '2.0.0', lastAffected: '1.9.9' }] });

    const shard = openShard(writeAdvisoryShard('npm', entriesOf(advisoryOf('A', [both]))).bytes);

    expect(shard.find('one')[0]?.affected.ranges).toEqual([{ fixed: '2.0.0' }]);
  });

  it('finds both of two names with one hash', () => {
    // FNV-1a gives these two the same 32 bits.
    const entries = entriesOf(advisoryOf('A', [affectedOf('npm', 'costarring'), affectedOf('npm', 'liquid')]));

    const shard = openShard(writeAdvisoryShard('npm', entries).bytes);

    expect(hashOfKey('costarring')).toBe(hashOfKey('liquid'));
    expect(['costarring', 'liquid'].map((name) => shard.find(name)[0]?.affected.name)).toEqual([
      'costarring',
      'liquid',
    ]);
  });

  it('of random records never crashes: it finds, finds nothing, or is DATABASE_INVALID', () => {
    const meta = Buffer.from(JSON.stringify({ ecosystem: 'npm', sources: ['a'], orders: ['npm'] }));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(220),
        (packages, advisories, position) => {
          // The name comes first, so that the decoder gets past it.
          const record = Buffer.concat([Buffer.from([1]), Buffer.from('a'), packages]);
          const written = writeShardFile({
            kind: 'advisories',
            meta,
            items: 1,
            slots: slotsOf([{ key: 'a', position: position % 2 === 0 ? 0 : position }]),
            streams: [packBlocks([record]).blocks, packBlocks([advisories]).blocks],
          });
          try {
            for (const entry of openShard(written.bytes).find('a')) void entry.advisory.id;
          } catch (error) {
            expect(error).toMatchObject({ code: 'DATABASE_INVALID' });
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is not opened from a shard of another kind', () => {
    const other = writeShardFile({
      kind: 'context',
      meta: Buffer.from('{}'),
      items: 0,
      slots: slotsOf([]),
      streams: [[]],
    });

    expect(() => openShard(other.bytes)).toThrow(/not a shard of advisories/);
  });
});
