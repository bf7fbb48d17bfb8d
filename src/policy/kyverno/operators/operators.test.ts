// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionOperator, conditionOperators } from './index.ts';

function test(key: unknown, operator: string, value: unknown): boolean | undefined {
  return conditionOperator(operator)?.test(key, value);
}

describe('operators of conditions', () => {
  it('are found in any case', () => {
    expect(conditionOperator('ANYIN')?.name).toBe('AnyIn');
  });

  it.each([
    [null, 'Equals', null, false],
    [null, 'NotEquals', 'x', false],
    ['a*', 'Equals', 'ab', false],
    ['ab', 'Equals', 'a*', true],
    ['1Gi', 'NotEquals', 'plenty', false],
    ['*', 'AnyIn', ['x'], true],
    [true, 'AnyIn', ['true'], true],
    ['a', 'AnyIn', '["a", "b"]', true],
    ['a', 'AnyNotIn', '{"a": 1}', false],
    [['a', 'b'], 'NotIn', ['a'], true],
    [['a'], 'AllNotIn', 'a', false],
    ['1.10.0', 'GreaterThan', '1.9.0', true],
    ['1h', 'LessThan', 7_200, true],
    ['x', 'LessThan', 'y', false],
    [10, 'DurationGreaterThan', '5s', true],
    [[1], 'GreaterThan', 0, false],
  ])('%j %s %j: %s', (key, operator, value, expected) => {
    expect(test(key, operator, value)).toBe(expected);
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...conditionOperators), fc.jsonValue(), fc.jsonValue(), (operator, key, value) => {
        expect(typeof operator.test(key, value)).toBe('boolean');
      }),
    );
  });
});
