// SPDX-License-Identifier: Apache-2.0
// Rows of Grype's test tables, and how they become cases: a runner per test function of Grype.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult, ConformanceCase } from '../pack.ts';

export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Context {
  readonly root: string;
  /** All rows of the same test function. */
  readonly siblings: readonly Row[];
}

export type Runner = (row: Row, context: Context) => CaseResult | Promise<CaseResult>;

/** `grype/vex/processor_test.go#TestProcessor_ApplyVEX` and what runs its rows. */
export type Runners = Readonly<Record<string, Runner>>;

const loaded = new Map<string, readonly Row[]>();

/** Every row of the pack, in the order of its tables. */
export function allRows(root: string): readonly Row[] {
  const known = loaded.get(root);
  if (known !== undefined) return known;
  const folder = join(root, 'tables');
  const rows = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Row[]);
  loaded.set(root, rows);
  return rows;
}

/** `path#Function` of a row, whatever its name. */
export function functionOf(row: Row): string {
  return /^[^#]*#[^/]*/.exec(row.id)?.[0] ?? row.id;
}

/** Upstream's name of the row. */
export function nameOf(row: Row): string {
  return row.id.slice(functionOf(row).length + 1);
}

/** The cases that the runners know, with ids that are unique in the pack. */
export function casesFor(root: string, runners: Runners): readonly ConformanceCase[] {
  const byFunction = Map.groupBy(allRows(root), functionOf);
  return Object.entries(runners).flatMap(([key, run]) => {
    const siblings = byFunction.get(key) ?? [];
    return siblings.map((row, index) => ({
      id: idOf(row, siblings, index),
      run: () => run(row, { root, siblings }),
    }));
  });
}

/** The row's id; of rows with one name the later ones are numbered. */
export function idOf(row: Row, siblings: readonly Row[], index: number): string {
  const before = siblings.slice(0, index).filter((other) => other.id === row.id).length;
  return before === 0 ? row.id : `${row.id} (${before + 1})`;
}

type Fields = Readonly<Record<string, unknown>>;

/** An object with what the table says; empty for anything else. */
export function fields(value: unknown): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function texts(value: unknown): readonly string[] {
  return list(value).map(text);
}

/** A function call that stood in upstream's table: its name and arguments. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

export function callOf(value: unknown): Call | undefined {
  const { call, args } = fields(value);
  return typeof call === 'string' ? { name: call.replace(/^.*\./, ''), args: list(args) } : undefined;
}

/** Functions of Go's tests that only make a pointer or a typed value of their one argument. */
const wrappers = new Set([
  'ptr',
  'asPtr',
  'strPtr',
  'stringPtr',
  'stringRef',
  'intPtr',
  'mustCPE',
  'New',
  'ParseTime',
  'Must',
]);

/** The value with such wrappers taken off, all the way down. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  const call = callOf(value);
  if (call !== undefined) {
    return wrappers.has(call.name) && call.args.length === 1 ? plain(call.args[0]) : value;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Whether something of the value was left as a call or a piece of syntax. */
export function isUnresolved(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('*ast.');
  if (Array.isArray(value)) return value.some(isUnresolved);
  if (callOf(value) !== undefined) return true;
  return value !== null && typeof value === 'object' && Object.values(value).some(isUnresolved);
}

/** Constants of Go (`vulnerability.HighSeverity`, `syftPkg.GemPkg`) without their package. */
export function constant(value: unknown): string {
  return text(value).replace(/^[A-Za-z]+\./, '');
}

/** Says why a row cannot be judged; the skips file has to say it as well. */
export function skipped(reason: string): CaseResult {
  return { outcome: 'skipped', reason };
}

export function inputText(context: Context, path: string): string {
  return readFileSync(join(context.root, 'inputs', path), 'utf8');
}

/** Whether the row expects an error. */
export function rowFails(row: Row): boolean {
  return Object.entries(row).some(
    ([key, value]) => /err/i.test(key) && value !== false && value !== null && !text(value).endsWith('NoError'),
  );
}

/** `time.Date(2023, 9, 26, 12, 0, 0, 0, time.UTC)` as RFC 3339; undefined for nil. */
export function timeOf(value: unknown): string | undefined {
  const call = callOf(value);
  if (call?.name === 'timeRef' || call?.name === 'ptrTime' || call?.name === 'timePtr') return timeOf(call.args[0]);
  if (call?.name !== 'Date') return undefined;
  const months = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ];
  const [year, month, day, hour, minute, second] = call.args.map((part) =>
    typeof part === 'number' ? part : months.indexOf(constant(part)) + 1,
  );
  const date = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  return `${new Date(date).toISOString().slice(0, 19)}Z`;
}
