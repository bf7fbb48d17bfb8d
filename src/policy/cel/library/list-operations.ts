// SPDX-License-Identifier: Apache-2.0
// The lists extension of cel-go, version 3 (ext/lists.go; Kubernetes 1.34): slice, flatten, sort, sortBy, distinct, reverse, lists.range, and first and last
// of the optionals extension. Costs are cel-go's: by size, by its square where elements are compared with each other.

import { defaultLimits } from '../../../model/limits.ts';
import type { CelLibrary, Overload } from '../declarations.ts';
import { globalOverload, memberOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { compareValues, equalValues } from '../equality.ts';
import type { CelType } from '../types.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  optionalOf,
  parameter,
  stringType,
  timestampType,
  uintType,
} from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelBytes, CelError, CelOptional, isInt, typeNameOf } from '../values.ts';

type List = readonly CelValue[];

const comparableTypes: readonly CelType[] = [
  intType,
  uintType,
  doubleType,
  boolType,
  durationType,
  timestampType,
  stringType,
  bytesType,
];

const element = parameter('T');
const list = listOf(element);

function itemsOf(value: CelValue = null): List {
  return Array.isArray(value) ? (value as List) : [];
}

/** A list that is made costs ten, and so many for each element. */
function sized(overload: Overload, factor = 1): Overload {
  return { ...overload, cost: (_, result) => 11 + Math.ceil(itemsOf(result).length * factor) };
}

/** All elements of argument `position` are held against each other. */
function compared(overload: Overload, position: 0 | 1): Overload {
  return {
    ...overload,
    cost: (values) => {
      const items = itemsOf(values[position]);
      const isText = typeof items[0] === 'string' || items[0] instanceof CelBytes;
      return 11 + Math.ceil(items.length * items.length * (isText ? 2.1 : 2));
    },
  };
}

function slice(items: List, from: CelValue = 0, to: CelValue = 0): CelValue {
  const [start, end] = [from, to].map((index) => (isInt(index) ? Number(index) : -1));
  if (start === undefined || end === undefined || start < 0 || end < 0)
    return new CelError(`cannot slice(${start}, ${end}), negative indexes not supported`);
  if (start > end)
    return new CelError(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
  if (end > items.length) return new CelError(`cannot slice(${start}, ${end}), list is length ${items.length}`);
  return items.slice(start, end);
}

function flatten(items: List, depth: CelValue = 1): CelValue {
  const levels = isInt(depth) ? Number(depth) : 0;
  if (levels < 0) return new CelError('level must be non-negative');
  return items.flat(Math.min(levels, defaultLimits.expressionDepth)) as CelValue[];
}

function range(count: CelValue = 0): CelValue {
  const size = isInt(count) ? Number(count) : 0;
  if (size > defaultLimits.expressionProduct) return new CelError(`lists.range(${size}) is too long`);
  return Array.from({ length: Math.max(size, 0) }, (_, index) => index);
}

/** Elements that differ from each other; the first of equal ones stays. */
function distinct(items: List): CelValue {
  const simple = new Set<CelValue>();
  const others: CelValue[] = [];
  return items.filter((item) => {
    if (typeof item === 'string' || typeof item === 'boolean') {
      const isNew = !simple.has(item);
      simple.add(item);
      return isNew;
    }
    if (others.some((other) => equalValues(other, item))) return false;
    others.push(item);
    return true;
  });
}

/** The items in the order of their keys. */
function sortByKeys(items: List, keys: List): CelValue {
  if (items.length !== keys.length)
    return new CelError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${items.length} and ${keys.length} elements respectively`,
    );
  const [first] = keys;
  if (first === undefined) return items;
  if (compareValues(first, first) === undefined) return new CelError('list elements must be comparable');
  const type = typeNameOf(first);
  if (keys.some((key) => typeNameOf(key) !== type)) return new CelError('list elements must have the same type');
  const order = items.map((_, index) => index);
  order.sort((left, right) => compareValues(keys[left] ?? null, keys[right] ?? null) ?? 0);
  return order.map((index) => items[index] ?? null);
}

export const listOperationLibrary: CelLibrary = {
  name: 'cel.lib.ext.lists',
  functions: functionsOf({
    slice: [
      sized(
        memberOverload('list_slice', [[list, intType, intType], list], (items, from, to) =>
          slice(itemsOf(items), from, to),
        ),
      ),
    ],
    flatten: [
      sized(memberOverload('list_flatten', [[listOf(list)], list], (items) => flatten(itemsOf(items)))),
      sized(
        memberOverload('list_flatten_int', [[listOf(dynType), intType], listOf(dynType)], (items, depth) =>
          flatten(itemsOf(items), depth),
        ),
      ),
    ],
    reverse: [sized(memberOverload('list_reverse', [[list], list], (items) => itemsOf(items).toReversed()))],
    'lists.range': [sized(globalOverload('lists_range', [[intType], listOf(intType)], range))],
    distinct: [
      compared(
        memberOverload('list_distinct', [[list], list], (items) => distinct(itemsOf(items))),
        0,
      ),
    ],
    sort: comparableTypes.map((type) =>
      compared(
        memberOverload(`list_${type.kind}_sort`, [[listOf(type)], listOf(type)], (items) =>
          sortByKeys(itemsOf(items), itemsOf(items)),
        ),
        0,
      ),
    ),
    // What the macro sortBy calls.
    '@sortByAssociatedKeys': comparableTypes.map((type) =>
      compared(
        memberOverload(`list_${type.kind}_sortByAssociatedKeys`, [[list, listOf(type)], list], (items, keys) =>
          sortByKeys(itemsOf(items), itemsOf(keys)),
        ),
        1,
      ),
    ),
    first: [memberOverload('list_first', [[list], optionalOf(element)], (items) => new CelOptional(itemsOf(items)[0]))],
    last: [
      memberOverload('list_last', [[list], optionalOf(element)], (items) => new CelOptional(itemsOf(items).at(-1))),
    ],
  }),
};
