// SPDX-License-Identifier: Apache-2.0
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SchemaFault, validateSchema } from './validate.ts';

function isValid(schema: unknown, value: unknown): boolean {
  return validateSchema(schema, value).length === 0;
}

const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom('', 'a', 'ab', 'b-c'),
);

const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
  ),
}));

const { schema: anySchema } = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.boolean(),
    fc.record(
      {
        type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'object', 'array', 'null'),
        const: scalar,
        enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
        minimum: fc.integer({ min: -2, max: 2 }),
        exclusiveMaximum: fc.integer({ min: -2, max: 2 }),
        minLength: fc.nat(2),
        pattern: fc.constantFrom('^a', 'b$', '[bc]'),
        required: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
        minProperties: fc.nat(2),
        maxItems: fc.nat(2),
        uniqueItems: fc.boolean(),
        properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema'), { maxKeys: 2 }),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'c'), tie('schema'), { maxKeys: 1 }),
        additionalProperties: tie('schema'),
        propertyNames: fc.constantFrom({ pattern: '^[ab]' }, { maxLength: 1 }),
        items: tie('schema'),
        contains: tie('schema'),
        allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        not: tie('schema'),
        if: tie('schema'),
        // Not written out, because an object with a member of that name looks like a promise.
        ...Object.fromEntries(['then', 'else'].map((name) => [name, tie('schema')])),
      },
      { requiredKeys: [] },
    ),
  ),
}));

describe('JSON Schema', () => {
  it('judges as another validator does', () => {
    const ajv = new Ajv({ strict: false, logger: false });

    fc.assert(
      fc.property(anySchema, anyValue, (schema, value) => {
        const validate = ajv.compile(schema as object);
        expect(isValid(schema, value)).toBe(validate(value));
      }),
      { numRuns: 60 },
    );
  });

  it('follows references inside of the schema', () => {
    const schema = { $defs: { 'a/b': { type: 'string' } }, properties: { x: { $ref: '#/$defs/a~1b' } } };

    expect(isValid(schema, { x: 'text' })).toBe(true);
    expect(isValid(schema, { x: 1 })).toBe(false);
  });

  it.each([
    [{ $ref: 'https://schemas.example.com/x' }, 'leads out'],
    [{ $ref: '#/$defs/none' }, 'leads nowhere'],
    [{ $ref: '#' }, 'too many steps'],
    [{ pattern: '(' }, 'no regular expression'],
  ])('refuses %j instead of passing', (schema, words) => {
    expect(() => validateSchema(schema, 'text')).toThrow(SchemaFault);
    expect(() => validateSchema(schema, 'text')).toThrow(words);
  });

  it('finds nothing right by alternatives that are not there', () => {
    expect(isValid({ oneOf: null }, 1)).toBe(false);
    expect(isValid({ anyOf: null }, 1)).toBe(false);
  });

  it('asks keywords of others', () => {
    const keywords = { even: (_argument: unknown, value: unknown) => (Number(value) % 2 === 0 ? undefined : 'is odd') };

    const violations = validateSchema({ properties: { a: { even: true } } }, { a: 3 }, { keywords });

    expect(violations).toEqual([{ at: ['a'], message: 'is odd' }]);
  });

  it('takes time in proportion to hostile patterns', () => {
    expect(isValid({ pattern: '^(a+)+$' }, `${'a'.repeat(2000)}!`)).toBe(false);
  });
});
