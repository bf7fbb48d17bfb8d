// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitStringOf,
  booleanOf,
  childrenOf,
  encodeDer,
  integerBytesOf,
  objectIdOf,
  readDer,
  smallIntegerOf,
  tags,
  timeOf,
} from './der.ts';
import { parsing } from './parsed.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

function time(tag: number, text: string): number | string {
  const parsed = parsing(() => timeOf(readDer(encodeDer(tag, Buffer.from(text)))));
  return parsed.kind === 'parsed' ? parsed.value : parsed.reason;
}

describe('readDer', () => {
  it('reads what encodeDer writes, of any length', () => {
    fc.assert(
      fc.property(fc.nat({ max: 70_000 }), (length) => {
        const content = Buffer.alloc(length, 7);

        expect(readDer(encodeDer(tags.octetString, content)).content.equals(content)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['an indefinite length', '30 80 00 00'],
    ['a length that is not in its shortest form', '04 81 01 00'],
    ['a padded length', '04 82 00 81'],
    ['a length of five octets', '04 85 01 00 00 00 00'],
    ['an element that is cut off', '04 05 00'],
    ['no length', '04'],
    ['bytes behind the element', '05 00 00'],
    ['a long tag', '1f 81 01 00'],
  ])('refuses %s', (_, text) => {
    expect(parsing(() => readDer(hex(text))).kind).toBe('malformed');
  });

  it('never throws on arbitrary bytes', () => {
    const walk = (bytes: Uint8Array): void => {
      const element = readDer(bytes);
      for (const read of [objectIdOf, integerBytesOf, smallIntegerOf, booleanOf, bitStringOf, timeOf])
        parsing(() => read(element));
      for (const child of childrenOf(element)) walk(child.encoded);
    };

    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parsing(() => walk(bytes))).toBeDefined();
      }),
    );
  });
});

describe('objectIdOf', () => {
  it.each([
    ['2a 86 48 ce 3d 04 03 02', '1.2.840.10045.4.3.2'],
    ['55 1d 13', '2.5.29.19'],
    ['88 37', '2.999'],
    ['00', '0.0'],
  ])('reads %s', (content, dotted) => {
    expect(objectIdOf(readDer(encodeDer(tags.objectId, hex(content))))).toBe(dotted);
  });

  it.each(['', '80 01', '2a 86'])('refuses %s', (content) => {
    expect(parsing(() => objectIdOf(readDer(encodeDer(tags.objectId, hex(content))))).kind).toBe('malformed');
  });
});

describe('timeOf', () => {
  it.each([
    [tags.utcTime, '260301120000Z', '2026-03-01T12:00:00.000Z'],
    [tags.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [tags.generalizedTime, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    [tags.generalizedTime, '20240229235959.25Z', '2024-02-29T23:59:59.250Z'],
  ])('reads %i %s', (tag, text, iso) => {
    expect(time(tag, text)).toBe(Date.parse(iso));
  });

  it.each([
    [tags.utcTime, '2603011200Z'],
    [tags.utcTime, '260301120000+0100'],
    [tags.generalizedTime, '20230229000000Z'],
    [tags.generalizedTime, '20231301000000Z'],
    [tags.generalizedTime, '20230101240000Z'],
    [tags.generalizedTime, '20230101000000.10Z'],
    [tags.generalizedTime, '20230101000000,1Z'],
  ])('refuses %i %s', (tag, text) => {
    expect(typeof time(tag, text)).toBe('string');
  });
});
