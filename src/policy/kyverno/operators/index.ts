// SPDX-License-Identifier: Apache-2.0
// The operators of conditions, by their names.
import { equals, notEquals, strictEquals } from './equality.ts';
import { membership, oldNotIn, strictMembership, strictOldNotIn } from './membership.ts';
import { ordered, orderedDurations } from './order.ts';

export interface ConditionOperator {
  readonly name: string;
  /** What to write instead of an operator that Kyverno has deprecated. */
  readonly instead?: string;
  readonly test: Test;
  /** The test without what Kyverno's lets through, by whether the value stands in the policy or was computed; the same as `test` when absent. */
  readonly strict?: (values: 'written' | 'computed') => Test;
}

type Test = (key: unknown, value: unknown) => boolean;

const strictly = {
  equals: (values) => (key, value) => strictEquals(key, value, values),
  notEquals: (values) => (key, value) => !strictEquals(key, value, values),
} satisfies Readonly<Record<string, NonNullable<ConditionOperator['strict']>>>;

const isGreater = (order: number): boolean => order > 0;
const isGreaterOrEqual = (order: number): boolean => order >= 0;
const isLess = (order: number): boolean => order < 0;
const isLessOrEqual = (order: number): boolean => order <= 0;

export const conditionOperators: readonly ConditionOperator[] = [
  { name: 'Equal', test: equals, strict: strictly.equals },
  { name: 'Equals', test: equals, strict: strictly.equals },
  { name: 'NotEqual', test: notEquals, strict: strictly.notEquals },
  { name: 'NotEquals', test: notEquals, strict: strictly.notEquals },
  {
    name: 'In',
    test: membership('all'),
    strict: (values) => strictMembership('all', values),
    instead: 'AllIn or AnyIn',
  },
  { name: 'AnyIn', test: membership('any'), strict: (values) => strictMembership('any', values) },
  { name: 'AllIn', test: membership('all'), strict: (values) => strictMembership('all', values) },
  { name: 'NotIn', test: oldNotIn, strict: strictOldNotIn, instead: 'AllNotIn or AnyNotIn' },
  { name: 'AnyNotIn', test: membership('any not'), strict: (values) => strictMembership('any not', values) },
  { name: 'AllNotIn', test: membership('all not'), strict: (values) => strictMembership('all not', values) },
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
