// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePass, placeInOriginal } from './decode-pass.ts';
import { decodeValue } from './decode-value.ts';
import { encodedValuesIn } from './encoded-values.ts';

/** What the values are by their definition; names without digits or signs left out, as they are not looked for. */
const definition =
  /(%[0-9A-Fa-f]{2}(?:.*%[0-9A-Fa-f]{2})?)|((?:U\+[a-fA-F0-9]{4}(?:[ \t\n\f\r]|$))+|(?:\\{1,2}[uU][a-fA-F0-9]{4})+)|([0-9A-Fa-f]{32,})|([\w/+-]{16,}={0,2})/g;

describe('encodedValuesIn', () => {
  it('finds what the definition finds', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '%41',
        '%4',
        'U+0061 ',
        '\\u0061',
        '\\\\u0062',
        '\n',
        ' ',
        '=',
        '"',
        '0123456789abcdef',
        'a+/-_1',
      ),
      fc.stringMatching(/^[a-f0-9]{1,40}$/),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const found = encodedValuesIn(text).filter(({ encoding }) => encoding === 'percent' || encoding === 'hex');
        const kinds = [...text.matchAll(definition)].map((match) => ({
          encoding:
            match[1] !== undefined
              ? 'percent'
              : match[2] !== undefined
                ? 'unicode'
                : match[3] !== undefined
                  ? 'hex'
                  : 'base64',
          start: match.index,
        }));

        for (const value of found) expect(kinds).toContainEqual({ encoding: value.encoding, start: value.start });
      }),
    );
  });

  it('leaves of two that touch the less telling one for the next pass', () => {
    expect(encodedValuesIn('%41Zm9vYmFyYmF6cXV4MTI=').map(({ encoding }) => encoding)).toEqual(['percent']);
  });
});

describe('decodePass', () => {
  it('decodes what was decoded, and knows where it stood', () => {
    const inner = Buffer.from('token: abcdefgh1234').toString('base64');
    const text = `x = "${Buffer.from(`say ${inner}`).toString('base64')}"\n`;

    const first = decodePass(text, []);
    const second = decodePass(first.text, first.segments);
    const at = second.text.indexOf('abcdefgh');

    expect(second.text).toBe('x = "say token: abcdefgh1234"\n');
    expect(placeInOriginal(second, { start: at, end: at + 8 })).toMatchObject({
      start: 5,
      end: text.length - 2,
      tags: ['decoded:base64', 'decode-depth:2'],
    });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('percent', 'unicode', 'hex', 'base64'), (text, encoding) => {
        decodeValue(encoding, text);
        const first = decodePass(text, []);
        decodePass(first.text, first.segments);
      }),
    );
  });
});
