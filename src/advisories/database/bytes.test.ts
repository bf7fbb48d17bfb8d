// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, MalformedBytes } from './bytes.ts';

describe('bytes', () => {
  it('give back every number and text that was written', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.string({ unit: 'grapheme' })),
        (number, text, texts) => {
          const writer = new ByteWriter();
          writer.number(number % 2 ** 49);
          writer.text(text.toWellFormed());
          writer.texts(texts.map((item) => item.toWellFormed()));

          const reader = new ByteReader(writer.bytes());

          expect(reader.number()).toBe(number % 2 ** 49);
          expect(reader.text()).toBe(text.toWellFormed());
          expect(reader.texts()).toEqual(texts.map((item) => item.toWellFormed()));
          expect(reader.remaining).toBe(0);
        },
      ),
    );
  });

  it('refuse to write what would not come back', () => {
    const writer = new ByteWriter();

    expect(() => writer.number(-1)).toThrow(RangeError);
    expect(() => writer.number(1.5)).toThrow(RangeError);
    expect(() => writer.number(2 ** 49)).toThrow(RangeError);
  });

  it('that are not what they should be throw MalformedBytes and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        for (const read of ['number', 'count', 'text', 'texts'] as const) {
          try {
            new ByteReader(bytes)[read]();
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedBytes);
          }
        }
      }),
    );
  });

  it('with a count larger than the rest are refused before anything is made of it', () => {
    const writer = new ByteWriter();
    writer.number(2 ** 40);

    expect(() => new ByteReader(writer.bytes()).texts()).toThrow(/does not fit/);
  });
});
