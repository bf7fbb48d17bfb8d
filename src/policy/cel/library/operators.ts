// SPDX-License-Identifier: Apache-2.0
// Signatures of the operators, for the checker. The planner has closures of its own for them (operators.ts one level up).

import {
  addValues,
  divideValues,
  modulusOfValues,
  multiplyValues,
  negateValue,
  subtractValues,
} from '../arithmetic.ts';
import type { CelLibrary, Overload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { equalValues } from '../equality.ts';
import type { CelType } from '../types.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  intType,
  listOf,
  mapOf,
  parameter,
  stringType,
  timestampType,
  uintType,
} from '../types.ts';

type Signature = readonly [readonly CelType[], CelType];

function overloads(name: string, run: Overload['run'], signatures: readonly Signature[]): readonly Overload[] {
  return signatures.map(([parameters, result], index) => ({
    id: `${name}_${index}`,
    style: 'global',
    parameters,
    result,
    run,
  }));
}

function same(...types: readonly CelType[]): Signature[] {
  return types.map((type) => [[type, type], type]);
}

const element = parameter('A');
const ordered = [intType, uintType, doubleType, stringType, boolType, bytesType, durationType, timestampType];
const numbers = [intType, uintType, doubleType];

/** Types compare with themselves, numbers also with each other (Kubernetes since 1.28). */
const comparisons: readonly Signature[] = [
  ...ordered.map((type): Signature => [[type, type], boolType]),
  ...numbers.flatMap((left) =>
    numbers.filter((right) => right !== left).map((right): Signature => [[left, right], boolType]),
  ),
];

/** The planner never calls these: order and membership have closures of their own. */
const unused: Overload['run'] = () => false;

export const operatorLibrary: CelLibrary = {
  name: 'operators',
  functions: functionsOf({
    '_+_': overloads('add', addValues, [
      ...same(intType, uintType, doubleType, stringType, bytesType, durationType, listOf(element)),
      [[timestampType, durationType], timestampType],
      [[durationType, timestampType], timestampType],
    ]),
    '_-_': overloads('subtract', subtractValues, [
      ...same(intType, uintType, doubleType, durationType),
      [[timestampType, timestampType], durationType],
      [[timestampType, durationType], timestampType],
    ]),
    '_*_': overloads('multiply', multiplyValues, same(...numbers)),
    '_/_': overloads('divide', divideValues, same(...numbers)),
    '_%_': overloads('modulo', modulusOfValues, same(intType, uintType)),
    '-_': overloads('negate', negateValue, [
      [[intType], intType],
      [[doubleType], doubleType],
    ]),
    '!_': overloads('logical_not', (value) => value !== true, [[[boolType], boolType]]),
    '_==_': overloads('equals', (left = null, right = null) => equalValues(left, right), [
      [[element, element], boolType],
    ]),
    '_!=_': overloads('not_equals', (left = null, right = null) => !equalValues(left, right), [
      [[element, element], boolType],
    ]),
    '_<_': overloads('less', unused, comparisons),
    '_<=_': overloads('less_equals', unused, comparisons),
    '_>_': overloads('greater', unused, comparisons),
    '_>=_': overloads('greater_equals', unused, comparisons),
    '@in': overloads('in', unused, [
      [[element, listOf(element)], boolType],
      [[element, mapOf(element, parameter('B'))], boolType],
    ]),
  }),
};
