// SPDX-License-Identifier: Apache-2.0
// The quantity library (apiserver pkg/cel/library/quantity.go, Kubernetes 1.28): resource quantities as exact decimal numbers.

import { checkedInt } from '../arithmetic.ts';
import type { CelLibrary } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { boolType, doubleType, intType, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelDouble, CelError, CelOpaque, largestInt, smallestInt, textOf } from '../values.ts';
import { opaqueKind } from './opaque.ts';

/** Quantities are kept to the billionth (apimachinery resource.Nano); finer ones are rounded up, away from zero. */
const unit = 1_000_000_000n;

export class CelQuantity extends CelOpaque {
  readonly typeName = 'kubernetes.Quantity';
  /** In billionths. */
  readonly nano: bigint;

  constructor(nano: bigint) {
    super();
    this.nano = nano;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof CelQuantity && other.nano === this.nano;
  }
}

const suffixes: Readonly<Record<string, readonly [bigint, bigint]>> = {
  n: [1n, unit],
  u: [1n, 1_000_000n],
  m: [1n, 1_000n],
  '': [1n, 1n],
  k: [10n ** 3n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  P: [10n ** 15n, 1n],
  E: [10n ** 18n, 1n],
  Ki: [1n << 10n, 1n],
  Mi: [1n << 20n, 1n],
  Gi: [1n << 30n, 1n],
  Ti: [1n << 40n, 1n],
  Pi: [1n << 50n, 1n],
  Ei: [1n << 60n, 1n],
};

const form = /^([+-]?)([0-9]{0,100})(?:\.([0-9]{0,100}))?([eE][+-]?[0-9]{1,3}|[numkMGTPE]|[KMGTPE]i|)$/;
const invalid = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** A quantity as apimachinery resource.ParseQuantity reads it. */
export function parseQuantity(text: string): CelQuantity | CelError {
  const [, sign, whole = '', fraction = '', suffix = ''] = form.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return new CelError(invalid);
  const scale = scaleOf(suffix);
  if (scale === undefined) return new CelError(invalid);
  const [times, per] = scale;
  const numerator = BigInt(whole + fraction) * times * unit;
  const denominator = per * 10n ** BigInt(fraction.length);
  const nano = (numerator + denominator - 1n) / denominator;
  return new CelQuantity(sign === '-' ? -nano : nano);
}

function scaleOf(suffix: string): readonly [bigint, bigint] | undefined {
  if (!/^[eE]./.test(suffix) || suffix === 'Ei') return suffixes[suffix];
  const exponent = Number(suffix.slice(1));
  return exponent < 0 ? [1n, 10n ** BigInt(-exponent)] : [10n ** BigInt(exponent), 1n];
}

const kind = opaqueKind<CelQuantity>(
  'kubernetes.Quantity',
  (value): value is CelQuantity => value instanceof CelQuantity,
);

function isInteger({ nano }: CelQuantity): boolean {
  const whole = nano / unit;
  return nano % unit === 0n && whole >= smallestInt && whole <= largestInt;
}

function compare(left: CelQuantity, right: CelValue): number {
  const other = nanoOf(right);
  return left.nano < other ? -1 : left.nano > other ? 1 : 0;
}

function nanoOf(value: CelValue): bigint {
  if (value instanceof CelQuantity) return value.nano;
  return typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) * unit : 0n;
}

function sum(left: CelQuantity, right: CelValue, sign: 1n | -1n): CelValue {
  return new CelQuantity(left.nano + sign * nanoOf(right));
}

export const quantityLibrary: CelLibrary = {
  name: 'quantity',
  constants: kind.constant,
  functions: functionsOf({
    quantity: [
      globalOverload('string_to_quantity', [[stringType], kind.type], (text = '') => parseQuantity(textOf(text))),
    ],
    isQuantity: [
      globalOverload(
        'is_quantity_string',
        [[stringType], boolType],
        (text = '') => parseQuantity(textOf(text)) instanceof CelQuantity,
      ),
    ],
    sign: [kind.method('quantity_sign', intType, ({ nano }) => (nano > 0n ? 1 : nano < 0n ? -1 : 0))],
    isInteger: [kind.method('quantity_is_integer', boolType, isInteger)],
    asInteger: [
      kind.method('quantity_as_integer', intType, (value) =>
        isInteger(value) ? checkedInt(value.nano / unit) : new CelError('cannot convert value to integer'),
      ),
    ],
    asApproximateFloat: [
      kind.method('quantity_get_float', doubleType, ({ nano }) => new CelDouble(Number(nano) / Number(unit))),
    ],
    add: [
      kind.method1('quantity_add', [kind.type, kind.type], (left, right) => sum(left, right, 1n)),
      kind.method1('quantity_add_int', [intType, kind.type], (left, right) => sum(left, right, 1n)),
    ],
    sub: [
      kind.method1('quantity_sub', [kind.type, kind.type], (left, right) => sum(left, right, -1n)),
      kind.method1('quantity_sub_int', [intType, kind.type], (left, right) => sum(left, right, -1n)),
    ],
    isLessThan: [
      kind.method1('quantity_is_less_than', [kind.type, boolType], (left, right) => compare(left, right) < 0),
    ],
    isGreaterThan: [
      kind.method1('quantity_is_greater_than', [kind.type, boolType], (left, right) => compare(left, right) > 0),
    ],
    compareTo: [kind.method1('quantity_compare_to', [kind.type, intType], compare)],
  }),
};
