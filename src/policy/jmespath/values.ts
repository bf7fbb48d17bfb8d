// SPDX-License-Identifier: Apache-2.0
// What JMESPath says of JSON values: their types, truth, equality and order. Values are plain JSON as JSON.parse gives it.
import type { Budget } from './budget.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export type JmespathType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'expression';

/** An expression handed to a function (`&name`). */
export class ExpressionReference {
  readonly evaluate: (value: unknown, budget: Budget) => unknown;

  constructor(evaluate: (value: unknown, budget: Budget) => unknown) {
    this.evaluate = evaluate;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExpressionReference)
  );
}

export function typeOf(value: unknown): JmespathType {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return typeof value as 'boolean' | 'number' | 'string';
  if (Array.isArray(value)) return 'array';
  return value instanceof ExpressionReference ? 'expression' : 'object';
}

/** False are null, false, and the empty string, list and object. Zero is true. */
export function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'object') return true;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

/** Deep equality; the order of keys does not count. */
export function isEqual(left: unknown, right: unknown, budget: Budget): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    budget.spend(left.length);
    return left.every((item, index) => !budget.isSpent && isEqual(item, right[index], budget));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  budget.spend(keys.length);
  return keys.every((key) => !budget.isSpent && Object.hasOwn(right, key) && isEqual(left[key], right[key], budget));
}

/** Order of strings by code points, which is Go's order of UTF-8 bytes; UTF-16 order differs above U+FFFF. */
export function compareStrings(left: string, right: string): number {
  const { length } = left.length < right.length ? left : right;
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a === b) continue;
    const isSurrogateA = a >= 0xd800 && a <= 0xdfff;
    const isSurrogateB = b >= 0xd800 && b <= 0xdfff;
    if (isSurrogateA !== isSurrogateB) return isSurrogateA ? 1 : -1;
    return a < b ? -1 : 1;
  }
  return Math.sign(left.length - right.length);
}
