// SPDX-License-Identifier: Apache-2.0
// The functions of the JMESPath specification (jmespath.org, built-in functions).
import { JmespathFault } from './fault.ts';
import type { CallContext, JmespathFunction } from './function.ts';
import { jsonText } from './json-text.ts';
import { compareStrings, ExpressionReference, isEqual, typeOf } from './values.ts';

const number = ['number'] as const;
const string = ['string'] as const;
const array = ['array'] as const;
const expression = ['expression'] as const;
const any = ['any'] as const;
const comparable = ['array[number]', 'array[string]'] as const;

type Run = JmespathFunction['run'];

function define(name: string, parameters: JmespathFunction['parameters'], run: Run): JmespathFunction {
  return { name, parameters, run };
}

function numeric(name: string, run: (value: number) => number): JmespathFunction {
  return define(name, [number], ([value]) => run(Number(value)));
}

function textual(name: string, run: (subject: string, other: string) => unknown): JmespathFunction {
  return define(name, [string, string], ([subject, other]) => run(String(subject), String(other)));
}

export const standardFunctions: readonly JmespathFunction[] = [
  numeric('abs', Math.abs),
  define('avg', [['array[number]']], ([list]) => average(list as readonly number[])),
  numeric('ceil', Math.ceil),
  define('contains', [['array', 'string'], any], contains),
  textual('ends_with', (subject, other) => subject.endsWith(other)),
  numeric('floor', Math.floor),
  define('join', [string, ['array[string]']], ([glue, list]) => (list as readonly string[]).join(String(glue))),
  define('keys', [['object']], ([value]) => Object.keys(value as object)),
  define('length', [['string', 'array', 'object']], ([value]) => lengthOf(value)),
  define('map', [expression, array], mapList),
  define('max', [comparable], ([list]) => extreme(list as readonly unknown[], list as readonly unknown[], 1)),
  define('max_by', [array, expression], (args, context) => extremeBy(args, context, 1)),
  {
    name: 'merge',
    parameters: [['object']],
    repeats: 'last',
    run: (args) => Object.fromEntries(args.flatMap((value) => Object.entries(value as object))),
  },
  define('min', [comparable], ([list]) => extreme(list as readonly unknown[], list as readonly unknown[], -1)),
  define('min_by', [array, expression], (args, context) => extremeBy(args, context, -1)),
  {
    name: 'not_null',
    parameters: [any],
    repeats: 'last',
    run: (args) => args.find((value) => value !== null && value !== undefined) ?? null,
  },
  define('reverse', [['array', 'string']], ([value]) =>
    Array.isArray(value) ? value.toReversed() : Array.from(String(value)).toReversed().join(''),
  ),
  define('sort', [comparable], ([list]) => sortByKeys(list as readonly unknown[], list as readonly unknown[])),
  define('sort_by', [array, expression], sortBy),
  textual('starts_with', (subject, other) => subject.startsWith(other)),
  define('sum', [['array[number]']], ([list]) => (list as readonly number[]).reduce((sum, item) => sum + item, 0)),
  define('to_array', [any], ([value]) => (Array.isArray(value) ? value : [value])),
  define('to_number', [any], ([value]) => toNumber(value)),
  define('to_string', [any], ([value], { dialect, budget }) =>
    typeof value === 'string' ? value : (jsonText(value, dialect, budget) ?? null),
  ),
  define('type', [any], ([value]) => typeOf(value)),
  define('values', [['object']], ([value]) => Object.values(value as object)),
];

function average(list: readonly number[]): number | null {
  return list.length === 0 ? null : list.reduce((sum, item) => sum + item, 0) / list.length;
}

function contains([subject, wanted]: readonly unknown[], { budget }: CallContext): boolean {
  if (Array.isArray(subject)) return subject.some((item) => !budget.isSpent && isEqual(item, wanted, budget));
  return typeof wanted === 'string' && String(subject).includes(wanted);
}

/** Strings are counted in code points. */
function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'string') return Object.keys(value as object).length;
  let count = 0;
  for (const _character of value) count += 1;
  return count;
}

const decimal = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const longestNumber = 400;

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > longestNumber || !decimal.test(value)) return null;
  const read = Number(value);
  return Number.isFinite(read) ? read : null;
}

function compareKeys(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return compareStrings(String(left), String(right));
}

/** The item with the greatest (`sign` 1) or smallest (-1) key; the first of equals. */
function extreme(items: readonly unknown[], keys: readonly unknown[], sign: 1 | -1): unknown {
  let best = 0;
  for (let index = 1; index < items.length; index += 1)
    if (sign * compareKeys(keys[index], keys[best]) > 0) best = index;
  return items[best] ?? null;
}

function sortByKeys(items: readonly unknown[], keys: readonly unknown[]): unknown[] {
  return items
    .map((item, index) => ({ item, key: keys[index] }))
    .sort((left, right) => compareKeys(left.key, right.key))
    .map(({ item }) => item);
}

/** The keys an expression gives for each item: all numbers or all strings. */
function keysBy(items: readonly unknown[], by: unknown, { budget }: CallContext): unknown[] | JmespathFault {
  const keys: unknown[] = [];
  if (!(by instanceof ExpressionReference)) return keys;
  for (const item of items) {
    const key = by.evaluate(item, budget);
    if (key instanceof JmespathFault) return key;
    const type = typeof key;
    if ((type !== 'number' && type !== 'string') || (keys.length > 0 && type !== typeof keys[0]))
      return new JmespathFault(
        'invalid-type',
        'invalid type, the expression must evaluate to all numbers or all strings',
      );
    keys.push(key);
  }
  return keys;
}

function extremeBy([list, by]: readonly unknown[], context: CallContext, sign: 1 | -1): unknown {
  const items = list as readonly unknown[];
  const keys = keysBy(items, by, context);
  return keys instanceof JmespathFault ? keys : extreme(items, keys, sign);
}

function sortBy([list, by]: readonly unknown[], context: CallContext): unknown {
  const items = list as readonly unknown[];
  const keys = keysBy(items, by, context);
  return keys instanceof JmespathFault ? keys : sortByKeys(items, keys);
}

function mapList([by, list]: readonly unknown[], { budget }: CallContext): unknown {
  const results: unknown[] = [];
  if (!(by instanceof ExpressionReference)) return results;
  for (const item of list as readonly unknown[]) {
    const result = by.evaluate(item, budget);
    if (result instanceof JmespathFault) return result;
    results.push(result ?? null);
  }
  return results;
}
