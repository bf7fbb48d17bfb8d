// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { fixedBy, linesOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { concurrencyLimits } from './concurrency-limits.ts';
import { dangerousTriggers } from './dangerous-triggers.ts';
import { forbiddenUses } from './forbidden-uses.ts';
import { misfeature } from './misfeature.ts';
import { selfRepository } from './self-repository.ts';

describe('forbidden-uses', () => {
  it.each([
    ['allow: ["a/*"]', [7]],
    ['allow: ["a/b", "c/d@v1"]', []],
    ['allow: []', [6, 7]],
    ['deny: ["*"]', [6, 7]],
    ['deny: ["c/d@v2"]', []],
    ['deny: ["A/B"]', [6]],
  ])('follows %s', async (config, lines) => {
    const configuration = { path: 'x.yml', text: `rules:\n  forbidden-uses:\n    config:\n      ${config}\n` };

    expect(
      await linesOf(forbiddenUses, workflowWith('- uses: a/b@v1\n- uses: c/d@v1\n- uses: ./x'), { configuration }),
    ).toEqual(lines);
  });

  it('is not got round by another way of writing the path', async () => {
    const configuration = { path: 'x.yml', text: 'rules:\n  forbidden-uses:\n    config:\n      deny: [a/b]\n' };

    expect(await linesOf(forbiddenUses, workflowWith('- uses: a/b/./@v1'), { configuration })).toEqual([6]);
  });

  it('says nothing without a configuration', async () => {
    expect(await linesOf(forbiddenUses, workflowWith('- uses: a/b@v1'))).toEqual([]);
  });
});

describe('dangerous-triggers', () => {
  it.each([
    ['pull_request_target', 1],
    ['[push, workflow_run]', 1],
    ['[pull_request_target, workflow_run]', 2],
    ['[push, pull_request]', 0],
  ])('on: %s', async (events, count) => {
    expect(await linesOf(dangerousTriggers, workflowWith('- run: x', `on: ${events}`))).toHaveLength(count);
  });

  it('lets a workflow label pull requests that does nothing else', async () => {
    const alone = workflowWith('- uses: actions/labeler@v5', 'on: pull_request_target');
    const withMore = workflowWith('- uses: actions/labeler@v5\n- run: x', 'on: pull_request_target');

    expect([await linesOf(dangerousTriggers, alone), await linesOf(dangerousTriggers, withMore)]).toEqual([[], [1]]);
  });
});

describe('concurrency-limits', () => {
  it.each([
    ['on: push\nconcurrency: x', [2]],
    ['on: push\nconcurrency: {group: x, cancel-in-progress: false}', []],
    ['on: push', [1]],
  ])('%j', async (head, lines) => {
    expect(await linesOf(concurrencyLimits, workflowWith('- run: x', head))).toEqual(lines);
  });

  it('tells once of all jobs without a limit', async () => {
    expect(
      await linesOf(concurrencyLimits, `${workflowWith('- run: x')}  b:\n    runs-on: x\n    steps: []\n`),
    ).toEqual([1]);
  });
});

describe('misfeature', () => {
  it.each([
    ['bash', []],
    ['/usr/bin/bash -e {0}', []],
    ['cmd', [7]],
    ['CMD.EXE', [7]],
    ['fish {0}', [7]],
    ['${{ inputs.shell }}', []],
  ])('minds the shell %s', async (shell, lines) => {
    expect(await linesOf(misfeature, workflowWith(`- run: x\n  shell: ${shell}`))).toEqual(lines);
  });

  it('points at the default that sets the shell', async () => {
    expect(await linesOf(misfeature, workflowWith('- run: x', 'on: push\ndefaults:\n  run:\n    shell: cmd'))).toEqual([
      4,
    ]);
  });
});

describe('self-repository', () => {
  it.each([
    ['- uses: ./a # b', '- uses: $/a # b'],
    ['- uses: "./.github/actions/a"', '- uses: "$/.github/actions/a"'],
    ['- uses: ../a', '- uses: ../a'],
  ])('turns %j into %j', async (before, after) => {
    expect(await fixedBy(selfRepository, workflowWith(before))).toBe(workflowWith(after));
  });
});
