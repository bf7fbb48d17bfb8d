// SPDX-License-Identifier: Apache-2.0
// The lists library (apiserver pkg/cel/library/lists.go, Kubernetes 1.0): isSorted, sum, min, max, indexOf, lastIndexOf.

import { addValues } from '../arithmetic.ts';
import type { CelLibrary, Overload } from '../declarations.ts';
import { memberOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { compareValues, equalValues } from '../equality.ts';
import type { CelType } from '../types.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  intType,
  listOf,
  parameter,
  stringType,
  timestampType,
  uintType,
} from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelDouble, CelDuration, CelError, CelUint } from '../values.ts';

type List = readonly CelValue[];

const orderedTypes: readonly CelType[] = [
  intType,
  uintType,
  doubleType,
  boolType,
  stringType,
  bytesType,
  durationType,
  timestampType,
];

function elementsOf(value: CelValue): List {
  return Array.isArray(value) ? (value as List) : [];
}

/** One overload that looks at the elements when it runs, declared for every type that the checker may meet. */
function overOrdered(name: string, result: 'element' | CelType, run: (list: List) => CelValue): readonly Overload[] {
  return orderedTypes.map((type) =>
    memberOverload(`list_${type.kind}_${name}`, [[listOf(type)], result === 'element' ? type : result], (list = null) =>
      run(elementsOf(list)),
    ),
  );
}

function isSorted(list: List): CelValue {
  for (let index = 1; index < list.length; index += 1) {
    const order = compareValues(list[index - 1] ?? null, list[index] ?? null);
    if (order === undefined) return new CelError('no such overload: isSorted()');
    if (order > 0) return false;
  }
  return true;
}

/** The element that comes first (-1) or last (1). */
function extreme(list: List, wanted: 1 | -1): CelValue {
  const [first, ...rest] = list;
  if (first === undefined) return new CelError(`${wanted < 0 ? 'min' : 'max'} called on empty list`);
  let best = first;
  for (const item of rest) {
    const order = compareValues(item, best);
    if (order === undefined) return new CelError('no such overload: elements have no order');
    if (Math.sign(order) === wanted) best = item;
  }
  return best;
}

function total(list: List, zero: CelValue): CelValue {
  let sum = list.length === 0 ? zero : (list[0] ?? zero);
  for (const item of list.slice(1)) {
    sum = addValues(sum, item);
    if (sum instanceof CelError) return sum;
  }
  return sum;
}

const zeros: readonly (readonly [CelType, CelValue])[] = [
  [intType, 0],
  [uintType, new CelUint(0n)],
  [doubleType, new CelDouble(0)],
  [durationType, new CelDuration(0n)],
];

const element = parameter('T');

export const listLibrary: CelLibrary = {
  name: 'lists',
  functions: functionsOf({
    isSorted: overOrdered('is_sorted_bool', boolType, isSorted),
    min: overOrdered('min', 'element', (list) => extreme(list, -1)),
    max: overOrdered('max', 'element', (list) => extreme(list, 1)),
    sum: zeros.map(([type, zero]) =>
      memberOverload(`list_${type.kind}_sum`, [[listOf(type)], type], (list = null) => total(elementsOf(list), zero)),
    ),
    indexOf: [
      memberOverload('list_a_index_of_int', [[listOf(element), element], intType], (list = null, wanted = null) =>
        elementsOf(list).findIndex((item) => equalValues(item, wanted)),
      ),
    ],
    lastIndexOf: [
      memberOverload('list_a_last_index_of_int', [[listOf(element), element], intType], (list = null, wanted = null) =>
        elementsOf(list).findLastIndex((item) => equalValues(item, wanted)),
      ),
    ],
  }),
};
