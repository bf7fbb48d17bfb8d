// SPDX-License-Identifier: Apache-2.0
// Values of a matrix that stand there twice, and exclusions that exclude nothing.
import { quotedList } from '../fault.ts';
import type { LintContext } from '../lint-context.ts';
import type { Matrix, RawValue } from '../workflow.ts';

/** Rows longer than this are made by programs; comparing all with all would take long. */
const mostCompared = 256;

export function checkMatrix(context: LintContext): void {
  for (const { value: job } of context.workflow.jobs.values()) {
    const matrix = job.strategy?.matrix;
    if (matrix === undefined) continue;
    for (const { name, value: row } of matrix.rows.values()) checkDuplicates(context, name.value, row.values);
    checkExclusions(context, matrix);
  }
}

function checkDuplicates(context: LintContext, name: string, values: readonly RawValue[]): void {
  const seen: RawValue[] = [];
  for (const value of values.slice(0, mostCompared)) {
    const previous = seen.find((other) => isSame(other, value));
    if (previous === undefined) seen.push(value);
    else
      context.report({
        kind: 'matrix',
        message: `duplicate value ${printed(value)} is found in matrix ${JSON.stringify(name)}. the same value is at ${context.place(previous.offset)}`,
        offset: value.offset,
      });
  }
}

function checkExclusions({ report }: LintContext, { exclude, include, offset, rows }: Matrix): void {
  if (exclude === undefined || exclude.combinations.length === 0 || include?.expression !== undefined) return;
  const included = include?.combinations ?? [];
  if (rows.size === 0 && included.length === 0) {
    report({ kind: 'matrix', message: '"exclude" section exists but no matrix variation exists', offset });
    return;
  }
  if (included.some(({ expression }) => expression !== undefined)) return;
  for (const { assigns } of exclude.combinations) {
    for (const [id, { name, value }] of assigns) {
      const row = rows.get(id)?.value;
      const added = included.flatMap((combination) => combination.assigns.get(id)?.value ?? []);
      if (row === undefined && added.length === 0) {
        const message = `${JSON.stringify(name.value)} in "exclude" section does not exist in matrix. available matrix configurations are ${quotedList(rows.keys())}`;
        report({ kind: 'matrix', message, offset: name.offset });
        continue;
      }
      const possible = [...(row?.values ?? []), ...added];
      if (row?.expression !== undefined || possible.some((candidate) => isCovered(value, candidate))) continue;
      const message = `value ${printed(value)} in "exclude" does not match in matrix ${JSON.stringify(name.value)} combinations. possible values are ${possible.map(printed).join(', ')}`;
      report({ kind: 'matrix', message, offset: value.offset });
    }
  }
}

function isSame(left: RawValue, right: RawValue): boolean {
  if (left.kind === 'scalar') return right.kind === 'scalar' && left.text.value === right.text.value;
  if (left.kind === 'array')
    return (
      right.kind === 'array' &&
      left.items.length === right.items.length &&
      left.items.every((item, at) => matched(item, right.items[at], isSame))
    );
  return (
    right.kind === 'object' &&
    left.members.size === right.members.size &&
    [...left.members].every(([id, { value }]) => matched(value, right.members.get(id)?.value, isSame))
  );
}

/** Whether an exclusion covers a value: of objects only the named members need to agree; what is computed may be anything. */
function isCovered(exclusion: RawValue, value: RawValue): boolean {
  if (isComputed(exclusion) || isComputed(value)) return true;
  if (exclusion.kind === 'object')
    return (
      value.kind === 'object' &&
      [...exclusion.members].every(([id, member]) => matched(member.value, value.members.get(id)?.value, isCovered))
    );
  if (exclusion.kind === 'array')
    return (
      value.kind === 'array' &&
      exclusion.items.length === value.items.length &&
      exclusion.items.every((item, at) => matched(item, value.items[at], isCovered))
    );
  return value.kind === 'scalar' && isAlike(exclusion.text.value, value.text.value);
}

/** Texts are compared without case, as in expressions. */
function isAlike(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function isComputed(value: RawValue): boolean {
  return value.kind === 'scalar' && value.text.value.includes('${{');
}

function matched(
  left: RawValue,
  right: RawValue | undefined,
  compare: (left: RawValue, right: RawValue) => boolean,
): boolean {
  return right !== undefined && compare(left, right);
}

function printed(value: RawValue): string {
  return JSON.stringify(plain(value)).slice(0, 200);
}

function plain(value: RawValue): unknown {
  if (value.kind === 'scalar') return value.text.value;
  if (value.kind === 'array') return value.items.map(plain);
  return Object.fromEntries(
    [...value.members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, member]) => [id, plain(member.value)]),
  );
}
