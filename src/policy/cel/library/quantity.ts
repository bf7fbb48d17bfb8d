// SPDX-License-Identifier: Apache-2.0
// The quantity library (apiserver pkg/cel/library/quantity.go, Kubernetes 1.28): resource quantities as exact decimal numbers.

import { parseKubernetesQuantity, nanoUnit as unit } from '../../../formats/kubernetes-quantity.ts';
import { checkedInt } from '../arithmetic.ts';
import type { CelLibrary } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { boolType, doubleType, intType, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelDouble, CelError, CelOpaque, largestInt, smallestInt, textOf } from '../values.ts';
import { opaqueKind } from './opaque.ts';

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

const invalid = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** A quantity as apimachinery resource.ParseQuantity reads it. */
export function parseQuantity(text: string): CelQuantity | CelError {
  const quantity = parseKubernetesQuantity(text);
  return quantity === undefined ? new CelError(invalid) : new CelQuantity(quantity.nano);
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
