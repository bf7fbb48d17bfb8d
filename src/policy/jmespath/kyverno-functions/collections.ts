// SPDX-License-Identifier: Apache-2.0
// Kyverno's JMESPath functions on lists and objects.
import { compareStrings, isObject } from '../values.ts';
import type { KyvernoFunction } from './define.ts';
import { define, functionFault, scalarText } from './define.ts';

const collection = ['object', 'array'] as const;

export const collectionFunctions: readonly KyvernoFunction[] = [
  define('label_match', {
    parameters: ['object', 'object'],
    returns: 'boolean',
    note: 'Whether the second object has all members of the first.',
    run: ([wanted, labels]) =>
      isObject(wanted) &&
      isObject(labels) &&
      Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value),
  }),
  define('lookup', {
    parameters: [collection, ['string', 'number']],
    returns: 'any',
    note: 'The member of an object by its key or of a list by its index; null where there is none.',
    run: ([from, key]) => lookup(from, key),
  }),
  define('items', {
    parameters: [collection, 'string', 'string'],
    returns: 'array[object]',
    note: 'The members of an object or list as objects of key and value, under the two names given.',
    run: ([from, key, value]) => items(from, String(key), String(value)),
  }),
  define('object_from_lists', {
    parameters: ['array', 'array'],
    returns: 'object',
    note: 'An object from a list of keys and a list of values; values that are missing are null.',
    run: ([keys, values]) => objectFromLists(keys, values),
  }),
];

function lookup(from: unknown, key: unknown): unknown {
  if (isObject(from)) {
    if (typeof key !== 'string') return functionFault('lookup', '2 argument is expected of String type');
    return Object.hasOwn(from, key) ? from[key] : null;
  }
  if (!Array.isArray(from) || typeof key !== 'number')
    return functionFault('lookup', '2 argument is expected of Number type');
  if (!Number.isInteger(key)) return functionFault('lookup', 'argument #2: expected an integer number');
  return key < 0 ? null : ((from[key] as unknown) ?? null);
}

function items(from: unknown, key: string, value: string): unknown {
  if (Array.isArray(from)) return from.map((item: unknown, index) => ({ [key]: index, [value]: item }));
  if (!isObject(from)) return [];
  const names = Object.keys(from).toSorted(compareStrings);
  return names.map((name) => ({ [key]: name, [value]: from[name] }));
}

function objectFromLists(keys: unknown, values: unknown): unknown {
  if (!Array.isArray(keys) || !Array.isArray(values)) return null;
  const names = keys.map(scalarText);
  const entries = names.flatMap((name, index): [string, unknown][] =>
    name === undefined ? [] : [[name, (values[index] as unknown) ?? null]],
  );
  if (entries.length < names.length)
    return functionFault('object_from_lists', '1 argument is expected of StringArray type');
  return Object.fromEntries(entries);
}
