// SPDX-License-Identifier: Apache-2.0
// The operators of conditions, by their names.
import { equals, notEquals } from './equality.ts';
import { membership, oldNotIn } from './membership.ts';
import { ordered, orderedDurations } from './order.ts';

export interface ConditionOperator {
  readonly name: string;
  /** What to write instead of an operator that Kyverno has deprecated. */
  readonly instead?: string;
  readonly test: (key: unknown, value: unknown) => boolean;
}

const isGreater = (order: number): boolean => order > 0;
const isGreaterOrEqual = (order: number): boolean => order >= 0;
const isLess = (order: number): boolean => order < 0;
const isLessOrEqual = (order: number): boolean => order <= 0;

export const conditionOperators: readonly ConditionOperator[] = [
  { name: 'Equal', test: equals },
  { name: 'Equals', test: equals },
  { name: 'NotEqual', test: notEquals },
  { name: 'NotEquals', test: notEquals },
  { name: 'In', test: membership('all'), instead: 'AllIn or AnyIn' },
  { name: 'AnyIn', test: membership('any') },
  { name: 'AllIn', test: membership('all') },
  { name: 'NotIn', test: oldNotIn, instead: 'AllNotIn or AnyNotIn' },
  { name: 'AnyNotIn', test: membership('any not') },
  { name: 'AllNotIn', test: membership('all not') },
  { name: 'GreaterThan', test: ordered(isGreater) },
  { name: 'GreaterThanOrEquals', test: ordered(isGreaterOrEqual) },
  { name: 'LessThan', test: ordered(isLess) },
  { name: 'LessThanOrEquals', test: ordered(isLessOrEqual) },
  { name: 'DurationGreaterThan', test: orderedDurations(isGreater), instead: 'GreaterThan' },
  { name: 'DurationGreaterThanOrEquals', test: orderedDurations(isGreaterOrEqual), instead: 'GreaterThanOrEquals' },
  { name: 'DurationLessThan', test: orderedDurations(isLess), instead: 'LessThan' },
  { name: 'DurationLessThanOrEquals', test: orderedDurations(isLessOrEqual), instead: 'LessThanOrEquals' },
];

const byName: ReadonlyMap<string, ConditionOperator> = new Map(
  conditionOperators.map((operator) => [operator.name.toLowerCase(), operator]),
);

/** The operator of a name in any case. */
export function conditionOperator(name: string): ConditionOperator | undefined {
  return byName.get(name.toLowerCase());
}
