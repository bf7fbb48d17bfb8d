// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { knownResolver } from '../../../../test/support/action-resolver.ts';
import { fixedBy, linesOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { unpinnedUses } from './unpinned-uses.ts';

const commit = 'a'.repeat(40);

function configured(policies: string): { configuration: { path: string; text: string } } {
  return {
    configuration: {
      path: 'zizmor.yml',
      text: `rules:\n  unpinned-uses:\n    config:\n      policies:\n        ${policies}\n`,
    },
  };
}

describe('unpinned-uses', () => {
  it.each([
    ['a/b@v1', [6]],
    ['a/b@main', [6]],
    ['a/b', [6]],
    [`a/b@${commit}`, []],
    [`a/b/c@${commit}`, []],
    ['./a', []],
    ['$/a', []],
    ['docker://a:1', []],
  ])('%s: %j', async (uses, lines) => {
    expect(await linesOf(unpinnedUses, workflowWith(`- uses: ${uses}`))).toEqual(lines);
  });

  it('looks at called workflows too', async () => {
    expect(await linesOf(unpinnedUses, 'on: push\njobs:\n  a:\n    uses: a/b/.github/workflows/c.yml@main\n')).toEqual([
      4,
    ]);
  });

  it.each([
    ['"*": ref-pin', []],
    ['"*": any', []],
    ['"a/*": ref-pin', []],
    ['"a/b": ref-pin', []],
    ['"c/*": any', [6]],
    ['"a/*": any\n        "a/b": hash-pin', [6]],
    ['"a/b/*": ref-pin\n        "a/*": hash-pin', []],
  ])('follows the policy %j', async (policies, lines) => {
    expect(await linesOf(unpinnedUses, workflowWith('- uses: a/b@v1'), configured(policies))).toEqual(lines);
  });

  it('wants a reference even where a tag will do', async () => {
    expect(await linesOf(unpinnedUses, workflowWith('- uses: a/b'), configured('"*": ref-pin'))).toEqual([6]);
  });

  it.each([
    ['- uses: a/b@v1', `- uses: a/b@${commit} # v1.2.0`],
    ['- uses: "a/b/c@v1" # old', `- uses: "a/b/c@${commit}" # v1.2.0`],
    ['-\n  uses: a/b@v1\n  with: {}', `-\n  uses: a/b@${commit} # v1.2.0\n  with: {}`],
  ])('pins %j to the commit', async (before, after) => {
    const resolver = knownResolver({ commits: { v1: commit }, tags: { [commit]: ['v1.2.0', 'v1'] } });

    expect(await fixedBy(unpinnedUses, workflowWith(before), { resolver })).toBe(workflowWith(after));
  });

  it('leaves alone what nobody knows', async () => {
    const text = workflowWith('- uses: a/b@v2');

    expect(await fixedBy(unpinnedUses, text, { resolver: knownResolver({}) })).toBe(text);
  });
});
