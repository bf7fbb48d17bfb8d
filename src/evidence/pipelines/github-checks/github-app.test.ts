// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { githubApp } from './github-app.ts';

describe('github-app', () => {
  it.each([
    ['permission-issues: write', []],
    ['skip-token-revoke: "false"\n    permission-issues: write', []],
    ['skip-token-revoke: true\n    permission-issues: write', ['8 high']],
    ['skip-token-revoke: ${{ x }}\n    permission-issues: write', ['8 low']],
    ['owner: o\n    permission-issues: write', ['8 high']],
    ['owner: o\n    repositories: a,b\n    permission-issues: write', []],
    ['owner: o\n    permission-members: read', []],
    ['owner: o\n    permission-members: read\n    permission-contents: read', ['8 high']],
    ['app-id: 1', ['6 high']],
  ])('with %j', async (inputs, expected) => {
    const findings = await findingsOf(
      githubApp,
      workflowWith(`- uses: actions/create-github-app-token@v2\n  with:\n    ${inputs}`),
    );

    expect(findings.map(({ locations, confidence }) => `${locations[0]?.line} ${confidence}`)).toEqual(expected);
  });

  it('does not guess at inputs that are computed', async () => {
    expect(
      await findingsOf(githubApp, workflowWith('- uses: actions/create-github-app-token@v2\n  with: ${{ x }}')),
    ).toEqual([]);
  });
});
