// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { printSelector, readLabelSelector, selects } from './label-selector.ts';

const selector = readLabelSelector({
  matchLabels: { app: 'web' },
  matchExpressions: [
    { key: 'tier', operator: 'In', values: ['b', 'a'] },
    { key: 'old', operator: 'DoesNotExist' },
    { key: 'env', operator: 'NotIn', values: ['test'] },
  ],
});

describe('a label selector', () => {
  it.each([
    [{ app: 'web', tier: 'a' }, true],
    [{ app: 'web', tier: 'a', env: 'test' }, false],
    [{ app: 'web', tier: 'c' }, false],
    [{ app: 'web', tier: 'a', old: '' }, false],
    [{ tier: 'a' }, false],
  ])('of four requirements and the labels %j: %s', (labels, expected) => {
    expect(selects(selector, labels)).toBe(expected);
  });

  it('that is empty selects everything', () => {
    expect(selects(readLabelSelector(undefined), {})).toBe(true);
  });

  it('is printed as Kubernetes prints it', () => {
    expect(printSelector(selector)).toBe('app=web,env notin (test),!old,tier in (a,b)');
  });

  it.each([
    { key: 'a', operator: 'Is' },
    { key: 'a', operator: 'In', values: [] },
  ])('with %j is invalid and selects nothing', (expression) => {
    const broken = readLabelSelector({ matchExpressions: [expression] });

    expect(broken.kind).toBe('invalid');
    expect(selects(broken, { a: 'x' })).toBe(false);
  });
});
