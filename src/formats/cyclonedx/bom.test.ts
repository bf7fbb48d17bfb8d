// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printBom, readBom, readBomJson } from './bom.ts';
import { isAvailable, type Minor } from './notation.ts';
import { readCycloneDx } from './read-sbom.ts';
import { definitionOf, knowsWord, shapeOf, variantsOf } from './specification.ts';
import { validateBom, validateValue } from './validate.ts';

describe('reading a document', () => {
  test('recognises the syntax', () => {
    expect(readBom('{"bomFormat":"CycloneDX","specVersion":"1.6"}', 'x').syntax).toBe('json');
    expect(readBom('\uFEFF <bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>', 'x')).toMatchObject({
      syntax: 'xml',
      minor: 6,
    });
    expect(readBom('spec_version: "1.6"', 'x')).toMatchObject({ syntax: 'textproto', minor: 6 });
  });

  test('gives the line of a fault', () => {
    const text = '{\n"bomFormat": "CycloneDX",\n"specVersion": "1.6",\n"components": [\n{"type": "library"}]}';

    const { problems } = readBom(text, 'a.json');

    expect(problems).toEqual([
      {
        kind: 'schema',
        message: 'components[0] lacks name',
        location: { path: 'a.json', line: 5, endLine: 5 },
        hidesFindings: false,
      },
    ]);
  });

  test('reads a document of an unknown version as the newest, and says so', () => {
    const { minor, problems } = readBomJson('{"bomFormat":"CycloneDX","specVersion":"9.9"}', 'x');

    expect(minor).toBeUndefined();
    expect(problems.map((problem) => problem.message)).toEqual([
      'specVersion "9.9" is not a known version of CycloneDX',
    ]);
  });

  test('says that a cut document may hide something', () => {
    for (const text of [
      '{"bomFormat":"CycloneDX","components":[',
      '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><comp',
    ]) {
      expect(readBom(text, 'x').problems.some((problem) => problem.hidesFindings)).toBe(true);
    }
  });
});

/** Any value of a type that the JSON form of a version allows. Nesting ends after a few levels. */
function valueOf(type: string, minor: Minor, depth: number): fc.Arbitrary<unknown> {
  const definition = definitionOf(type);
  if (definition?.kind === 'enumeration')
    return fc.constantFrom(
      ...[...definition.values.keys()].filter((word) => knowsWord(definition, word, { syntax: 'json', minor })),
    );
  if (definition?.kind === 'choice') {
    return fc.oneof(...variantsOf(definition, 'json', minor).map((variant) => valueOf(variant.type, minor, depth)));
  }
  if (definition?.kind === 'shape') return objectOf(type, minor, depth - 1);
  return scalarValues[type] ?? fc.constantFrom('a', 'b c', '<&>', 'line\nfeed', 'é');
}

const scalarValues: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  boolean: fc.boolean(),
  number: fc.constantFrom(0, 1, 2.5),
  integer: fc.constantFrom(0, -1, 7),
  natural: fc.constantFrom(0, 7),
  quantumLevel: fc.constantFrom(0, 6),
  fraction: fc.constantFrom(0, 0.5, 1),
  cwe: fc.constantFrom(1, 79),
  bomVersion: fc.constantFrom(1, 2),
  serial: fc.constant('urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79'),
  hashValue: fc.constant('00112233445566778899aabbccddeeff'),
  mime: fc.constant('text/plain'),
  locale: fc.constantFrom('en', 'de-AT'),
  openCre: fc.constant('CRE:1-2'),
  patentNumber: fc.constant('US 123'),
  jurisdiction: fc.constant('US'),
  licenseId: fc.constantFrom('MIT', 'Apache-2.0'),
  dateTime: fc.constant('2024-01-02T03:04:05Z'),
  date: fc.constant('2024-01-02'),
  uri: fc.constant('https://a.example/b?c=d&e'),
  cpe: fc.constant('cpe:2.3:a:b:c:1.0:*:*:*:*:*:*:*'),
  signatureAlgorithm: fc.constant('ES256'),
};

function objectOf(type: string, minor: Minor, depth: number): fc.Arbitrary<unknown> {
  const fields = shapeOf(type).fields.filter((field) => isAvailable(field.availability, 'json', minor));
  const needed = fields.filter((field) => isAvailable(field.needed, 'json', minor));
  const optional = depth <= 0 ? [] : fields.filter((field) => !needed.includes(field));
  const memberOf = (field: (typeof fields)[number]): fc.Arbitrary<[string, unknown]> => {
    const one = valueOf(field.type, minor, depth);
    return (field.list ? fc.array(one, { minLength: field.minimumItems, maxLength: 2 }) : one).map((value) => [
      field.name,
      value,
    ]);
  };
  return fc
    .tuple(
      fc.tuple(...needed.map(memberOf)),
      fc
        .subarray(optional, { maxLength: Math.min(4, optional.length) })
        .chain((chosen) => fc.tuple(...chosen.map(memberOf))),
    )
    .map(([must, may]) => Object.fromEntries([...may, ...must]) as unknown);
}

const version = fc.constantFrom<Minor>(2, 3, 4, 5, 6, 7);

describe('documents of any content', () => {
  test('parsed, printed and parsed again are the same', () => {
    const documents = version.chain((minor) => fc.tuple(fc.constant(minor), objectOf('bom', minor, 4)));

    fc.assert(
      fc.property(documents, ([minor, tree]) => {
        const stated = { ...(tree as object), bomFormat: 'CycloneDX', specVersion: `1.${minor}` };
        const printed = printBom(stated, minor, 'json');
        const read = readBomJson(printed, 'x');
        expect(read.tree).toEqual(stated);
        expect(printBom(read.tree ?? {}, minor, 'json')).toBe(printed);
      }),
      { numRuns: 60 },
    );
  });

  test('survive XML as far as XML can hold them', () => {
    const documents = version.chain((minor) => fc.tuple(fc.constant(minor), objectOf('bom', minor, 4)));

    fc.assert(
      fc.property(documents, ([minor, tree]) => {
        const first = printBom(tree as Record<string, unknown>, minor, 'xml');
        const second = printBom(readBom(first, 'x').tree ?? {}, minor, 'xml');
        const third = printBom(readBom(second, 'x').tree ?? {}, minor, 'xml');
        expect(third).toBe(second);
      }),
      { numRuns: 60 },
    );
  });

  test('are judged without an exception, also when they are nonsense', () => {
    fc.assert(
      fc.property(fc.jsonValue(), version, (value, minor) => {
        validateBom(value, minor);
        validateValue('component', value, minor);
        readCycloneDx(
          JSON.stringify({ bomFormat: 'CycloneDX', specVersion: `1.${minor}`, metadata: value, components: [value] }),
          'x',
        );
      }),
    );
  });

  test('may be cut or garbled anywhere', () => {
    const json =
      '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"a","hashes":[{"alg":"MD5"}]}]}';
    const xml =
      '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library"><name>a</name></component></components></bom>';

    fc.assert(
      fc.property(fc.constantFrom(json, xml), fc.nat(120), fc.string({ maxLength: 3 }), (text, at, inserted) => {
        readCycloneDx(text.slice(0, at), 'x');
        readCycloneDx(text.slice(0, at) + inserted + text.slice(at + 1), 'x');
      }),
    );
  });
});
