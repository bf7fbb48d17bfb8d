// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { knownResolver } from '../../../../test/support/action-resolver.ts';
import { findingsOf, fixedBy, workflowWith } from '../../../../test/support/github-audit.ts';
import { impostorCommit } from './impostor-commit.ts';
import { refConfusion } from './ref-confusion.ts';
import { refVersionMismatch } from './ref-version-mismatch.ts';
import { staleActionRefs } from './stale-action-refs.ts';

const commit = 'a'.repeat(40);
const resolver = knownResolver({
  commits: { v1: commit, v2: 'b'.repeat(40) },
  tags: { [commit]: ['v1.0.0', 'v1'] },
  kinds: { v1: ['tag'], both: ['tag', 'branch'] },
  own: [commit],
});

describe('ref-version-mismatch', () => {
  it.each([
    ['# v1', []],
    ['# tag=v1', []],
    ['# v2', ['medium regular']],
    ['# v9', ['medium regular']],
    ['', ['low pedantic']],
    ['# some words', ['low pedantic']],
  ])('compares %j with the commit', async (comment, expected) => {
    const findings = await findingsOf(refVersionMismatch, workflowWith(`- uses: a/b@${commit} ${comment}`), {
      resolver,
    });

    expect(findings.map(({ severity, persona }) => `${severity} ${persona}`)).toEqual(expected);
  });

  it.each([
    ['# version: v2', '# version: v1.0.0'],
    ['', '# v1.0.0'],
  ])('turns the comment %j into %j', async (before, after) => {
    const text = workflowWith(`- uses: a/b@${commit}${before === '' ? '' : ` ${before}`}`);

    expect(await fixedBy(refVersionMismatch, text, { resolver })).toBe(workflowWith(`- uses: a/b@${commit} ${after}`));
  });
});

describe('checks that ask about commits', () => {
  it.each([
    [impostorCommit, commit, 0],
    [impostorCommit, 'c'.repeat(40), 1],
    [impostorCommit, 'v1', 0],
    [staleActionRefs, commit, 0],
    [staleActionRefs, 'c'.repeat(40), 1],
    [refConfusion, 'v1', 0],
    [refConfusion, 'both', 1],
    [refConfusion, commit, 0],
  ])('$id of a/b@%s', async (check, ref, count) => {
    const findings = await findingsOf(check, workflowWith(`- uses: a/b@${ref}`), { resolver });

    expect(findings).toHaveLength(count);
  });

  it('look at hooks of pre-commit', async () => {
    const text = 'repos:\n  - repo: https://github.com/a/b\n    rev: both\n    hooks: []\n';

    const findings = await findingsOf({ ...refConfusion, kinds: ['pre-commit'] }, text, { resolver });

    expect(findings.map(({ locations }) => locations[0]?.line)).toEqual([3]);
  });
});
