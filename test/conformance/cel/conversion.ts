// SPDX-License-Identifier: Apache-2.0
// What a protobuf field of each type accepts, what it reads as when it is absent, and how it is written in protobuf JSON.

import { entriesOfMap, isMap } from '../../../src/policy/cel/equality.ts';
import { isMessage } from '../../../src/policy/cel/message.ts';
import { printDuration, printTimestamp } from '../../../src/policy/cel/time-text.ts';
import type { CelValue } from '../../../src/policy/cel/values.ts';
import {
  CelBytes,
  CelDouble,
  CelDuration,
  CelError,
  CelMap,
  CelTimestamp,
  CelUint,
  doubleOf,
  isInt,
  typeNameOf,
} from '../../../src/policy/cel/values.ts';
import { EnumNumber } from './enum-number.ts';
import { wrapperScalars } from './schema.ts';

const prefix = 'google.protobuf.';

function misfit(value: CelValue, type: string): CelError {
  return new CelError(`unsupported field type: ${typeNameOf(value)} for ${type}`);
}

function inRange(value: CelValue, type: string): CelValue {
  if (!isInt(value)) return misfit(value, type);
  const isWide = type === 'int64';
  return isWide || (Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31) ? value : new CelError('range error');
}

export function acceptScalar(value: CelValue, type: string): CelValue {
  switch (type) {
    case 'int32':
    case 'int64':
      return inRange(value, type);
    case 'uint32':
      if (!(value instanceof CelUint)) return misfit(value, type);
      return value.value < 2n ** 32n ? value : new CelError('range error');
    case 'uint64':
      return value instanceof CelUint ? value : misfit(value, type);
    case 'float':
    case 'double': {
      const double = doubleOf(value);
      if (double === undefined) return misfit(value, type);
      return type === 'float' ? new CelDouble(Math.fround(double)) : value;
    }
    case 'bool':
      return typeof value === 'boolean' ? value : misfit(value, type);
    case 'string':
      return typeof value === 'string' ? value : misfit(value, type);
    default:
      return value instanceof CelBytes ? value : misfit(value, type);
  }
}

/** An enum field takes int32 numbers and, where enums are types of their own, values of its type. */
export function acceptEnum(value: CelValue, mode: 'int' | 'typed', type: string): CelValue {
  const number = value instanceof EnumNumber ? value.number : value;
  const checked = inRange(number, 'int32');
  if (checked instanceof CelError || mode === 'int') return checked;
  return new EnumNumber(type, Number(checked));
}

/** Value of a message field; undefined when null leaves it unset. */
export function acceptMessage(value: CelValue, type: string): CelValue | undefined {
  const scalar = wrapperScalars[type];
  if (scalar !== undefined) return value === null ? undefined : acceptScalar(value, scalar);
  switch (type) {
    case `${prefix}Any`:
      return value;
    case `${prefix}Value`:
      return jsonOf(value);
    case `${prefix}Struct`:
      return isMap(value) ? jsonOf(value) : misfit(value, type);
    case `${prefix}ListValue`:
      return Array.isArray(value) ? jsonOf(value) : misfit(value, type);
    case `${prefix}Duration`:
      return value === null ? undefined : value instanceof CelDuration ? value : misfit(value, type);
    case `${prefix}Timestamp`:
      return value === null ? undefined : value instanceof CelTimestamp ? value : misfit(value, type);
    default:
      if (value === null) return undefined;
      return isMessage(value) && value.typeName === type ? value : misfit(value, type);
  }
}

/** A value as google.protobuf.Value holds it: all numbers doubles, what JSON cannot hold exactly a text. */
export function jsonOf(value: CelValue): CelValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof EnumNumber) return new CelDouble(value.number);
  if (isInt(value)) return jsonNumber(BigInt(value));
  if (value instanceof CelUint) return jsonNumber(value.value);
  const double = doubleOf(value);
  if (double !== undefined) return new CelDouble(double);
  if (value instanceof CelBytes) return Buffer.from(value.value).toString('base64');
  if (value instanceof CelDuration) return printDuration(value);
  if (value instanceof CelTimestamp) return printTimestamp(value);
  if (Array.isArray(value)) {
    const items = (value as readonly CelValue[]).map(jsonOf);
    return items.find((item) => item instanceof CelError) ?? items;
  }
  if (isMap(value)) return jsonMap(entriesOfMap(value));
  if (isMessage(value)) return jsonMessage(value.typeName, value.fields);
  return misfit(value, 'google.protobuf.Value');
}

function jsonNumber(value: bigint): CelValue {
  const exact = BigInt(Number.MAX_SAFE_INTEGER);
  return value >= -exact && value <= exact ? new CelDouble(Number(value)) : value.toString();
}

function jsonMap(entries: Iterable<readonly [CelValue, CelValue]>): CelValue {
  const map = new CelMap();
  for (const [key, item] of entries) {
    if (typeof key !== 'string') return new CelError('bad key type');
    const json = jsonOf(item);
    if (json instanceof CelError) return json;
    map.add(key, json);
  }
  return map;
}

function jsonMessage(type: string, fields: ReadonlyMap<string, CelValue>): CelValue {
  if (type === `${prefix}FieldMask`) {
    const paths = fields.get('paths');
    return Array.isArray(paths) ? paths.map((path) => jsonName(String(path))).join(',') : '';
  }
  return jsonMap([...fields].map(([name, value]) => [jsonName(name), value] as const));
}

/** `single_int32` to `singleInt32`. */
export function jsonName(name: string): string {
  return name.replace(/_+(.)/g, (_, letter: string) => letter.toUpperCase()).replace(/_+$/, '');
}

/** What an absent scalar reads as; `text` is the declared default. */
export function scalarDefault(type: string, text: string | undefined): CelValue {
  switch (type) {
    case 'int32':
    case 'int64':
      return Number(text ?? 0);
    case 'uint32':
    case 'uint64':
      return new CelUint(BigInt(text ?? 0));
    case 'float':
    case 'double':
      return new CelDouble(Number(text ?? 0));
    case 'bool':
      return text === 'true';
    case 'string':
      return text ?? '';
    default:
      return new CelBytes(new Uint8Array(Buffer.from(text ?? '')));
  }
}
