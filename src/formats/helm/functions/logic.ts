// SPDX-License-Identifier: Apache-2.0
// Comparisons of text/template and choices of Sprig. `and` and `or` are not here: they look at no more than they need.
import { compareTexts, HelmObject, HelmRefusal, isDeepEqual, isTrue, kindOf, typeOf, unknown } from '../value.ts';
import type { Functions } from './arguments.ts';
import { text } from './arguments.ts';

function isNil(value: unknown): boolean {
  return value === undefined || value === null;
}

/** The kind that comparisons go by; lists and maps have none. */
function basicKind(value: unknown): string {
  const kind = kindOf(value);
  if (kind === 'slice' || kind === 'map') throw new HelmRefusal('incomparable types for comparison');
  return kind;
}

function isEqual(left: unknown, right: unknown): boolean {
  if (isNil(left) || isNil(right)) return isNil(left) && isNil(right);
  if (basicKind(left) !== basicKind(right)) throw new HelmRefusal('incompatible types for comparison');
  return left === right;
}

function compared(left: unknown, right: unknown): number {
  const [kind, other] = [basicKind(left), basicKind(right)];
  if (kind === 'invalid' || kind === 'bool') throw new HelmRefusal('invalid type for comparison');
  if (kind !== other) throw new HelmRefusal('incompatible types for comparison');
  if (typeof left === 'string') return compareTexts(left, String(right));
  return (left as number) < (right as number) ? -1 : left === right ? 0 : 1;
}

function lengthOf(value: unknown): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (isNil(value)) throw new HelmRefusal('len of nil pointer');
  if (typeof value !== 'object') throw new HelmRefusal(`len of type ${typeOf(value)}`);
  return BigInt(Array.isArray(value) ? value.length : Object.keys(value as object).length);
}

function indexed(value: unknown, keys: readonly unknown[]): unknown {
  let found = value;
  for (const key of keys) {
    if (isNil(found)) throw new HelmRefusal('index of untyped nil');
    if (Array.isArray(found)) {
      const at = typeof key === 'bigint' ? Number(key) : Number.NaN;
      if (Number.isNaN(at)) throw new HelmRefusal(`cannot index slice/array with type ${typeOf(key)}`);
      if (at < 0 || at >= found.length) throw new HelmRefusal(`index out of range: ${at}`);
      found = found[at] as unknown;
    } else if (typeof found === 'object') {
      const fields = found instanceof HelmObject ? found.fields : (found as Readonly<Record<string, unknown>>);
      if (typeof key !== 'string') throw new HelmRefusal(`value has type ${typeOf(key)}; should be string`);
      found = Object.hasOwn(fields, key) ? fields[key] : undefined;
    } else if (typeof found === 'string') {
      const byte = typeof key === 'bigint' ? Buffer.from(found)[Number(key)] : undefined;
      if (byte === undefined) throw new HelmRefusal(`index out of range: ${String(key)}`);
      found = BigInt(byte);
    } else throw new HelmRefusal(`can't index item of type ${typeOf(found)}`);
    if (found === unknown) return unknown;
  }
  return found;
}

function required(message: unknown, value: unknown): unknown {
  if (isNil(value) || value === '') throw new HelmRefusal(text(message));
  return value;
}

/** Functions that say what comes of values that are not known; all others are unknown then. */
export const tolerantFunctions: Functions = {
  default: ([fallback, value]) => (value === unknown || !isTrue(value) ? fallback : value),
  coalesce: (values) => values.find(isTrue),
  ternary: ([yes, no, test]) => {
    if (test === unknown) return unknown;
    if (typeof test !== 'boolean') throw new HelmRefusal(`wrong type for value; expected bool; got ${typeOf(test)}`);
    return test ? yes : no;
  },
  required: ([message, value]) => required(message, value),
};

export const logicFunctions: Functions = {
  not: ([value]) => !isTrue(value),
  empty: ([value]) => !isTrue(value),
  all: (values) => values.every(isTrue),
  any: (values) => values.some(isTrue),
  eq: ([left, ...others]) => {
    if (others.length === 0) throw new HelmRefusal('missing argument for comparison');
    return others.some((other) => isEqual(left, other));
  },
  ne: ([left, right]) => !isEqual(left, right),
  lt: ([left, right]) => compared(left, right) < 0,
  le: ([left, right]) => compared(left, right) <= 0,
  gt: ([left, right]) => compared(left, right) > 0,
  ge: ([left, right]) => compared(left, right) >= 0,
  len: ([value]) => lengthOf(value),
  index: ([value, ...keys]) => indexed(value, keys),
  deepEqual: ([left, right]) => isDeepEqual(left, right),
  kindOf: ([value]) => kindOf(value),
  kindIs: ([kind, value]) => kindOf(value) === kind,
  typeOf: ([value]) => typeOf(value),
  typeIs: ([type, value]) => typeOf(value) === type,
  typeIsLike: ([type, value]) => typeOf(value) === type || `*${typeOf(value)}` === type,
  fail: ([message], place) => {
    place.refuse(text(message));
    return '';
  },
};
