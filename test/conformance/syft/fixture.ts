// SPDX-License-Identifier: Apache-2.0
// Rows of the pack and the files they speak of: which fixture a row means, and a catalog run over a fixture file or folder.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import type { Cataloger } from '../../../src/evidence/packages/cataloger.ts';
import { catalogers } from '../../../src/evidence/packages/index.ts';
import type { CaseResult } from '../pack.ts';

export type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly inputs?: readonly string[] };

/** Checks of table rows by key, as in mapping.ts: `<folder>/<test file without _test.go>#<test function>`. */
export type TableChecks = Readonly<Record<string, (row: Row, root: string) => CaseResult | Promise<CaseResult>>>;

/** For tables whose rows show what is expected and not what it comes from: an input made from the expectation would prove nothing. */
export function notShown(): CaseResult {
  return { outcome: 'skipped', reason: 'the row does not show the input of its test' };
}

/** A file as it is handed to the catalogers. */
export interface FixtureFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Rows of one JSON file of the pack; none when the file is missing. */
export function readRows(file: string): Row[] {
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8')) as Row[];
}

/** Ecosystems (names of the JSON files) of one part of the pack. */
export function ecosystemsOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.map((name) => name.slice(0, -'.json'.length)).sort();
}

/** `syft/pkg/cataloger/rust/parse_cargo_lock_test.go#TestX/row` -> `rust/parse_cargo_lock#TestX/row`. */
export function shortId(id: string): string {
  return id.replace(/^syft\/pkg\/cataloger\//, '').replace(/_test\.go#/, '#');
}

const fixtureFields = [
  'fixture',
  'Fixture',
  'fixturePath',
  'fixtures',
  'fixtureFile',
  'input',
  'dir',
  'scanDir',
  'filepath',
  'path',
];

/** Absolute paths of what the row parses: the inputs its fixture field names, else all inputs. */
export function fixturesOf(row: Row, root: string): string[] {
  const names = fixtureFields.flatMap((field) => row[field] ?? []).filter((name) => typeof name === 'string');
  const inputs = row.inputs ?? [];
  const named = inputs.filter((input) => names.some((name) => input.endsWith(`/${name}`)));
  return (named.length > 0 ? named : inputs).map((input) => join(root, 'inputs', input));
}

/** All files below a folder, or the one file under its own name or the one given. Paths are relative to the fixture. */
export function readFixture(path: string, name?: string): FixtureFile[] {
  if (!statSync(path).isDirectory()) return [{ path: name ?? basename(path), bytes: readFileSync(path) }];
  const files = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1)).sort();
  return paths.map((file) => ({ path: file, bytes: readFileSync(join(path, file)) }));
}

/** Runs catalogers the way a scan does: offered every file, given those that somebody wants. */
export function runCatalogers(selected: readonly Cataloger[], files: readonly FixtureFile[]): CatalogOutput {
  const run = new CatalogRun(selected, { files: 'owned' });
  for (const file of files) if (run.wants(file.path)) run.take(file);
  return run.finish();
}

/** Catalogers by id; for an id that does not exist, the sentence that says so. */
export function catalogersNamed(ids: readonly string[]): Cataloger[] | string {
  const unknown = ids.filter((id) => !catalogers.some((cataloger) => cataloger.id === id));
  if (unknown.length > 0) return `there is no cataloger ${unknown.join(', ')}`;
  return catalogers.filter((cataloger) => ids.includes(cataloger.id));
}
