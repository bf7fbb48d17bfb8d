// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, fixedBy, linesOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { unsoundCondition } from './unsound-condition.ts';
import { unsoundContains } from './unsound-contains.ts';
import { unsoundTernary } from './unsound-ternary.ts';

function step(condition: string): string {
  return workflowWith(`- run: x\n  if: ${condition}`);
}

describe('unsound-condition', () => {
  it.each([
    ['a.b', false],
    ['${{ a.b }}', false],
    ['|\n    a.b', false],
    ['|-\n    ${{ a.b }}', false],
    ['|\n    ${{ a.b }}', true],
    ['>\n    ${{ a.b }}', true],
    ['${{ a.b }} && c.d', true],
    ['"${{ a.b }} "', true],
    ["${{ a.b == '}}' }}", false],
    ['true', false],
  ])('%j: %s', async (condition, isFound) => {
    expect(await linesOf(unsoundCondition, step(condition))).toEqual(isFound ? [7] : []);
  });

  it.each([
    ['|\n    ${{ a.b }}', '|-\n    ${{ a.b }}'],
    ['>+ # x\n    ${{ a.b\n      && c.d }}', '>- # x\n    ${{ a.b\n      && c.d }}'],
    ['|\n    ${{ a.b }} c', '|\n    ${{ a.b }} c'],
    ['"${{ a.b }} "', '"${{ a.b }} "'],
  ])('turns %j into %j', async (before, after) => {
    expect(await fixedBy(unsoundCondition, step(before))).toBe(step(after));
  });
});

describe('unsound-contains', () => {
  it.each([
    ["contains('main develop', github.ref)", ['high']],
    ["contains('a b', inputs.x) || contains('c d', env.y)", ['high', 'high']],
    ["contains('push pull_request', github.event_name)", ['negligible']],
    ["contains(github.ref, 'main')", []],
    ['contains(fromJSON(\'["a"]\'), github.ref)', []],
  ])('%s', async (condition, expected) => {
    const findings = await findingsOf(unsoundContains, step(condition));

    expect(findings.map(({ severity }) => severity)).toEqual(expected);
  });
});

describe('unsound-ternary', () => {
  it.each([
    ["a.b && '' || 'c'", 1],
    ["a.b && 0 || c.d && null || 'e'", 2],
    ["x.y || (a.b && '' || 'c')", 1],
    ["a.b && 'c' || ''", 0],
    ["a.b || ''", 0],
    ["true && '' || 'c'", 0],
  ])('%s', async (expression, count) => {
    expect(await linesOf(unsoundTernary, workflowWith(`- run: x\n  env:\n    A: \${{ ${expression} }}`))).toHaveLength(
      count,
    );
  });
});
