// SPDX-License-Identifier: Apache-2.0
// CEL values as JSON: what a host that takes a result as data needs (patches, answers). Numbers beyond the exact range stay bigint when they are ints.

import { entriesOfMap, isMap } from './equality.ts';
import { isMessage } from './message.ts';
import { printDuration, printTimestamp } from './time-text.ts';
import type { CelValue } from './values.ts';
import {
  CelBytes,
  CelDuration,
  CelError,
  CelTimestamp,
  CelUint,
  doubleOf,
  isInt,
  isJsonMap,
  normalInt,
  typeNameOf,
} from './values.ts';

/** The value as JSON has it; a CelError when JSON has no form for it (types, optionals, keys that are no strings). */
export function jsonFromCel(value: CelValue): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || isInt(value)) return value;
  if (value instanceof CelUint) return normalInt(value.value);
  const double = doubleOf(value);
  if (double !== undefined) return Number.isFinite(double) ? double : new CelError(`JSON has no ${double}`);
  if (value instanceof CelBytes) return Buffer.from(value.value).toString('base64');
  if (value instanceof CelTimestamp) return printTimestamp(value);
  if (value instanceof CelDuration) return printDuration(value);
  if (Array.isArray(value)) return jsonList(value as readonly CelValue[]);
  if (isJsonMap(value) || isMap(value)) return jsonObject(entriesOfMap(value));
  if (isMessage(value)) return jsonObject(value.fields);
  return value instanceof CelError ? value : new CelError(`JSON has no form for ${typeNameOf(value)}`);
}

function jsonList(values: readonly CelValue[]): unknown {
  const items: unknown[] = [];
  for (const value of values) {
    const item = jsonFromCel(value);
    if (item instanceof CelError) return item;
    items.push(item);
  }
  return items;
}

function jsonObject(entries: Iterable<readonly [CelValue, CelValue]>): unknown {
  const members: [string, unknown][] = [];
  for (const [key, value] of entries) {
    if (typeof key !== 'string') return new CelError(`map key is of type ${typeNameOf(key)}, not string`);
    const member = jsonFromCel(value);
    if (member instanceof CelError) return member;
    members.push([key, member]);
  }
  return Object.fromEntries(members);
}
