// SPDX-License-Identifier: Apache-2.0
// Equals and NotEquals. Only the value is a pattern with wildcards. NotEquals is not the opposite of Equals everywhere: a null key is neither, and
// a quantity beside what is none is neither (Kyverno operator/equal.go, notequal.go).
import { parseKubernetesQuantity } from '../../../formats/kubernetes-quantity.ts';
import { hasWildcard, matchesWildcard } from '../../../formats/wildcard.ts';
import { durationsOf } from './durations.ts';

export function equals(key: unknown, value: unknown): boolean {
  return compare(key, value) === 'equal';
}

export function notEquals(key: unknown, value: unknown): boolean {
  return compare(key, value) === 'different';
}

/** Equals without the laxity: null equals null, and wildcards of values that do not stand in the policy are letters. */
export function strictEquals(key: unknown, value: unknown, values: 'written' | 'computed'): boolean {
  if (key === null || key === undefined) return value === null || value === undefined;
  if (compare(key, value) !== 'equal') return false;
  const isByPattern = values === 'computed' && typeof key === 'string' && typeof value === 'string';
  return !isByPattern || key === value || !hasWildcard(value);
}

type Comparison = 'equal' | 'different' | 'neither';

function compare(key: unknown, value: unknown): Comparison {
  switch (typeof key) {
    case 'boolean':
      return verdict(key === value);
    case 'number':
      return compareNumber(key, value);
    case 'string':
      return compareText(key, value);
    default:
      if (key === null || key === undefined) return 'neither';
      return verdict(isDeepEqual(key, value));
  }
}

function verdict(isEqual: boolean): Comparison {
  return isEqual ? 'equal' : 'different';
}

const decimal = /^[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?$/;

function compareNumber(key: number, value: unknown): Comparison {
  if (typeof value === 'number') return verdict(key === value);
  return verdict(typeof value === 'string' && decimal.test(value) && Number(value) === key);
}

function compareText(key: string, value: unknown): Comparison {
  const durations = durationsOf(key, value);
  if (durations !== undefined) return verdict(durations[0] === durations[1]);
  if (typeof value !== 'string') return 'different';
  const quantity = parseKubernetesQuantity(key);
  if (quantity === undefined) return verdict(matchesWildcard(value, key));
  const other = parseKubernetesQuantity(value);
  return other === undefined ? 'neither' : verdict(quantity.nano === other.nano);
}

/** Lists in their order, objects in any. */
export function isDeepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right))
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => isDeepEqual(item, right[index]))
    );
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every(
      (key) =>
        Object.hasOwn(right, key) &&
        isDeepEqual((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
    )
  );
}
