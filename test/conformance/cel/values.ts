// SPDX-License-Identifier: Apache-2.0
// Values of the suite to CEL values, and both to one text that tells types apart.
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
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  doubleOf,
  isInt,
  normalInt,
  typeNameOf,
} from '../../../src/policy/cel/values.ts';
import { EnumNumber } from './enum-number.ts';
import type { SuiteTypes } from './messages.ts';
import type { SuiteValue } from './suite.ts';

export function valueFromSuite(value: SuiteValue, types: SuiteTypes): CelValue {
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.int64Value !== undefined) return normalInt(BigInt(value.int64Value));
  if (value.uint64Value !== undefined) return new CelUint(BigInt(value.uint64Value));
  if (value.doubleValue !== undefined) return new CelDouble(Number(value.doubleValue));
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.bytesValue !== undefined) return new CelBytes(new Uint8Array(Buffer.from(value.bytesValue, 'base64')));
  if (value.typeValue !== undefined) return new CelTypeValue(value.typeValue);
  if (value.enumValue !== undefined) return new EnumNumber(value.enumValue.type ?? '', value.enumValue.value ?? 0);
  if (value.listValue !== undefined) return (value.listValue.values ?? []).map((item) => valueFromSuite(item, types));
  if (value.mapValue !== undefined) {
    const map = new CelMap();
    for (const entry of value.mapValue.entries ?? [])
      map.add(valueFromSuite(entry.key, types), valueFromSuite(entry.value, types));
    return map;
  }
  return value.objectValue === undefined ? null : types.fromAny(value.objectValue);
}

export function printSuiteValue(value: SuiteValue, types: SuiteTypes): string {
  return printValue(valueFromSuite(value, types));
}

/** Text of a value with its type; maps sorted. */
export function printValue(value: CelValue): string {
  if (value === null) return 'null';
  if (value instanceof CelError) return `error: ${value.message}`;
  if (typeof value === 'string') return `string:${JSON.stringify(value)}`;
  if (typeof value === 'boolean') return `bool:${value}`;
  if (isInt(value)) return `int:${value}`;
  const double = doubleOf(value);
  if (double !== undefined) return `double:${Object.is(double, -0) ? '-0' : double}`;
  if (value instanceof CelUint) return `uint:${value.value}`;
  if (value instanceof CelBytes) return `bytes:${Buffer.from(value.value).toString('hex')}`;
  if (value instanceof CelTypeValue) return `type:${value.name}`;
  if (value instanceof CelDuration) return `duration:${printDuration(value)}`;
  if (value instanceof CelTimestamp) return `timestamp:${printTimestamp(value)}`;
  if (value instanceof CelOptional) return `optional(${value.value === undefined ? '' : printValue(value.value)})`;
  if (value instanceof EnumNumber) return `enum:${value.typeName}:${value.number}`;
  if (isMessage(value)) {
    const fields = [...value.fields].map(([name, item]) => `${name}: ${printValue(item)}`);
    return `${value.typeName}{${fields.toSorted().join(', ')}}`;
  }
  if (Array.isArray(value)) return `[${(value as readonly CelValue[]).map(printValue).join(', ')}]`;
  if (!isMap(value)) return typeNameOf(value);
  const entries = [...entriesOfMap(value)].map(([key, item]) => `${printValue(key)}: ${printValue(item)}`);
  return `{${entries.toSorted().join(', ')}}`;
}
