// SPDX-License-Identifier: Apache-2.0
// What a CEL expression computes with. JSON is taken as it is, without a copy: null, booleans, strings, arrays and plain objects stand for themselves,
// and an integral number is an int (Kubernetes decodes integer literals as int64). Everything JSON has no form for is a class of its own below CelObject,
// so that one instanceof tells foreign data from our values.

/**
 * A CEL value: null, boolean, string, list (array), map (plain object with string keys, or CelMap), int (integral number, or bigint outside the
 * safe range), double (CelDouble, or a number with a fraction found in JSON), and the classes of this file.
 */
export type CelValue = null | boolean | string | number | bigint | readonly unknown[] | object;

export abstract class CelObject {
  /** Name of the CEL type, as type() prints it. */
  abstract readonly typeName: string;
}

/** A failed evaluation. A value like any other, because `&&`, `||` and the quantifiers may absorb it. */
export class CelError extends CelObject {
  readonly typeName = 'error';
  readonly message: string;
  /** Where in the expression, as an offset into its text. */
  readonly offset: number | undefined;

  constructor(message: string, offset?: number) {
    super();
    this.message = message;
    this.offset = offset;
  }
}

export class CelDouble extends CelObject {
  readonly typeName = 'double';
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = value;
  }
}

export class CelUint extends CelObject {
  readonly typeName = 'uint';
  readonly value: bigint;

  constructor(value: bigint) {
    super();
    this.value = value;
  }
}

export class CelBytes extends CelObject {
  readonly typeName = 'bytes';
  readonly value: Uint8Array;

  constructor(value: Uint8Array) {
    super();
    this.value = value;
  }
}

export class CelDuration extends CelObject {
  readonly typeName = 'google.protobuf.Duration';
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = nanoseconds;
  }
}

export class CelTimestamp extends CelObject {
  readonly typeName = 'google.protobuf.Timestamp';
  /** Since 1970-01-01T00:00:00Z. */
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = nanoseconds;
  }
}

export class CelOptional extends CelObject {
  readonly typeName = 'optional_type';
  static readonly none = new CelOptional(undefined);
  /** undefined: there is none. */
  readonly value: CelValue | undefined;

  constructor(value: CelValue | undefined) {
    super();
    this.value = value;
  }
}

/** A type as a value. */
export class CelTypeValue extends CelObject {
  readonly typeName = 'type';
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
}

/** A value of a library's own type: a quantity, an IP address, an authorizer. */
export abstract class CelOpaque extends CelObject {
  abstract equals(other: CelOpaque): boolean;
}

type PrimitiveKey = string | number | bigint | boolean;

/** A map whose keys may be ints, uints, booleans and strings. Numerically equal keys are one key, whatever their type. */
export class CelMap extends CelObject {
  readonly typeName = 'map';
  readonly #entries = new Map<PrimitiveKey, readonly [CelValue, CelValue]>();

  get size(): number {
    return this.#entries.size;
  }

  /** False when the key is there already, or is of a type that no key may have. */
  add(key: CelValue, value: CelValue): boolean {
    const primitive = primitiveKey(key);
    if (primitive === undefined || key instanceof CelDouble || this.#entries.has(primitive)) return false;
    this.#entries.set(primitive, [key, value]);
    return true;
  }

  get(key: CelValue): CelValue | undefined {
    const primitive = primitiveKey(key);
    return primitive === undefined ? undefined : this.#entries.get(primitive)?.[1];
  }

  keys(): CelValue[] {
    return [...this.#entries.values()].map(([key]) => key);
  }

  entries(): IterableIterator<readonly [CelValue, CelValue]> {
    return this.#entries.values();
  }
}

/** The form in which numerically equal keys are one; undefined for values that cannot be keys. */
export function primitiveKey(key: CelValue): PrimitiveKey | undefined {
  if (typeof key === 'string' || typeof key === 'boolean' || typeof key === 'number') return key;
  if (typeof key === 'bigint') return normalInt(key);
  if (key instanceof CelUint) return normalInt(key.value);
  return key instanceof CelDouble ? key.value : undefined;
}

/** An int in its usual form: a number when that is exact, else a bigint. */
export function normalInt(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

export const smallestInt = -(2n ** 63n);
export const largestInt = 2n ** 63n - 1n;
export const largestUint = 2n ** 64n - 1n;

const intRange = 2 ** 63;

/** Whether a value is an int; integral numbers beyond int64 are doubles. */
export function isInt(value: unknown): value is number | bigint {
  return typeof value === 'number'
    ? Number.isInteger(value) && value >= -intRange && value < intRange
    : typeof value === 'bigint';
}

/** The number in a double, or undefined when the value is no double. */
export function doubleOf(value: unknown): number | undefined {
  if (value instanceof CelDouble) return value.value;
  return typeof value === 'number' && !isInt(value) ? value : undefined;
}

/** A map of JSON: an object that is none of our classes and no array. */
export function isJsonMap(value: unknown): value is Readonly<Record<string, CelValue>> {
  return value !== null && typeof value === 'object' && !(value instanceof CelObject) && !Array.isArray(value);
}

/** Name of a value's type, as type(value) prints it. */
export function typeNameOf(value: CelValue): string {
  if (value === null) return 'null_type';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return isInt(value) ? 'int' : 'double';
  if (Array.isArray(value)) return 'list';
  return value instanceof CelObject ? value.typeName : 'map';
}

/** Gives an error the place where it came up, unless it has one. */
export function placeError(value: CelValue, offset: number): CelValue {
  return value instanceof CelError && value.offset === undefined ? new CelError(value.message, offset) : value;
}

/** The text of a string value; empty for what is none (the overloads of functions let only strings through). */
export function textOf(value: CelValue): string {
  return typeof value === 'string' ? value : '';
}
