// SPDX-License-Identifier: Apache-2.0
// GreaterThan and its kin, on durations, quantities, numbers and versions, and the older Duration* operators
// (Kyverno operator/numeric.go, duration.go).
import { parseGoDuration } from '../../../formats/go-duration.ts';
import { parseKubernetesQuantity } from '../../../formats/kubernetes-quantity.ts';
import { compareSemanticVersions, parseSemanticVersion } from '../../../formats/semantic-version.ts';
import { durationsOf, seconds } from './durations.ts';

/** What the order of key and value must be: less than 0, 0 or more than 0. */
export type Wanted = (order: number) => boolean;
type Test = (key: unknown, value: unknown) => boolean;

export function ordered(wanted: Wanted): Test {
  return (key, value) => {
    const order = orderOf(key, value);
    return order !== undefined && wanted(order);
  };
}

/** Numbers count as seconds. */
export function orderedDurations(wanted: Wanted): Test {
  return (key, value) => {
    const left = durationOf(key);
    const right = durationOf(value);
    return left !== undefined && right !== undefined && wanted(compare(left, right));
  };
}

function durationOf(value: unknown): bigint | undefined {
  return typeof value === 'string' ? parseGoDuration(value) : seconds(value);
}

function compare<T extends bigint | number>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Undefined when the two cannot be compared. */
function orderOf(key: unknown, value: unknown): number | undefined {
  if (typeof key !== 'string' && typeof key !== 'number') return undefined;
  const durations = durationsOf(key, value);
  if (durations !== undefined) return compare(durations[0], durations[1]);
  if (typeof key === 'string' && typeof value === 'string') {
    const left = parseKubernetesQuantity(key);
    const right = parseKubernetesQuantity(value);
    if (left !== undefined && right !== undefined) return compare(left.nano, right.nano);
  }
  const number = numberOf(key);
  if (number !== undefined) {
    const other = numberOf(value);
    return other === undefined ? undefined : compare(number, other);
  }
  if (typeof key !== 'string' || typeof value !== 'string') return undefined;
  const version = parseSemanticVersion(key);
  const other = parseSemanticVersion(value);
  return version === undefined || other === undefined ? undefined : compareSemanticVersions(version, other);
}

const decimal = /^[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?$/;

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && decimal.test(value) ? Number(value) : undefined;
}
