// SPDX-License-Identifier: Apache-2.0
// Equality and order of CEL values (langdef.md, Equality and Ordering). Values of different types are unequal, except that numbers compare by what they
// are worth, exactly and whatever their type.

import type { CelMessage } from './message.ts';
import { isMessage } from './message.ts';
import type { CelValue } from './values.ts';
import {
  CelBytes,
  CelDuration,
  CelMap,
  CelObject,
  CelOpaque,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  doubleOf,
  isJsonMap,
} from './values.ts';

export function equalValues(left: CelValue, right: CelValue): boolean {
  // Objects are compared in full even with themselves: a NaN inside is not equal to itself.
  if (left === right && (typeof left !== 'object' || left === null)) return true;
  if (left === null || right === null) return false;
  const kind = typeof left;
  if ((kind === 'string' || kind === 'boolean') && kind === typeof right) return false;
  const order = compareNumbers(left, right);
  if (order !== undefined) return order === 0;
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(left, right);
  if (isMap(left)) return isMap(right) && equalMaps(left, right);
  if (!(left instanceof CelObject) || !(right instanceof CelObject)) return false;
  return equalObjects(left, right);
}

function equalLists(left: readonly CelValue[], right: readonly CelValue[]): boolean {
  return left.length === right.length && left.every((item, index) => equalValues(item, right[index] ?? null));
}

type AnyMap = CelMap | Readonly<Record<string, CelValue>>;

export function isMap(value: unknown): value is AnyMap {
  return value instanceof CelMap || isJsonMap(value);
}

/** Value of a key, or undefined. Objects of JSON have string keys only. */
export function lookUp(map: AnyMap, key: CelValue): CelValue | undefined {
  if (map instanceof CelMap) return map.get(key);
  return typeof key === 'string' && Object.hasOwn(map, key) ? map[key] : undefined;
}

export function entriesOfMap(map: AnyMap): Iterable<readonly [CelValue, CelValue]> {
  return map instanceof CelMap ? map.entries() : Object.entries(map);
}

export function keysOfMap(map: AnyMap): readonly CelValue[] {
  return map instanceof CelMap ? map.keys() : Object.keys(map);
}

export function sizeOfMap(map: AnyMap): number {
  return map instanceof CelMap ? map.size : Object.keys(map).length;
}

function equalMaps(left: AnyMap, right: AnyMap): boolean {
  if (sizeOfMap(left) !== sizeOfMap(right)) return false;
  for (const [key, value] of entriesOfMap(left)) {
    const other = lookUp(right, key);
    if (other === undefined || !equalValues(value, other)) return false;
  }
  return true;
}

function equalObjects(left: CelObject, right: CelObject): boolean {
  if (left instanceof CelBytes) return right instanceof CelBytes && Buffer.compare(left.value, right.value) === 0;
  if (left instanceof CelDuration) return right instanceof CelDuration && left.nanoseconds === right.nanoseconds;
  if (left instanceof CelTimestamp) return right instanceof CelTimestamp && left.nanoseconds === right.nanoseconds;
  if (left instanceof CelTypeValue) return right instanceof CelTypeValue && left.name === right.name;
  if (left instanceof CelOpaque)
    return right instanceof CelOpaque && left.typeName === right.typeName && left.equals(right);
  if (left instanceof CelOptional) {
    if (!(right instanceof CelOptional)) return false;
    if (left.value === undefined || right.value === undefined) return left.value === right.value;
    return equalValues(left.value, right.value);
  }
  return isMessage(left) && isMessage(right) && equalMessages(left, right);
}

function equalMessages(left: CelMessage, right: CelMessage): boolean {
  if (left.typeName !== right.typeName || left.fields.size !== right.fields.size) return false;
  for (const [name, value] of left.fields) {
    const other = right.fields.get(name);
    if (other === undefined || !equalValues(value, other)) return false;
  }
  return true;
}

/** Negative, zero or positive; NaN when the two have no order (a NaN among them); undefined when one is no number. */
export function compareNumbers(left: CelValue, right: CelValue): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const first = numberOf(left);
  const second = first === undefined ? undefined : numberOf(right);
  if (first === undefined || second === undefined) return undefined;
  if (typeof first === 'number' && Number.isNaN(first)) return Number.NaN;
  if (typeof second === 'number' && Number.isNaN(second)) return Number.NaN;
  // cel-go common/types/compare.go: beside a double an integer is compared as a double, with what that loses.
  const hasDouble = doubleOf(left) !== undefined || doubleOf(right) !== undefined;
  const [one, other] = hasDouble ? [Number(first), Number(second)] : [first, second];
  return one < other ? -1 : one > other ? 1 : 0;
}

function numberOf(value: CelValue): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof CelUint) return value.value;
  return doubleOf(value);
}

/** As compareNumbers, for every ordered type; undefined when the pair has no order. */
export function compareValues(left: CelValue, right: CelValue): number | undefined {
  const numeric = compareNumbers(left, right);
  if (numeric !== undefined) return numeric;
  if (typeof left === 'string') return typeof right === 'string' ? compareStrings(left, right) : undefined;
  if (typeof left === 'boolean') return typeof right === 'boolean' ? Number(left) - Number(right) : undefined;
  if (left instanceof CelBytes) return right instanceof CelBytes ? Buffer.compare(left.value, right.value) : undefined;
  if (left instanceof CelDuration)
    return right instanceof CelDuration ? compareBigints(left.nanoseconds, right.nanoseconds) : undefined;
  if (left instanceof CelTimestamp)
    return right instanceof CelTimestamp ? compareBigints(left.nanoseconds, right.nanoseconds) : undefined;
  return undefined;
}

function compareBigints(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** By code points, as bytes of UTF-8 compare; UTF-16 units would put U+FFFF after U+10000. */
function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const first = left.charCodeAt(at);
    const second = right.charCodeAt(at);
    if (first === second) continue;
    const isSurrogate = first >= 0xd800 && first <= 0xdfff;
    const isOtherSurrogate = second >= 0xd800 && second <= 0xdfff;
    if (isSurrogate !== isOtherSurrogate) return isSurrogate ? 1 : -1;
    return first - second;
  }
  return left.length - right.length;
}
