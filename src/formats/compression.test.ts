// SPDX-License-Identifier: Apache-2.0
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnpackLimits } from './compression.ts';
import { compressionOf, unpack } from './compression.ts';

const limits: UnpackLimits = { bytes: 50_000_000, ratio: 100, ratioFrom: 40_000_000 };

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function unpackWhole(bytes: Uint8Array, chunkLength = 65_536, bounds = limits): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of unpack(pieces(bytes, chunkLength), bounds)) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

const skippable = Buffer.concat([Buffer.from([0x52, 0x2a, 0x4d, 0x18, 4, 0, 0, 0]), Buffer.from('abcd')]);
/** Bytes that no compressor makes smaller. */
const noise = Buffer.alloc(3_000_000);
for (let at = 0, state = 1; at < noise.length; at += 1) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  noise[at] = state >>> 23;
}

describe('unpack', () => {
  it.each([
    ['nothing', Buffer.alloc(0), ''],
    ['plain bytes', Buffer.from('plain'), 'plain'],
    ['a short plain text', Buffer.from('x'), 'x'],
    ['gzip', gzipSync('one'), 'one'],
    ['gzip of two members', Buffer.concat([gzipSync('one'), gzipSync('two')]), 'onetwo'],
    ['zstd', zstdCompressSync(Buffer.from('one')), 'one'],
    [
      'zstd of two frames',
      Buffer.concat([zstdCompressSync(Buffer.from('one')), zstdCompressSync(Buffer.from('two'))]),
      'onetwo',
    ],
    ['zstd with skippable frames', Buffer.concat([skippable, zstdCompressSync(Buffer.from('one')), skippable]), 'one'],
  ])('gives the content of %s, however the bytes are cut', async (_what, packed, content) => {
    for (const chunkLength of [1, 2, 5, 65_536]) {
      const whole = await unpackWhole(packed, chunkLength);

      expect(whole.toString()).toBe(content);
    }
  });

  it('streams zstd frames that are larger than it holds', async () => {
    const packed = Buffer.concat([zstdCompressSync(noise), zstdCompressSync(Buffer.from('end'))]);

    const whole = await unpackWhole(packed);

    expect(whole.equals(Buffer.concat([noise, Buffer.from('end')]))).toBe(true);
  });

  it('gives the same content when its chunks are used up at other places than those of the input', async () => {
    const content = Buffer.concat([noise, Buffer.alloc(3_000_000, 'ab'), noise]);
    for (const length of [1000, 333_333, 9_000_000]) {
      const whole = await unpackWhole(gzipSync(content), length);

      expect(whole.equals(content)).toBe(true);
    }
  });

  it('gives the memory of a chunk back when the next one is asked for: 50 MB of it lay about until they were collected', async () => {
    const content = Buffer.alloc(20_000_000, 'ab');
    const bounds = { ...limits, ratio: 10_000 };
    for (const packed of [gzipSync(content), zstdCompressSync(content)]) {
      const memories = new Set<ArrayBufferLike>();
      let most = 0;
      for await (const part of unpack(pieces(packed, 65_536), bounds)) {
        memories.add(part.buffer);
        const held = [...memories].reduce((sum, memory) => sum + memory.byteLength, 0);
        most = Math.max(most, held);
      }

      expect(memories.size).toBeGreaterThan(10);
      expect(most).toBeLessThan(4_000_000);
    }
  });

  it.each([
    ['gzip that is cut off', gzipSync(noise).subarray(0, 1000)],
    ['gzip with garbage behind it', Buffer.concat([gzipSync('one'), Buffer.from('garbage')])],
    ['zstd that is cut off', zstdCompressSync(noise).subarray(0, 1_000_000)],
    ['a short zstd frame that is cut off', zstdCompressSync(Buffer.from('abcdefgh')).subarray(0, 12)],
    ['zstd with garbage behind it', Buffer.concat([zstdCompressSync(Buffer.from('one')), Buffer.from('garbage')])],
  ])('refuses %s', async (_what, packed) => {
    await expect(unpackWhole(packed)).rejects.toMatchObject({ name: 'UnpackError', kind: 'syntax' });
  });

  it.each([
    ['bzip2', Buffer.from('BZh91AY')],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])],
  ])('names %s as not read', async (kind, packed) => {
    await expect(unpackWhole(packed)).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining(kind),
    });
  });

  it('stops at the limit of bytes', async () => {
    const bounds = { bytes: 1_000_000, ratio: 1e9, ratioFrom: 0 };

    await expect(unpackWhole(gzipSync(Buffer.alloc(3_000_000)), 65_536, bounds)).rejects.toMatchObject({
      kind: 'limit',
    });
  });

  it('stops a bomb at the limit of proportion', async () => {
    const bounds = { bytes: 1e12, ratio: 100, ratioFrom: 2_000_000 };
    const bomb = Buffer.alloc(20_000_000);

    await expect(unpackWhole(gzipSync(bomb), 65_536, bounds)).rejects.toMatchObject({ kind: 'limit' });
    await expect(unpackWhole(zstdCompressSync(bomb), 65_536, bounds)).rejects.toMatchObject({ kind: 'limit' });
  });

  it('hands on an error of where the bytes come from', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield gzipSync(noise).subarray(0, 1000);
      throw new Error('connection lost');
    };
    const read = async (): Promise<void> => {
      for await (const _ of unpack(broken(), limits));
    };

    await expect(read()).rejects.toThrow('connection lost');
  });

  it('ends the reading of its source when the consumer leaves', async () => {
    let isEnded = false;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield noise;
      } finally {
        isEnded = true;
      }
    };

    for await (const _ of unpack(source(), limits)) break;

    expect(isEnded).toBe(true);
  });

  it('throws nothing but its own error for any bytes that look packed', async () => {
    const gzipLike = fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), bytes]));
    const zstdLike = fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), bytes]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(gzipLike, zstdLike), async (bytes) => {
        await unpackWhole(bytes).catch((error: unknown) => {
          if (!(error instanceof Error) || error.name !== 'UnpackError') throw error;
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('compressionOf', () => {
  it('takes anything unknown for plain', () => {
    expect(compressionOf(Buffer.from('usr/'))).toBe('none');
  });
});
