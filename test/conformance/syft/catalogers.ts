// SPDX-License-Identifier: Apache-2.0
// catalogers/*.json: a fixture file or folder -> packages, licences and dependencies. Runs the mapped catalogers as a scan would.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withGuessedVersions } from '../../../src/evidence/package-facts/python-guess.ts';
import { asArray, asObject } from '../../../src/formats/document.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectSameSet, failed, passed } from '../pack.ts';
import type { CatalogerMapping } from './cataloger-mapping.ts';
import { expectDependencies, expectPackages } from './compare.ts';
import type { Row } from './fixture.ts';
import { catalogersNamed, ecosystemsOf, fixturesOf, readFixture, readRows, runCatalogers, shortId } from './fixture.ts';
import { catalogerMapping, mappedBy } from './mapping.ts';
import { withRegistry } from './registry.ts';

const packageFields = [
  'expectedPkgs',
  'expectedPackages',
  'expectedPkg',
  'expected',
  'wantPkgs',
  'want',
  'ExpectedPkg',
  'wantNames',
];
const relationFields = ['expectedRelationships', 'wantRelationships', 'expectedRels', 'wantRel'];

/** Case ids are `catalogers/<ecosystem>/<test file>#<test>`. */
export function cases(root: string): ConformanceCase[] {
  const folder = join(root, 'catalogers');
  return ecosystemsOf(folder).flatMap((ecosystem) =>
    readRows(join(folder, `${ecosystem}.json`)).map((row) => {
      const id = shortId(row.id);
      const rest = id.startsWith(`${ecosystem}/`) ? id.slice(ecosystem.length + 1) : id;
      return { id: `catalogers/${ecosystem}/${rest}`, run: () => runRow(row, root, mappedBy(catalogerMapping, id)) };
    }),
  );
}

async function runRow(row: Row, root: string, mapping: CatalogerMapping | undefined): Promise<CaseResult> {
  if (mapping === undefined) return failed('a cataloger for this test', 'not mapped');
  if (mapping.outside !== undefined) return { outcome: 'skipped', reason: mapping.outside };
  if (mapping.answer !== undefined) return mapping.answer(row, root);
  const fixtures = fixturesOf(row, root);
  const missing = fixtures.filter((path) => !existsSync(path));
  if (missing.length > 0)
    return { outcome: 'skipped', reason: `the fixture is not in the pack: ${missing.join(', ')}` };
  const files = fixtures.flatMap((path) =>
    readFixture(path, typeof mapping.presentAs === 'function' ? mapping.presentAs(path, row) : mapping.presentAs).map(
      (file) => (mapping.folder === 'own name' ? { ...file, path: `${basename(path)}/${file.path}` } : file),
    ),
  );
  files.push(...(mapping.alongside?.(row, root) ?? []));
  const selected = catalogersNamed(mapping.catalogers ?? []);
  if (typeof selected === 'string') return failed('a cataloger for this test', selected);
  const read = runCatalogers(selected, files);
  const output = mapping.registry === undefined ? read : await withRegistry(read, mapping.registry, { row, root });
  const isGuessed = asObject(row['cfg'])?.['GuessUnpinnedRequirements'] === true;
  const packages = (isGuessed ? output.lists.map(withGuessedVersions) : output.lists)
    .flatMap((list) => list.packages)
    .filter(mapping.keep ?? (() => true))
    .map(mapping.statedAs ?? ((item) => item));
  const own = mapping.check?.(row, { output, packages, fixtures });
  if (own !== undefined) return own;

  const stated = packageFields.filter((field) => field in row);
  const results: CaseResult[] = [];
  for (const field of stated) {
    const expected = packagesIn(row[field]);
    if (expected === undefined) return failed(row[field], 'not in a form this adapter compares');
    results.push(field === 'wantNames' ? expectNames(expected, packages) : expectPackages(expected, packages));
  }
  const relations = relationFields.map((field) => row[field]).filter((value) => value !== undefined && value !== null);
  for (const value of relations) results.push(expectDependencies(asArray(value), output));
  if (row['wantErr'] === 'require.Error' && output.problems.length === 0) results.push(failed('a problem', 'none'));
  if (stated.length === 0 && relations.length === 0 && relationFields.every((field) => !(field in row))) {
    return failed('a field that states packages', Object.keys(row));
  }
  return results.find((result) => result.outcome !== 'passed') ?? passed;
}

/** A list of packages, one package, or nothing; undefined for anything else (calls, metadata of Syft's own types). */
function packagesIn(value: unknown): readonly unknown[] | undefined {
  if (value === null) return [];
  if (Array.isArray(value))
    return value.every((item) => typeof item === 'string' || isPackage(item)) ? value : undefined;
  return isPackage(value) ? [value] : undefined;
}

function isPackage(value: unknown): boolean {
  return asObject(value)?.['type'] === 'pkg.Package';
}

function expectNames(expected: readonly unknown[], packages: readonly { readonly name: string }[]): CaseResult {
  return expectSameSet(expected, [...new Set(packages.map((item) => item.name))]);
}
