// SPDX-License-Identifier: Apache-2.0
// Rows of the tables that came out of Go test code.
import { readFileSync } from 'node:fs';

export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** All rows of a table file. */
export function rowsOf(path: string): readonly Row[] {
  return JSON.parse(readFileSync(path, 'utf8')) as readonly Row[];
}

/** A field that must be text; absent reads as empty, as in Go. */
export function textOf(row: Readonly<Record<string, unknown>>, key: string): string {
  const value = row[key];
  return typeof value === 'string' ? value : '';
}

export function has(row: Readonly<Record<string, unknown>>, ...keys: readonly string[]): boolean {
  return keys.every((key) => key in row);
}

/** The name of the Go test function. */
export function testOf(row: Row): string {
  return row.id.split('#')[1]?.split('/')[0] ?? '';
}

/** Arguments of a recorded call such as `{"call": "New", "args": ["1.0.0", "SemanticFormat"]}`. */
export function argumentsOf(value: unknown): readonly string[] {
  if (value === null || typeof value !== 'object' || !('args' in value) || !Array.isArray(value.args)) return [];
  return value.args.filter((item) => typeof item === 'string');
}
