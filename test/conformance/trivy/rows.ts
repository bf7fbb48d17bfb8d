// SPDX-License-Identifier: Apache-2.0
// Rows of the pack: Go test tables as JSON, one file per upstream package, and the special values they hold.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { failed } from '../pack.ts';

export interface Row {
  readonly id: string;
  /** Paths below `inputs/`. */
  readonly inputs?: readonly string[];
  readonly [field: string]: unknown;
}

export interface RowRunner {
  /** Beginning of the ids it runs, without the folder: `pkg/dependency/parser/python/python_test.go#`. */
  readonly prefix: string;
  run(row: Row, root: string): CaseResult | Promise<CaseResult>;
}

/** Rows of every JSON file of one folder of the pack. */
export function rowsOf(root: string, folder: string): Row[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => readRows(join(path, name)));
}

function readRows(file: string): Row[] {
  const rows = JSON.parse(readFileSync(file, 'utf8')) as Partial<Row>[];
  const name = file.slice(file.lastIndexOf('/') + 1, -'.json'.length);
  return rows.map((row, index) => ({ ...row, id: row.id ?? `${name}/${index}` }));
}

/** Cases of a folder: the first runner whose prefix fits, else `otherwise`. */
export function casesOf(
  root: string,
  folder: string,
  runners: readonly RowRunner[],
  otherwise: (row: Row) => CaseResult = unmapped,
): ConformanceCase[] {
  return rowsOf(root, folder).map((row) => {
    const runner = runners.find((item) => row.id.startsWith(item.prefix));
    return {
      id: `${folder}/${row.id}`,
      run: () => (runner === undefined ? otherwise(row) : runner.run(row, root)),
    };
  });
}

/** A row that no part of the adapter knows how to run. */
export function unmapped(row: Row): CaseResult {
  return failed(row['want'] ?? row['wantPkgs'] ?? 'a result', 'nothing in the adapter runs this row');
}

/** Folder of the upstream test: `pkg/dependency/parser/rust/cargo`. */
export function folderOf(row: Row): string {
  const file = row.id.split('#')[0] ?? '';
  return file.slice(0, file.lastIndexOf('/'));
}

export type WantedError = 'stated' | 'none' | 'unstated';

/** `wantErr` comes as a text of the message, a boolean or the name of an assertion. */
export function wantedError(row: Row): WantedError {
  const value = row['wantErr'];
  if (value === undefined) return 'unstated';
  if (value === false || value === '' || value === null) return 'none';
  if (typeof value === 'string' && /^(?:assert|require)\.NoError$/.test(value)) return 'none';
  return 'stated';
}
