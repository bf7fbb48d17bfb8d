// SPDX-License-Identifier: Apache-2.0
// CycloneDX: documents that are valid or not at their version, in three syntaxes, and examples that must survive reading and printing.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printBom, readBomJson, readBomTextproto, readBomXml } from '../../src/formats/cyclonedx/bom.ts';
import { officialSchemas, type SchemaCheck } from './cyclonedx-schemas.ts';
import { type CaseResult, type ConformanceCase, type ConformancePack, expectEqual, failed, passed } from './pack.ts';

interface SchemaCase {
  readonly id: string;
  readonly specVersion: string;
  readonly format: 'json' | 'xml' | 'textproto';
  readonly expected: 'valid' | 'invalid';
}

const readers = { json: readBomJson, xml: readBomXml, textproto: readBomTextproto };

function runSchemaCase(root: string, test: SchemaCase): CaseResult {
  const text = readFileSync(join(root, 'inputs', test.id), 'utf8');
  const { problems } = readers[test.format](text, test.id);
  const actual = problems.length === 0 ? 'valid' : 'invalid';
  return actual === test.expected ? passed : failed(test.expected, { actual, problems: problems.slice(0, 3) });
}

/** Read without a problem, printed, read again: the same tree, and printing adds nothing that the official schema refuses. */
function runExample(root: string, file: string, schemas: SchemaCheck | undefined): CaseResult {
  const syntax = file.endsWith('.xml') ? 'xml' : 'json';
  const read = readers[syntax];
  const text = readFileSync(join(root, 'examples', file), 'utf8');
  const first = read(text, file);
  if (first.problems.length > 0) return failed('no problems', first.problems.slice(0, 3));
  if (first.tree === undefined || first.minor === undefined) return failed('a tree of a known version', first.minor);
  const printed = printBom(first.tree, first.minor, syntax);
  const second = read(printed, file);
  if (second.problems.length > 0) return failed('no problems after printing', second.problems.slice(0, 3));
  if (second.tree === undefined || second.minor !== first.minor) return failed(first.minor, second.minor);
  if (printBom(second.tree, second.minor, syntax) !== printed) return failed('the same text again', 'another text');
  if (syntax === 'json' && schemas !== undefined) {
    const version = `1.${first.minor}`;
    const before = schemas(version, JSON.parse(text.replace(/^\uFEFF/, '')));
    const after = schemas(version, JSON.parse(printed));
    if (after.length > before.length) return failed(before, after);
  }
  return expectEqual(first.tree, second.tree);
}

export const cyclonedxPack: ConformancePack = {
  name: 'cyclonedx',
  cases(root) {
    const table = join(root, 'schema-cases.json');
    const schemaCases = existsSync(table) ? (JSON.parse(readFileSync(table, 'utf8')) as SchemaCase[]) : [];
    const folder = join(root, 'examples');
    const examples = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
    const schemas = officialSchemas(root);
    return [
      ...schemaCases.map((test): ConformanceCase => ({ id: test.id, run: () => runSchemaCase(root, test) })),
      ...examples
        .filter((file) => /\.(?:json|xml)$/.test(file))
        .sort()
        .map((file): ConformanceCase => ({ id: `examples/${file}`, run: () => runExample(root, file, schemas) })),
    ];
  },
};
