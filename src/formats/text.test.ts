// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from './text.ts';

describe('decodeText', () => {
  it('reads UTF-16 with a byte order mark, of either order', () => {
    const little = Buffer.from('\uFEFFflask==1.0\n', 'utf16le');
    const big = Buffer.from(little).swap16();

    expect(decodeText(little, 'f')).toEqual({ text: 'flask==1.0\n', problems: [] });
    expect(decodeText(big, 'f')).toEqual({ text: 'flask==1.0\n', problems: [] });
  });

  it('reads UTF-16 without a mark, of either order, and says so', () => {
    const little = Buffer.from('flask==1.0\n# \u4e2d\u6587 a', 'utf16le');
    const big = Buffer.from(little).swap16();

    for (const bytes of [little, big]) {
      const { text, problems } = decodeText(bytes, 'requirements.txt');

      expect(text).toBe('flask==1.0\n# \u4e2d\u6587 a');
      expect(problems).toMatchObject([{ kind: 'encoding', hidesFindings: false }]);
    }
  });

  it('does not take binary content for text in which nothing is named', () => {
    const { problems } = decodeText(Buffer.from('flask\0\0\0==1.0\n'), 'requirements.txt');

    expect(problems).toMatchObject([{ kind: 'encoding', location: { path: 'requirements.txt' }, hidesFindings: true }]);
  });

  it('reads Latin-1 and says so', () => {
    const { text, problems } = decodeText(Buffer.from('author = "Jos\xe9"', 'latin1'), 'f');

    expect(text).toBe('author = "Jos\u00e9"');
    expect(problems).toMatchObject([{ message: expect.stringContaining('Windows-1252'), hidesFindings: false }]);
  });

  it('reads the encoding that the text declares', () => {
    const xml = Buffer.from('<?xml version="1.0" encoding="ISO-8859-2"?><a>\xb9</a>', 'latin1');
    const python = Buffer.from('#!/usr/bin/python\n# -*- coding: koi8-r -*-\nauthor="\xc1"', 'latin1');

    expect(decodeText(xml, 'pom.xml')).toMatchObject({ text: expect.stringContaining('\u0161'), problems: [] });
    expect(decodeText(python, 'setup.py')).toMatchObject({ text: expect.stringContaining('\u0430'), problems: [] });
  });

  it('replaces invalid bytes in what is UTF-8 elsewhere, and says so', () => {
    const { text, problems } = decodeText(Buffer.concat([Buffer.from('\u00e9'), Buffer.from([0xe9])]), 'f');

    expect(text).toBe('\u00e9\uFFFD');
    expect(problems).toMatchObject([{ message: 'not valid UTF-8; the invalid bytes were replaced' }]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeText(bytes, 'f')));
  });
});
