// SPDX-License-Identifier: Apache-2.0
// Conversions between types (langdef.md, List of Standard Definitions): int(), uint(), double(), string(), bytes(), bool(), duration(), timestamp(), dyn(), type().

import { checkedInt, checkedTimestamp, checkedUint } from '../arithmetic.ts';
import type { CelLibrary, Overload } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { parseDuration, parseTimestamp, printDuration, printTimestamp } from '../time-text.ts';
import type { CelType } from '../types.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  parameter,
  stringType,
  timestampType,
  typeOf,
  uintType,
} from '../types.ts';
import type { CelValue } from '../values.ts';
import {
  CelBytes,
  CelDouble,
  CelDuration,
  CelError,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  doubleOf,
  textOf,
  typeNameOf,
} from '../values.ts';

/** One conversion, from one type. */
function from(id: string, [source, target]: readonly [CelType, CelType], run: (value: CelValue) => CelValue): Overload {
  return globalOverload(id, [[source], target], (value = null) => run(value));
}

/** A conversion that reads all of its argument (cel-go runtimecost.go). */
function traversed(overload: Overload): Overload {
  const lengthOf = (value: CelValue): number => (value instanceof CelBytes ? value.value.length : textOf(value).length);
  return { ...overload, cost: ([value = null]) => Math.ceil(lengthOf(value) * 0.1) };
}

function identity(id: string, type: CelType): Overload {
  return from(id, [type, type], (value) => value);
}

function bigintOf(value: CelValue): bigint {
  if (value instanceof CelUint) return value.value;
  return typeof value === 'bigint' ? value : BigInt(typeof value === 'number' ? value : 0);
}

/** Truncates towards zero; out of range, NaN and infinities are errors. */
function doubleToInteger(value: CelValue, check: (integer: bigint) => CelValue): CelValue {
  const double = doubleOf(value) ?? Number.NaN;
  if (!Number.isFinite(double)) return new CelError('range error: integer overflow');
  return check(BigInt(Math.trunc(double)));
}

/** cel-go types/overflow.go: a double at the very edge of int64 is refused, because it is not exact there. */
function checkedIntFromDouble(integer: bigint): CelValue {
  const edge = 2n ** 63n;
  return integer >= edge || integer <= -edge ? new CelError('integer overflow') : checkedInt(integer);
}

/** A negative double is refused even when truncation would make it zero (cel-go types/overflow.go doubleToUint64Checked). */
function doubleToUint(value: CelValue): CelValue {
  return (doubleOf(value) ?? 0) < 0
    ? new CelError('range error: unsigned integer overflow')
    : doubleToInteger(value, checkedUint);
}

function textToInt(value: CelValue): CelValue {
  const text = textOf(value);
  if (!/^[+-]?[0-9]{1,40}$/.test(text)) return new CelError(`type conversion error from 'string' to 'int'`);
  return checkedInt(BigInt(text.replace('+', '')));
}

function textToUint(value: CelValue): CelValue {
  const text = textOf(value);
  return /^[0-9]{1,40}$/.test(text)
    ? checkedUint(BigInt(text))
    : new CelError(`type conversion error from 'string' to 'uint'`);
}

const decimal = /^[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,5})?$/;
const specials: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
};

function textToDouble(value: CelValue): CelValue {
  const text = textOf(value);
  if (decimal.test(text)) return new CelDouble(Number(text));
  const word = text.toLowerCase().replace(/^[+-]/, '');
  const special = Object.hasOwn(specials, word) ? specials[word] : undefined;
  if (special === undefined) return new CelError(`type conversion error from 'string' to 'double'`);
  return new CelDouble(text.startsWith('-') ? -special : special);
}

/** Shortest text that reads back as the same double, in the form of Go's strconv 'g' with exponents below -4 and from 21 on. */
export function printDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return value.toString();
}

const trueTexts = new Set(['1', 't', 'true', 'TRUE', 'True', 'T']);
const falseTexts = new Set(['0', 'f', 'false', 'FALSE', 'False', 'F']);

function textToBool(value: CelValue): CelValue {
  const text = textOf(value);
  if (trueTexts.has(text)) return true;
  return falseTexts.has(text) ? false : new CelError(`type conversion error from 'string' to 'bool'`);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function bytesToText(value: CelValue): CelValue {
  if (!(value instanceof CelBytes)) return new CelError('no such overload');
  try {
    return strictUtf8.decode(value.value);
  } catch {
    return new CelError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

function secondsOf(value: CelValue): CelValue {
  if (!(value instanceof CelTimestamp)) return new CelError('no such overload');
  const second = 1_000_000_000n;
  const quotient = value.nanoseconds / second;
  return checkedInt(value.nanoseconds % second < 0n ? quotient - 1n : quotient);
}

const anything = parameter('A');

export const conversionLibrary: CelLibrary = {
  name: 'conversions',
  functions: functionsOf({
    int: [
      identity('int64_to_int64', intType),
      from('uint64_to_int64', [uintType, intType], (value) => checkedInt(bigintOf(value))),
      from('double_to_int64', [doubleType, intType], (value) => doubleToInteger(value, checkedIntFromDouble)),
      from('string_to_int64', [stringType, intType], textToInt),
      from('timestamp_to_int64', [timestampType, intType], secondsOf),
      from('duration_to_int64', [durationType, intType], (value) =>
        value instanceof CelDuration ? checkedInt(value.nanoseconds) : value,
      ),
    ],
    uint: [
      identity('uint64_to_uint64', uintType),
      from('int64_to_uint64', [intType, uintType], (value) => checkedUint(bigintOf(value))),
      from('double_to_uint64', [doubleType, uintType], (value) => doubleToUint(value)),
      from('string_to_uint64', [stringType, uintType], textToUint),
    ],
    double: [
      identity('double_to_double', doubleType),
      from('int64_to_double', [intType, doubleType], (value) => new CelDouble(Number(value))),
      from('uint64_to_double', [uintType, doubleType], (value) => new CelDouble(Number(bigintOf(value)))),
      from('string_to_double', [stringType, doubleType], textToDouble),
    ],
    string: [
      identity('string_to_string', stringType),
      from('bool_to_string', [boolType, stringType], String),
      from('int64_to_string', [intType, stringType], String),
      from('uint64_to_string', [uintType, stringType], (value) => bigintOf(value).toString()),
      from('double_to_string', [doubleType, stringType], (value) => printDouble(doubleOf(value) ?? 0)),
      traversed(from('bytes_to_string', [bytesType, stringType], bytesToText)),
      from('timestamp_to_string', [timestampType, stringType], (value) =>
        value instanceof CelTimestamp ? printTimestamp(value) : value,
      ),
      from('duration_to_string', [durationType, stringType], (value) =>
        value instanceof CelDuration ? printDuration(value) : value,
      ),
    ],
    bytes: [
      identity('bytes_to_bytes', bytesType),
      traversed(
        from(
          'string_to_bytes',
          [stringType, bytesType],
          (value) => new CelBytes(new TextEncoder().encode(textOf(value))),
        ),
      ),
    ],
    bool: [identity('bool_to_bool', boolType), from('string_to_bool', [stringType, boolType], textToBool)],
    duration: [
      identity('duration_to_duration', durationType),
      from('string_to_duration', [stringType, durationType], (value) => parseDuration(textOf(value))),
      from('int64_to_duration', [intType, durationType], (value) => new CelDuration(bigintOf(value))),
    ],
    timestamp: [
      identity('timestamp_to_timestamp', timestampType),
      from('string_to_timestamp', [stringType, timestampType], (value) => parseTimestamp(textOf(value))),
      from('int64_to_timestamp', [intType, timestampType], (value) =>
        checkedTimestamp(bigintOf(value) * 1_000_000_000n),
      ),
    ],
    dyn: [from('to_dyn', [anything, dynType], (value) => value)],
    type: [from('type', [anything, typeOf(anything)], (value) => new CelTypeValue(typeNameOf(value)))],
  }),
};
