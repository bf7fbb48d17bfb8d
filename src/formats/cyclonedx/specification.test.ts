// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { isAvailable, minors, parseTable, type Shape } from './notation.ts';
import { scalarOf } from './scalars.ts';
import { definitionOf, definitions, shapeOf } from './specification.ts';

const shapes = [...definitions().values()].filter((definition): definition is Shape => definition.kind === 'shape');

describe('the tables', () => {
  test('name only types that exist', () => {
    const types = [...definitions().values()].flatMap((definition) =>
      definition.kind === 'shape'
        ? definition.fields.map((field) => field.type)
        : definition.kind === 'choice'
          ? definition.variants.map((variant) => variant.type)
          : [],
    );

    const unknown = new Set(types).values().filter((type) => definitionOf(type) === undefined && !isScalar(type));

    expect([...unknown]).toEqual([]);
  });

  test('use each definition', () => {
    const used = new Set(
      [...definitions().values()].flatMap((definition) =>
        definition.kind === 'shape'
          ? definition.fields.map((field) => field.type)
          : definition.kind === 'choice'
            ? [...definition.variants.map((variant) => variant.type), definition.textproto ?? '']
            : [],
      ),
    );

    expect([...definitions().keys()].filter((name) => name !== 'bom' && !used.has(name))).toEqual([]);
  });

  test('speak in their rules of members that the shape has', () => {
    const unknown = shapes.flatMap((shape) =>
      shape.rules
        .flatMap((rule) => rule.members.flatMap((member) => member.split('+')))
        .filter((member) => !shape.fieldsByName.has(member))
        .map((member) => `${shape.name}.${member}`),
    );

    expect(unknown).toEqual([]);
  });

  test('need nothing in a version that does not have it', () => {
    const impossible = shapes.flatMap((shape) =>
      shape.fields.flatMap((field) =>
        minors
          .filter((minor) => isAvailable(field.needed, 'xml', minor) && !isAvailable(field.availability, 'xml', minor))
          .map((minor) => `${shape.name}.${field.name} in 1.${minor}`),
      ),
    );

    expect(impossible).toEqual([]);
  });
});

describe('the notation', () => {
  const text = `
    shape box foreign:1.1+ attributes    // a remark
      kind!    word                      @ 1.2+
      parts    part[]                    <parts+@/part> need=xml:1.0-1.1 unique
      note     string                    # pb=text
      signature string                   json:1.4+
      ? one kind note json

    enum word WORD
      plain two-words odd:1.3+=STRANGE
  `;

  test('states versions per syntax', () => {
    const [box] = parseTable(text) as [Shape];

    expect(box.fields.map((field) => field.availability)).toEqual([
      { json: [2, 7], xml: [2, 7], textproto: [3, 7] },
      { json: [2, 7], xml: [0, 7], textproto: [3, 7] },
      { json: [2, 7], xml: [0, 7], textproto: [3, 7] },
      { json: [4, 7] },
    ]);
    expect(box.foreign).toMatchObject({ xml: [1, 7] });
    expect(box.fields[1]?.needed).toEqual({ xml: [0, 1] });
    expect(box.rules[0]?.availability).toEqual({ json: [2, 7] });
  });

  test('states the place in XML', () => {
    const [box] = parseTable(text) as [Shape];

    expect(box.fields.map((field) => field.xml.kind)).toEqual(['attribute', 'element', 'text', 'element']);
    expect(box.fields[1]?.xml).toMatchObject({
      name: 'part',
      wrapper: 'parts',
      wrapperForeign: true,
      wrapperAttributes: true,
    });
  });

  test('names the words of protobuf', () => {
    const [, word] = parseTable(text);

    expect(word?.kind === 'enumeration' ? Object.fromEntries(word.textproto) : undefined).toEqual({
      WORD_PLAIN: 'plain',
      WORD_TWO_WORDS: 'two-words',
      WORD_STRANGE: 'odd',
      WORD_NULL: undefined,
      WORD_UNSPECIFIED: undefined,
    });
  });

  test('refuses what it does not know', () => {
    expect(() => parseTable('shape box\n  a string <<x>>')).toThrow('unknown place');
    expect(() => parseTable('choice c\n  a string')).toThrow('has no mode');
    expect(() => shapeOf('nothing')).toThrow('no shape nothing');
  });
});

function isScalar(type: string): boolean {
  try {
    return scalarOf(type) !== undefined;
  } catch {
    return false;
  }
}
