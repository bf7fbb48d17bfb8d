// SPDX-License-Identifier: Apache-2.0
// What calls of functions cost in the API server (apiserver pkg/cel/library/cost.go CallCost), by the name of the function, whatever library it is from.

import type { CelLibrary, Overload } from './declarations.ts';
import { entriesOfMap, isMap } from './equality.ts';
import { sizeForCost } from './operators.ts';
import type { CelValue } from './values.ts';
import { CelBytes } from './values.ts';

type Cost = NonNullable<Overload['cost']>;

const traversalFactor = 0.1;

/** Reading a text once, rounded up; `times` for what reads or writes it more often. */
function reading(times = 1): Cost {
  return ([value = null]) => Math.ceil(sizeForCost(value) * times * traversalFactor);
}

/** Reading all of a value: texts by their length, rounded down; lists and maps by what is in them. */
function traversalOf(value: CelValue): number {
  if (typeof value === 'string') return Math.floor(Buffer.byteLength(value) * traversalFactor);
  if (value instanceof CelBytes) return Math.floor(value.value.length * traversalFactor);
  if (Array.isArray(value))
    return (value as readonly CelValue[]).reduce<number>((sum, item) => sum + traversalOf(item), 0);
  if (!isMap(value)) return 1;
  let sum = 0;
  for (const [key, item] of entriesOfMap(value)) sum += traversalOf(key) + traversalOf(item);
  return sum;
}

const traversal: Cost = ([value = null]) => traversalOf(value);
/** So much that one expression can ask the authorizer only twice. */
const authorizationCheck: Cost = () => 350_000;

const costs: Readonly<Record<string, Cost>> = {
  check: authorizationCheck,
  isSorted: traversal,
  sum: traversal,
  max: traversal,
  min: traversal,
  indexOf: traversal,
  lastIndexOf: traversal,
  url: reading(),
  lowerAscii: reading(),
  upperAscii: reading(),
  substring: reading(),
  trim: reading(),
  'jsonpatch.escapeKey': reading(),
  replace: reading(2),
  split: reading(2),
  join: (_, result) => Math.ceil(sizeForCost(result) * 2 * traversalFactor),
  cidr: reading(),
  isIP: reading(),
  isCIDR: reading(),
  'ip.isCanonical': reading(2),
  quantity: reading(),
  isQuantity: reading(),
  semver: reading(),
  isSemver: reading(),
};

/** The library with the costs of the API server. */
export function withKubernetesCosts(library: CelLibrary): CelLibrary {
  return {
    ...library,
    functions: library.functions.map(({ name, overloads }) => {
      const cost = Object.hasOwn(costs, name) ? costs[name] : undefined;
      return cost === undefined
        ? { name, overloads }
        : { name, overloads: overloads.map((each) => ({ ...each, cost })) };
    }),
  };
}
