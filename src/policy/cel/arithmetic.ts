// SPDX-License-Identifier: Apache-2.0
// The arithmetic operators on values whose types are known only now: ints and uints of 64 bits that refuse to overflow, doubles, strings, bytes, lists, times.

import type { CelValue } from './values.ts';
import {
  CelBytes,
  CelDouble,
  CelDuration,
  CelError,
  CelTimestamp,
  CelUint,
  doubleOf,
  isInt,
  largestInt,
  largestUint,
  normalInt,
  smallestInt,
  typeNameOf,
} from './values.ts';

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z. */
const firstInstant = -62135596800n * 1_000_000_000n;
const lastInstant = 253402300800n * 1_000_000_000n - 1n;

function noOverload(operator: string, left: CelValue, right: CelValue): CelError {
  return new CelError(`no such overload: ${typeNameOf(left)} ${operator} ${typeNameOf(right)}`);
}

/** An int in range, or the error of the reference implementation. */
export function checkedInt(value: bigint): CelValue {
  return value > largestInt || value < smallestInt ? new CelError('integer overflow') : normalInt(value);
}

export function checkedUint(value: bigint): CelValue {
  return value > largestUint || value < 0n ? new CelError('unsigned integer overflow') : new CelUint(value);
}

export function checkedDuration(nanoseconds: bigint): CelValue {
  const isOutside = nanoseconds > largestInt || nanoseconds < smallestInt;
  return isOutside ? new CelError('duration out of range') : new CelDuration(nanoseconds);
}

export function checkedTimestamp(nanoseconds: bigint): CelValue {
  const isOutside = nanoseconds < firstInstant || nanoseconds > lastInstant;
  return isOutside ? new CelError('timestamp overflow') : new CelTimestamp(nanoseconds);
}

interface NumberOperation {
  readonly symbol: string;
  /** On safe integers; undefined when the result is not exact. */
  readonly small: (left: number, right: number) => number | undefined;
  readonly large: (left: bigint, right: bigint) => bigint;
  readonly double: ((left: number, right: number) => number) | undefined;
  readonly divides: boolean;
}

/** Both operands numbers of one type; undefined when they are not. */
function numeric(operation: NumberOperation, left: CelValue, right: CelValue): CelValue | undefined {
  if (isInt(left) && isInt(right)) {
    if (operation.divides && (right === 0 || right === 0n))
      return new CelError(operation.symbol === '%' ? 'modulus by zero' : 'division by zero');
    if (typeof left === 'number' && typeof right === 'number') {
      const result = operation.small(left, right);
      if (result !== undefined && Number.isSafeInteger(result)) return result + 0;
    }
    return checkedInt(operation.large(BigInt(left), BigInt(right)));
  }
  if (left instanceof CelUint && right instanceof CelUint) {
    if (operation.divides && right.value === 0n)
      return new CelError(operation.symbol === '%' ? 'modulus by zero' : 'division by zero');
    return checkedUint(operation.large(left.value, right.value));
  }
  if (operation.double === undefined) return undefined;
  const first = doubleOf(left);
  const second = first === undefined ? undefined : doubleOf(right);
  return first === undefined || second === undefined ? undefined : new CelDouble(operation.double(first, second));
}

const addition: NumberOperation = {
  symbol: '+',
  small: (left, right) => left + right,
  large: (left, right) => left + right,
  double: (left, right) => left + right,
  divides: false,
};

const subtraction: NumberOperation = {
  symbol: '-',
  small: (left, right) => left - right,
  large: (left, right) => left - right,
  double: (left, right) => left - right,
  divides: false,
};

const multiplication: NumberOperation = {
  symbol: '*',
  small: (left, right) => left * right,
  large: (left, right) => left * right,
  double: (left, right) => left * right,
  divides: false,
};

const division: NumberOperation = {
  symbol: '/',
  // Exact: the remainder is, and what is left is divisible.
  small: (left, right) => (left - (left % right)) / right,
  large: (left, right) => left / right,
  double: (left, right) => left / right,
  divides: true,
};

const modulus: NumberOperation = {
  symbol: '%',
  small: (left, right) => left % right,
  large: (left, right) => left % right,
  double: undefined,
  divides: true,
};

export function addValues(left: CelValue, right: CelValue): CelValue {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (Array.isArray(left) && Array.isArray(right)) return [...(left as CelValue[]), ...(right as CelValue[])];
  return numeric(addition, left, right) ?? addOthers(left, right);
}

function addOthers(left: CelValue, right: CelValue): CelValue {
  if (left instanceof CelBytes && right instanceof CelBytes)
    return new CelBytes(new Uint8Array(Buffer.concat([left.value, right.value])));
  if (left instanceof CelDuration && right instanceof CelDuration)
    return checkedDuration(left.nanoseconds + right.nanoseconds);
  if (left instanceof CelTimestamp && right instanceof CelDuration)
    return checkedTimestamp(left.nanoseconds + right.nanoseconds);
  if (left instanceof CelDuration && right instanceof CelTimestamp)
    return checkedTimestamp(left.nanoseconds + right.nanoseconds);
  return noOverload('+', left, right);
}

export function subtractValues(left: CelValue, right: CelValue): CelValue {
  const number = numeric(subtraction, left, right);
  if (number !== undefined) return number;
  if (left instanceof CelDuration && right instanceof CelDuration)
    return checkedDuration(left.nanoseconds - right.nanoseconds);
  if (left instanceof CelTimestamp && right instanceof CelTimestamp)
    return checkedDuration(left.nanoseconds - right.nanoseconds);
  if (left instanceof CelTimestamp && right instanceof CelDuration)
    return checkedTimestamp(left.nanoseconds - right.nanoseconds);
  return noOverload('-', left, right);
}

export function multiplyValues(left: CelValue, right: CelValue): CelValue {
  return numeric(multiplication, left, right) ?? noOverload('*', left, right);
}

export function divideValues(left: CelValue, right: CelValue): CelValue {
  return numeric(division, left, right) ?? noOverload('/', left, right);
}

export function modulusOfValues(left: CelValue, right: CelValue): CelValue {
  return numeric(modulus, left, right) ?? noOverload('%', left, right);
}

export function negateValue(value: CelValue): CelValue {
  if (isInt(value)) return typeof value === 'number' ? 0 - value : checkedInt(-value);
  const double = doubleOf(value);
  if (double !== undefined) return new CelDouble(-double);
  if (value instanceof CelDuration) return checkedDuration(-value.nanoseconds);
  return new CelError(`no such overload: -${typeNameOf(value)}`);
}
