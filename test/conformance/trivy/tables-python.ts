// SPDX-License-Identifier: Apache-2.0
// Rows of Trivy's Python packages that are not "file -> packages". What upstream's inner functions give is read off the packages
// that our catalogers find in a file made for the row.

import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import { catalogers } from '../../../src/evidence/packages/index.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../../src/formats/document.ts';
import type { Package } from '../../../src/model/package.ts';
import { parsePurl } from '../../../src/model/purl.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, expectSameSet, failed, passed } from '../pack.ts';
import { inputOf } from './inputs.ts';
import type { Row, RowRunner } from './rows.ts';
import { unmapped, wantedError } from './rows.ts';

function catalog(ids: readonly string[], path: string, bytes: Uint8Array): CatalogOutput {
  const run = new CatalogRun(catalogers.filter((cataloger) => ids.includes(cataloger.id)));
  run.take({ path, bytes });
  return run.finish();
}

/** The normalised name is the name in the package URL, which is always lower case; upstream can also leave the case alone. */
function runNormalizedName(row: Row): CaseResult {
  const name = asString(row['pkgName']) ?? '';
  const output = catalog(['python-requirements'], 'requirements.txt', new TextEncoder().encode(`${name}==1.0\n`));
  const purl = parsePurl(output.lists[0]?.packages[0]?.purl ?? '');
  const expected = asString(row['expected']) ?? '';
  return expectEqual(row['lowerCase'] === true ? expected : expected.toLowerCase(), purl?.name);
}

/** One package that needs the row's package, and the locked versions the row lists: the edge must lead to the wanted one. */
function runLockedDependency(row: Row): CaseResult {
  const range = row['versionRange'];
  const constraint = asString(range) ?? asString(asObject(range)?.['version']) ?? '*';
  const locked = entriesOf(row['pkgsVersions']).flatMap(([name, versions]) =>
    asStrings(versions).map((version) => ({ name, version })),
  );
  const entry = (name: string, version: string): string =>
    `[[package]]\nname = ${JSON.stringify(name)}\nversion = ${JSON.stringify(version)}\n`;
  const text = [
    entry('the-asking-package', '1'),
    `[package.dependencies]\n${JSON.stringify(row['packageName'])} = ${JSON.stringify(constraint)}\n`,
    ...locked.map(({ name, version }) => entry(name, version)),
  ].join('\n');
  const output = catalog(['poetry-lock'], 'poetry.lock', new TextEncoder().encode(text));
  const edges = output.lists[0]?.packages[0]?.dependsOn ?? [];
  if (row['wantErr'] !== undefined) return edges.length === 0 ? passed : failed('no dependency', edges);
  return expectEqual([row['want']], edges);
}

/** Upstream's tables of names: main dependencies, and those of every group of Poetry. The interpreter itself is left out of both. */
function runPyproject(row: Row, root: string): CaseResult {
  const input = inputOf(row, root);
  const file = input?.files[0];
  if (file === undefined) return unmapped(row);
  const output = catalog(['pyproject'], 'pyproject.toml', file.bytes);
  if (wantedError(row) === 'stated') {
    return output.problems.some((problem) => problem.hidesFindings) ? passed : failed('a problem', output.lists);
  }
  const packages = output.lists.flatMap((list) => list.packages).filter((item) => item.relationship === 'direct');
  const want = row['want'];
  const names = (item: Package): string => parsePurl(item.purl ?? '')?.name ?? item.name;
  const isMain = (item: Package): boolean => item.scope === 'runtime' || item.scope === 'optional';
  if (Array.isArray(want)) return expectSameSet(want, [...new Set(packages.filter(isMain).map(names))]);
  const expected = tablesOf(asObject(want) ?? {});
  const actual = packages
    .filter((item) => item.scope !== 'build')
    .map((item) => `${isMain(item) ? 'main' : item.facts?.groups?.join()}: ${names(item)}`);
  return expectSameSet(expected, [...new Set(actual)]);
}

function tablesOf(want: Readonly<Record<string, unknown>>): string[] {
  const set = (value: unknown): readonly string[] =>
    asArray(asObject(asObject(value)?.['Dependencies'])?.['Set']).filter(
      (name): name is string => typeof name === 'string' && name !== 'python',
    );
  const poetry = asObject(asObject(want['Tool'])?.['Poetry']);
  const main = [...set(want['Project']), ...set(poetry)].map((name) => `main: ${name}`);
  const groups = entriesOf(poetry?.['Groups']).flatMap(([group, table]) =>
    set(table).map((name) => `${group}: ${name}`),
  );
  return [...main, ...groups];
}

/** Upstream's environments also name the prefix, which says where the packages would be installed; only the packages are compared. */
function runCondaEnvironment(row: Row, root: string): CaseResult {
  const file = inputOf(row, root)?.files[0];
  if (file === undefined) return unmapped(row);
  const output = catalog(['conda-environment'], 'environment.yaml', file.bytes);
  if (wantedError(row) === 'stated') {
    return output.problems.some((problem) => problem.hidesFindings) ? passed : failed('a problem', output.lists);
  }
  const wanted = asArray(asObject(row['want'])?.['Packages']).map((value) => {
    const item = asObject(value);
    const place = asObject(asArray(item?.['Locations'])[0]);
    return { name: item?.['Name'], version: item?.['Version'] ?? '', line: place?.['StartLine'] };
  });
  // Upstream reads only the list of conda, not the one under `pip:`.
  const ours = output.lists.flatMap((list) => list.packages).filter((item) => item.type === 'conda');
  const actual = ours.map((item) => ({ name: item.name, version: item.version, line: item.locations[0]?.line }));
  return expectSameSet(wanted, actual);
}

export const pythonRunners: readonly RowRunner[] = [
  { prefix: 'pkg/dependency/parser/python/python_test.go#Test_NormalizePkgName', run: runNormalizedName },
  { prefix: 'pkg/dependency/parser/python/poetry/parse_test.go#TestParseDependency', run: runLockedDependency },
  { prefix: 'pkg/dependency/parser/python/pyproject/pyproject_test.go#', run: runPyproject },
  { prefix: 'pkg/dependency/parser/conda/environment/parse_test.go#TestParse', run: runCondaEnvironment },
];
