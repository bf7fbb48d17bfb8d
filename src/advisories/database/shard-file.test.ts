// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LandwaiterError } from '../../model/error.ts';
import { BlockCache, fileOfBytes, ShardFile } from './shard-file.ts';
import { hashOfKey } from './shard-format.ts';
import { packBlocks, slotsOf, writeShardFile } from './shard-writer.ts';

const context = () => ({ name: 'test.shard', cache: new BlockCache() });

function sample() {
  const keys = ['alpha', 'beta', 'gamma', 'größe'];
  const records = packBlocks(keys.map((key) => Buffer.from(key)));
  return writeShardFile({
    kind: 'advisories',
    meta: Buffer.from('{"ecosystem":"npm"}'),
    items: keys.length,
    slots: slotsOf(keys.map((key, index) => ({ key, position: records.positions[index] ?? 0 }))),
    streams: [records.blocks, [Buffer.from('facts')]],
  });
}

function open(bytes: Uint8Array): ShardFile {
  return ShardFile.open(fileOfBytes(bytes), context());
}

function lookup(shard: ShardFile, key: string): string | undefined {
  for (const position of shard.candidates(hashOfKey(key))) {
    const { bytes, offset } = shard.at(0, position);
    const text = Buffer.from(bytes.subarray(offset, offset + Buffer.byteLength(key))).toString();
    if (text === key) return text;
  }
  return undefined;
}

/** Runs and expects either an answer or DATABASE_INVALID. */
function answersOrRefuses(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(LandwaiterError);
    expect(error).toMatchObject({ code: 'DATABASE_INVALID' });
  }
}

describe('a shard file', () => {
  it('finds every key and no other', () => {
    const shard = open(sample().bytes);

    expect(['alpha', 'beta', 'gamma', 'größe'].map((key) => lookup(shard, key))).toEqual([
      'alpha',
      'beta',
      'gamma',
      'größe',
    ]);
    expect(lookup(shard, 'delta')).toBeUndefined();
    expect(shard.meta).toEqual({ ecosystem: 'npm' });
    expect(shard.items).toBe(4);
  });

  it('is the same bytes for the same parts', () => {
    expect(Buffer.from(sample().bytes).equals(sample().bytes)).toBe(true);
  });

  it('with no items finds nothing', () => {
    const empty = writeShardFile({
      kind: 'context',
      meta: Buffer.from('{}'),
      items: 0,
      slots: slotsOf([]),
      streams: [[]],
    });

    const shard = open(empty.bytes);

    expect([...shard.candidates(hashOfKey('x'))]).toEqual([]);
    expect(shard.length(0)).toBe(0);
    expect(() => shard.at(0, 0)).toThrow(/no data/);
  });

  it('is refused when its head is not the one of the index', () => {
    const { bytes, headBytes, headSha256 } = sample();
    const expected = { bytes: bytes.length, headBytes, headSha256 };

    expect(() => ShardFile.open(fileOfBytes(bytes), context(), expected)).not.toThrow();
    for (const wrong of [{ bytes: 1 }, { headBytes: 64 }, { headSha256: '0'.repeat(64) }]) {
      expect(() => ShardFile.open(fileOfBytes(bytes), context(), { ...expected, ...wrong })).toThrow(
        expect.objectContaining({ code: 'DATABASE_INVALID' }),
      );
    }
  });

  it('with any byte changed is refused or does not use that byte', () => {
    const { bytes, headBytes, headSha256 } = sample();
    const expected = { bytes: bytes.length, headBytes, headSha256 };

    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 0x20 : byte));
      const read = (): void => {
        const shard = ShardFile.open(fileOfBytes(changed), context(), expected);
        for (const key of ['alpha', 'beta', 'gamma', 'größe']) expect(lookup(shard, key)).toBe(key);
        shard.at(1, 0);
      };
      expect(read, `byte ${at}`).toThrow(expect.objectContaining({ code: 'DATABASE_INVALID' }));
    }
  });

  it('of random bytes is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => open(bytes)).toThrow(expect.objectContaining({ code: 'DATABASE_INVALID' }));
      }),
    );
  });

  it('with a damaged head that nothing vouches for never crashes', () => {
    const { bytes, headBytes } = sample();

    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(headBytes - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        answersOrRefuses(() => {
          const shard = open(changed);
          for (const key of ['alpha', 'delta']) lookup(shard, key);
          for (const position of [0, 3, 1_000_000]) answersOrRefuses(() => shard.at(1, position));
        });
      }),
    );
  });

  it('says where a file that is cut off ends', () => {
    const { bytes } = sample();

    expect(() => open(bytes.subarray(0, bytes.length - 1))).toThrow(/wrong length of the file/);
  });
});

describe('the block cache', () => {
  it('lets go of the oldest blocks when it is full', () => {
    const blocks = ['one', 'two'].map((text) => Buffer.from(text.repeat(20_000)));
    const written = writeShardFile({
      kind: 'advisories',
      meta: Buffer.from('{}'),
      items: 0,
      slots: slotsOf([]),
      streams: [blocks],
    });
    const file = fileOfBytes(written.bytes);
    let reads = 0;
    const counted = {
      ...file,
      read: (offset: number, length: number) => {
        reads += 1;
        return file.read(offset, length);
      },
    };
    const shard = ShardFile.open(counted, { name: 'x', cache: new BlockCache(70_000) });
    reads = 0;

    shard.at(0, 0);
    shard.at(0, 1);
    shard.at(0, 60_000);
    shard.at(0, 0);

    expect(reads).toBe(3);
  });
});

describe('blocks', () => {
  it('keep records whole and tell their positions', () => {
    const records = [10, 40_000, 40_000, 200_000, 5].map((size) => Buffer.alloc(size));

    const { blocks, positions } = packBlocks(records);

    expect(blocks.map((block) => block.length)).toEqual([40_010, 40_000, 200_000, 5]);
    expect(positions).toEqual([0, 10, 40_010, 80_010, 280_010]);
  });
});
