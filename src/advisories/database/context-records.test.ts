// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { VulnerabilityContext } from '../lookup.ts';
import { ContextShard, writeContextShard } from './context-records.ts';
import { BlockCache, fileOfBytes, ShardFile } from './shard-file.ts';
import { slotsOf, writeShardFile } from './shard-writer.ts';

function open(bytes: Uint8Array): ContextShard {
  return new ContextShard(
    ShardFile.open(fileOfBytes(bytes), { name: 'context.shard', cache: new BlockCache() }),
    'context.shard',
  );
}

describe('the context shard', () => {
  it('gives back scores, dates and nothing where nothing is known', () => {
    const facts = new Map<string, VulnerabilityContext>([
      [
        'CVE-2021-44228',
        { epss: { score: 0.97556, percentile: 0.99999 }, knownExploited: { added: '2021-12-10', ransomware: true } },
      ],
      ['CVE-2024-1234567', { epss: { score: 0.00043, percentile: 0.1 } }],
      ['CVE-1999-0001', { knownExploited: { added: '2022-01-01', ransomware: false } }],
    ]);

    const shard = open(writeContextShard(facts).bytes);

    for (const [cve, wanted] of facts) expect(shard.find(cve)).toEqual(wanted);
    expect(shard.find('CVE-2021-44229')).toEqual({});
    expect(shard.find('GHSA-aaaa-bbbb-cccc')).toEqual({});
  });

  it('finds rows in all of many blocks', () => {
    const facts = new Map(
      Array.from({ length: 10_000 }, (_, index) => [
        `CVE-20${10 + (index % 15)}-${1_000 + index}`,
        { epss: { score: index / 10_000, percentile: 0 } },
      ]),
    );

    const shard = open(writeContextShard(facts).bytes);

    for (const [cve, wanted] of facts) expect(shard.find(cve)).toEqual(wanted);
  });

  it('leaves out what is no CVE id', () => {
    const written = writeContextShard(new Map([['GHSA-1', { epss: { score: 1, percentile: 1 } }]]));

    expect(open(written.bytes).find('GHSA-1')).toEqual({});
  });

  it('with a wrong number of rows or cut rows is refused', () => {
    const parts = { kind: 'context', meta: Buffer.from('{}'), slots: slotsOf([]) } as const;
    const few = writeShardFile({ ...parts, items: 3, streams: [[Buffer.alloc(20)]] });
    const cut = writeShardFile({ ...parts, items: 2, streams: [[Buffer.alloc(30), Buffer.alloc(10)]] });

    expect(() => open(few.bytes)).toThrow(/wrong number of rows/);
    expect(() => open(cut.bytes).find('CVE-2021-44228')).toThrow(/cut/);
  });
});
