// SPDX-License-Identifier: Apache-2.0
// Closures for the operators, and their costs. The common cases (equal strings, small ints) are decided before anything general is called.

import { addValues, divideValues, modulusOfValues, multiplyValues, negateValue, subtractValues } from './arithmetic.ts';
import type { Call } from './ast.ts';
import { isConstant } from './ast.ts';
import { compareValues, equalValues, isMap, lookUp, sizeOfMap } from './equality.ts';
import type { Evaluate } from './frame.ts';
import type { Planning } from './planning.ts';
import type { CelValue } from './values.ts';
import { CelBytes, CelError, placeError, typeNameOf } from './values.ts';

const arithmetic: Readonly<Record<string, (left: CelValue, right: CelValue) => CelValue>> = {
  '_+_': addValues,
  '_-_': subtractValues,
  '_*_': multiplyValues,
  '_/_': divideValues,
  '_%_': modulusOfValues,
};

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  '_<_': (order) => order < 0,
  '_<=_': (order) => order <= 0,
  '_>_': (order) => order > 0,
  '_>=_': (order) => order >= 0,
};

/** The closure of an operator; undefined when the call is of a function. */
export function planOperator(call: Call, planner: Planning): Evaluate | undefined {
  const [first, second] = call.arguments;
  const { name, start } = call;
  if (first === undefined || !/[_@]/.test(name)) return undefined;
  if (second === undefined) return planUnary(name, { operand: planner.plan(first), start });
  const isOperator = name in arithmetic || name in orders || name === '_==_' || name === '_!=_' || name === '@in';
  if (!isOperator) return undefined;
  const left = planner.plan(first);
  const right = planner.plan(second);
  if (name === '_==_' || name === '_!=_') return planEquality(left, right, name === '_==_' ? 'equal' : 'unequal');
  // cel-go looks members of a constant list up in a set, and does not count that.
  const isFree = second.kind === 'list' && isConstant(second);
  if (name === '@in') return planIn(left, right, { start, isFree });
  const order = orders[name];
  if (order !== undefined) return planOrder({ left, right, name, start, order });
  const calculate = arithmetic[name];
  return calculate === undefined ? undefined : planArithmetic({ left, right, name, start, calculate });
}

function planUnary(
  name: string,
  { operand, start }: { readonly operand: Evaluate; readonly start: number },
): Evaluate | undefined {
  if (name === '!_') {
    return (frame) => {
      const value = operand(frame);
      frame.cost += 1;
      if (typeof value === 'boolean') return !value;
      return value instanceof CelError ? value : new CelError(`no such overload: !${typeNameOf(value)}`, start);
    };
  }
  if (name !== '-_') return undefined;
  return (frame) => {
    const value = operand(frame);
    frame.cost += 1;
    return value instanceof CelError ? value : placeError(negateValue(value), start);
  };
}

function planEquality(left: Evaluate, right: Evaluate, wanted: 'equal' | 'unequal'): Evaluate {
  const isEqual = wanted === 'equal';
  return (frame) => {
    const first = left(frame);
    const second = right(frame);
    if (first instanceof CelError) return first;
    if (second instanceof CelError) return second;
    frame.cost += equalityCost(first, second);
    return equalValues(first, second) === isEqual;
  };
}

/** cel-go runtimecost.go: the shorter of the two is traversed. */
function equalityCost(left: CelValue, right: CelValue): number {
  if (typeof left === 'string' && typeof right === 'string')
    return Math.ceil(Math.min(left.length, right.length) * 0.1);
  return Math.ceil(Math.min(sizeForCost(left), sizeForCost(right)) * 0.1);
}

/** cel-go actualSize: length of what has one, 1 for everything else. */
export function sizeForCost(value: CelValue): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof CelBytes) return value.value.length;
  if (!isMap(value)) return 1;
  return sizeOfMap(value);
}

function planIn(
  left: Evaluate,
  right: Evaluate,
  { start, isFree }: { readonly start: number; readonly isFree: boolean },
): Evaluate {
  return (frame) => {
    const needle = left(frame);
    const container = right(frame);
    if (needle instanceof CelError) return needle;
    if (container instanceof CelError) return container;
    if (Array.isArray(container)) {
      if (!isFree) frame.cost += container.length;
      return (container as readonly CelValue[]).some((item) => equalValues(item, needle));
    }
    frame.cost += 1;
    if (isMap(container)) return lookUp(container, needle) !== undefined;
    return new CelError(`no such overload: ${typeNameOf(needle)} in ${typeNameOf(container)}`, start);
  };
}

/** Bytes are copied as texts are; everything else is one step. */
function additionCost(left: CelValue, right: CelValue): number {
  if (!(left instanceof CelBytes) || !(right instanceof CelBytes)) return 1;
  return Math.ceil((left.value.length + right.value.length) * 0.1);
}

interface Comparison {
  readonly left: Evaluate;
  readonly right: Evaluate;
  readonly name: string;
  readonly start: number;
  readonly order: (order: number) => boolean;
}

function planOrder({ left, right, name, start, order }: Comparison): Evaluate {
  const symbol = name.replaceAll('_', '');
  return (frame) => {
    const first = left(frame);
    const second = right(frame);
    if (first instanceof CelError) return first;
    if (second instanceof CelError) return second;
    frame.cost += typeof first === 'string' ? equalityCost(first, second) : 1;
    const result = compareValues(first, second);
    return result === undefined
      ? new CelError(`no such overload: ${typeNameOf(first)} ${symbol} ${typeNameOf(second)}`, start)
      : order(result);
  };
}

interface Calculation {
  readonly left: Evaluate;
  readonly right: Evaluate;
  readonly name: string;
  readonly start: number;
  readonly calculate: (left: CelValue, right: CelValue) => CelValue;
}

function planArithmetic({ left, right, name, start, calculate }: Calculation): Evaluate {
  const isSum = name === '_+_';
  return (frame) => {
    const first = left(frame);
    const second = right(frame);
    if (first instanceof CelError) return first;
    if (second instanceof CelError) return second;
    const isText = isSum && typeof first === 'string' && typeof second === 'string';
    frame.cost += isText ? Math.ceil((first.length + second.length) * 0.1) : additionCost(first, second);
    if (frame.cost > frame.costLimit) frame.check();
    return placeError(calculate(first, second), start);
  };
}
