// SPDX-License-Identifier: Apache-2.0
// The sets extension (cel-go ext/sets.go, Kubernetes 1.29): lists as sets, compared by CEL equality.

import type { CelLibrary, Overload } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { equalValues } from '../equality.ts';
import { boolType, listOf, parameter } from '../types.ts';
import type { CelValue } from '../values.ts';

type List = readonly CelValue[];

function has(list: List, wanted: CelValue): boolean {
  return list.some((item) => equalValues(item, wanted));
}

function contains(list: List, part: List): boolean {
  return part.every((item) => has(list, item));
}

const list = listOf(parameter('T'));

function overSets(id: string, test: (left: List, right: List) => boolean): readonly Overload[] {
  const run = (left: CelValue = null, right: CelValue = null): CelValue => test(left as List, right as List);
  const cost: Overload['cost'] = (values) =>
    values.reduce<number>((product, value) => product * (Array.isArray(value) ? Math.max(value.length, 1) : 1), 1);
  return [{ ...globalOverload(id, [[list, list], boolType], run), cost }];
}

export const setLibrary: CelLibrary = {
  name: 'sets',
  functions: functionsOf({
    'sets.contains': overSets('list_sets_contains_list', contains),
    'sets.equivalent': overSets(
      'list_sets_equivalent_list',
      (left, right) => contains(left, right) && contains(right, left),
    ),
    'sets.intersects': overSets('list_sets_intersects_list', (left, right) => left.some((item) => has(right, item))),
  }),
};
