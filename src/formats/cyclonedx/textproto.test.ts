// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBomTextproto } from './bom.ts';
import { parseTextproto, type TextMessage } from './textproto.ts';

function plain(message: TextMessage): unknown[] {
  return message.fields.map(({ name, value }) => [name, value.kind === 'message' ? plain(value) : value.text]);
}

function fieldsOf(text: string): unknown[] {
  const { message, problems } = parseTextproto(text, 'x');
  expect(problems).toEqual([]);
  return plain(message);
}

describe('the syntax of protobuf text', () => {
  test('takes messages with and without a colon, in braces and angle brackets', () => {
    expect(fieldsOf('a { b: 1 } c: <d: true> e: {}')).toEqual([
      ['a', [['b', '1']]],
      ['c', [['d', 'true']]],
      ['e', []],
    ]);
  });

  test('takes lists, separators and remarks', () => {
    expect(fieldsOf('a: [1, 2] # two\nb: "x"; c: [{ d: -1 }],')).toEqual([
      ['a', '1'],
      ['a', '2'],
      ['b', 'x'],
      ['c', [['d', '-1']]],
    ]);
  });

  test('joins adjacent strings and reads escapes as bytes of UTF-8', () => {
    expect(fieldsOf(`a: "x\\n" 'y"' b: "\\303\\251 \\u00e9 \\x41"`)).toEqual([
      ['a', 'x\ny"'],
      ['b', 'é é A'],
    ]);
  });

  test.each([
    ['a {', 'ends before'],
    ['a: "x', 'not closed'],
    ['a 1', 'a colon'],
    ['a: }', 'a value is expected'],
    ['a: [1', 'not closed'],
    ['1: 2', 'a field name'],
    ['a: $', 'unexpected'],
  ])('says what is wrong with %s', (text, message) => {
    expect(parseTextproto(text, 'x').problems[0]?.message).toContain(message);
  });

  test('stops at a depth limit', () => {
    expect(parseTextproto('a{'.repeat(10_000), 'x').problems[0]?.message).toContain('levels deep');
  });

  test('no text makes it throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void readBomTextproto(text, 'x')));
    const piece = fc.constantFrom(
      'a',
      'components',
      '{',
      '}',
      '<',
      '>',
      ':',
      '[',
      ']',
      '"x"',
      '1.5f',
      '-',
      ',',
      '#\n',
      'true',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => void readBomTextproto(pieces.join(' '), 'x')),
    );
  });
});

describe('CycloneDX in protobuf text', () => {
  const head = 'spec_version: "1.6" version: 1 ';

  test('becomes the tree that JSON has', () => {
    const text = `${head}
      metadata { timestamp { seconds: 1700000000 nanos: 5000000 } }
      components {
        type: CLASSIFICATION_LIBRARY bom_ref: "a" name: "a"
        hashes { alg: HASH_ALG_SHA_3_256 value: "00112233445566778899aabbccddeeff" }
        licenses { license { id: "MIT" } }
        licenses { expression: "MIT OR ISC" acknowledgement: LICENSE_ACKNOWLEDGEMENT_ENUMERATION_DECLARED }
        scope: SCOPE_UNSPECIFIED
      }
      dependencies { ref: "a" dependencies { ref: "b" } dependencies { ref: "c" } }`;

    const { tree, problems } = readBomTextproto(text, 'x');

    expect(problems).toEqual([]);
    expect(tree).toEqual({
      specVersion: '1.6',
      version: 1,
      metadata: { timestamp: '2023-11-14T22:13:20.005Z' },
      components: [
        {
          type: 'library',
          'bom-ref': 'a',
          name: 'a',
          hashes: [{ alg: 'SHA3-256', content: '00112233445566778899aabbccddeeff' }],
          licenses: [{ license: { id: 'MIT' } }, { expression: 'MIT OR ISC', acknowledgement: 'declared' }],
        },
      ],
      dependencies: [{ ref: 'a', dependsOn: ['b', 'c'] }],
    });
  });

  test('names unknown fields, unknown words and what is missing, with the line', () => {
    const { problems } = readBomTextproto(`${head}\ncomponents { type: NOTHING\nnoname: "a" }`, 'x');

    expect(problems.map((problem) => [problem.location.line, problem.message])).toEqual([
      [2, 'components[0].type NOTHING is not a classification'],
      [3, 'components[0] the field noname is not known in CycloneDX 1.6'],
      [2, 'components[0] lacks type'],
      [2, 'components[0] lacks name'],
    ]);
  });

  test('refuses a version that has no protobuf form', () => {
    expect(readBomTextproto('spec_version: "1.2"', 'x').problems[0]?.message).toContain('states no version');
  });
});
