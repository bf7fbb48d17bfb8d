// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { linesOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { archivedUses } from './archived-uses.ts';
import { typosquatUses } from './typosquat-uses.ts';

describe('typosquat-uses', () => {
  it.each([
    ['action/checkout', true],
    ['actionss/checkout', true],
    ['actoins/checkout', true],
    ['acti0ns/checkout', true],
    ['docker1/login-action', true],
    ['actions/chekout', false],
    ['Actions/Checkout', false],
    ['example/checkout', false],
    ['a/b', false],
  ])('%s: %s', async (uses, isFound) => {
    expect(await linesOf(typosquatUses, workflowWith(`- uses: ${uses}@v1`))).toEqual(isFound ? [6] : []);
  });
});

describe('archived-uses', () => {
  it.each([
    ['https://github.com/pre-commit/mirrors-prettier', 1],
    ['git@github.com:Pre-Commit/mirrors-prettier.git', 1],
    ['https://git.example/pre-commit/mirrors-prettier', 0],
    ['local', 0],
  ])('looks at the hooks of %s', async (repo, count) => {
    const lines = await linesOf(
      { ...archivedUses, kinds: ['pre-commit'] },
      `repos:\n  - repo: ${repo}\n    hooks: []\n`,
    );

    expect(lines).toHaveLength(count);
  });

  it('looks at called workflows whatever their path', async () => {
    expect(
      await linesOf(archivedUses, 'on: push\njobs:\n  a:\n    uses: Actions/setup-ruby/.github/workflows/a.yml@v1\n'),
    ).toEqual([4]);
  });
});
