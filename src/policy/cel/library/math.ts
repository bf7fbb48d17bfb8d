// SPDX-License-Identifier: Apache-2.0
// The math extension (cel-go ext/math.go): greatest, least, rounding, sign, bits, square root. Kyverno offers it.

import { checkedInt } from '../arithmetic.ts';
import type { CelLibrary, Overload } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { compareNumbers } from '../equality.ts';
import type { CelType } from '../types.ts';
import { boolType, doubleType, dynType, intType, listOf, uintType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelDouble, CelError, CelUint, doubleOf, isInt, largestUint, normalInt } from '../values.ts';

const numbers: readonly (readonly [string, CelType])[] = [
  ['int', intType],
  ['double', doubleType],
  ['uint', uintType],
];

/** cel-go declares greatest and least as macros over any number of values; these are as many as its tests and policies use. */
const mostArguments = 8;

function extreme(name: string, wanted: 1 | -1): readonly Overload[] {
  const choose = (values: readonly CelValue[]): CelValue => {
    let best: CelValue | undefined;
    for (const value of values) {
      const order = best === undefined ? 1 : compareNumbers(value, best);
      if (order === undefined || compareNumbers(value, value) === undefined)
        return new CelError(`no such overload: ${name}()`);
      if (best === undefined || Math.sign(order) === wanted) best = value;
    }
    return best ?? new CelError(`${name}() takes at least one value`);
  };
  const single = numbers.map(([type, of]) =>
    globalOverload(`${name}_${type}`, [[of], of], (...values) => choose(values)),
  );
  const pairs = numbers.flatMap(([first, left]) =>
    numbers.map(([second, right]) =>
      globalOverload(`${name}_${first}_${second}`, [[left, right], left === right ? left : dynType], (...values) =>
        choose(values),
      ),
    ),
  );
  const lists = numbers.map(([type, of]) =>
    globalOverload(`${name}_list_${type}`, [[listOf(of)], of], (list = null) => choose(list as readonly CelValue[])),
  );
  const more = Array.from({ length: mostArguments - 2 }, (_, index) =>
    globalOverload(`${name}_${index + 3}`, [Array.from({ length: index + 3 }, () => dynType), dynType], (...values) =>
      choose(values),
    ),
  );
  return [...single, ...pairs, ...lists, ...more];
}

function onDouble(id: string, run: (value: number) => number): Overload {
  return globalOverload(id, [[doubleType], doubleType], (value = null) => new CelDouble(run(doubleOf(value) ?? 0)));
}

function testDouble(id: string, run: (value: number) => boolean): Overload {
  return globalOverload(id, [[doubleType], boolType], (value = null) => run(doubleOf(value) ?? 0));
}

/** Halves go away from zero, as Go's math.Round has it. */
function round(value: number): number {
  return Number.isFinite(value) ? Math.sign(value) * Math.round(Math.abs(value)) : value;
}

function bigOf(value: CelValue): bigint {
  if (value instanceof CelUint) return value.value;
  return typeof value === 'bigint' ? value : BigInt(typeof value === 'number' ? value : 0);
}

function absolute(value: CelValue = null): CelValue {
  const double = doubleOf(value);
  if (double !== undefined) return new CelDouble(Math.abs(double));
  if (!isInt(value)) return value;
  const size = bigOf(value);
  return checkedInt(size < 0n ? -size : size);
}

function sign(value: CelValue = null): CelValue {
  const double = doubleOf(value);
  if (double !== undefined) return new CelDouble(Math.sign(double));
  const size = bigOf(value);
  const result = size > 0n ? 1 : size < 0n ? -1 : 0;
  return value instanceof CelUint ? new CelUint(BigInt(result)) : result;
}

const integers: readonly (readonly [string, CelType])[] = [
  ['int', intType],
  ['uint', uintType],
];

type BitOperation = (left: bigint, right: bigint) => bigint;

/** Gives a result its type back: bits of a uint stay unsigned. */
function withBits(like: CelValue, bits: bigint): CelValue {
  return like instanceof CelUint ? new CelUint(BigInt.asUintN(64, bits)) : normalInt(BigInt.asIntN(64, bits));
}

function bitwise(id: string, operation: BitOperation): readonly Overload[] {
  return integers.map(([name, type]) =>
    globalOverload(`math_${id}_${name}_${name}`, [[type, type], type], (left = null, right = null) =>
      withBits(left, operation(bigOf(left), bigOf(right))),
    ),
  );
}

function shift(id: string, operation: BitOperation): readonly Overload[] {
  return integers.map(([name, type]) =>
    globalOverload(`math_${id}_${name}_int`, [[type, intType], type], (left = null, right = null) => {
      const by = bigOf(right);
      if (by < 0n) return new CelError(`math.${id}() negative offset: ${by}`);
      return by >= 64n ? withBits(left, 0n) : withBits(left, operation(BigInt.asUintN(64, bigOf(left)), by));
    }),
  );
}

export const mathLibrary: CelLibrary = {
  name: 'math',
  functions: functionsOf({
    'math.greatest': extreme('math_greatest', 1),
    'math.least': extreme('math_least', -1),
    'math.ceil': [onDouble('math_ceil_double', Math.ceil)],
    'math.floor': [onDouble('math_floor_double', Math.floor)],
    'math.round': [onDouble('math_round_double', round)],
    'math.trunc': [onDouble('math_trunc_double', Math.trunc)],
    'math.sqrt': numbers.map(([name, type]) =>
      globalOverload(
        `math_sqrt_${name}`,
        [[type], doubleType],
        (value = null) => new CelDouble(Math.sqrt(doubleOf(value) ?? Number(bigOf(value)))),
      ),
    ),
    'math.isNaN': [testDouble('math_isNaN_double', Number.isNaN)],
    'math.isInf': [testDouble('math_isInf_double', (value) => !Number.isFinite(value) && !Number.isNaN(value))],
    'math.isFinite': [testDouble('math_isFinite_double', Number.isFinite)],
    'math.abs': numbers.map(([name, type]) => globalOverload(`math_abs_${name}`, [[type], type], absolute)),
    'math.sign': numbers.map(([name, type]) => globalOverload(`math_sign_${name}`, [[type], type], sign)),
    'math.bitAnd': bitwise('bitAnd', (left, right) => left & right),
    'math.bitOr': bitwise('bitOr', (left, right) => left | right),
    'math.bitXor': bitwise('bitXor', (left, right) => left ^ right),
    'math.bitNot': integers.map(([name, type]) =>
      globalOverload(`math_bitNot_${name}`, [[type], type], (value = null) =>
        withBits(value, value instanceof CelUint ? bigOf(value) ^ largestUint : ~bigOf(value)),
      ),
    ),
    'math.bitShiftLeft': shift('bitShiftLeft', (left, by) => left << by),
    'math.bitShiftRight': shift('bitShiftRight', (left, by) => left >> by),
  }),
};
