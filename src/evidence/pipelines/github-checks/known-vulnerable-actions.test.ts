// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { knownResolver } from '../../../../test/support/action-resolver.ts';
import { findingsOf, fixedBy, workflowWith } from '../../../../test/support/github-audit.ts';
import type { ActionAdvisories } from '../github/action-advisories.ts';
import { knownVulnerableActions } from './known-vulnerable-actions.ts';

const advisories: ActionAdvisories = {
  advisoriesOf: async (slug, version) =>
    slug === 'a/b' && version.startsWith('1')
      ? [{ id: 'GHSA-1', severity: 'high', summary: 'runs titles', fixed: '2.0.0' }]
      : [],
};
const commit = 'a'.repeat(40);

describe('known-vulnerable-actions', () => {
  it.each([
    ['A/B@v1.2.3', 1],
    ['a/b/c@1.2', 1],
    [`a/b@${commit} # v1.0.0`, 1],
    ['a/b@v2', 0],
    ['a/b@main', 0],
    [`a/b@${commit}`, 0],
    ['c/d@v1', 0],
  ])('%s', async (uses, count) => {
    expect(await findingsOf(knownVulnerableActions, workflowWith(`- uses: ${uses}`), { advisories })).toHaveLength(
      count,
    );
  });

  it('asks which version a commit is', async () => {
    const resolver = knownResolver({ tags: { [commit]: ['v1.0.0'] } });

    const findings = await findingsOf(knownVulnerableActions, workflowWith(`- uses: a/b@${commit}`), {
      advisories,
      resolver,
    });

    expect(findings).toHaveLength(1);
  });

  it('leaves out what the configuration allows', async () => {
    const configuration = {
      path: 'zizmor.yml',
      text: 'rules:\n  known-vulnerable-actions:\n    config:\n      allow: [ghsa-1]\n',
    };

    const findings = await findingsOf(knownVulnerableActions, workflowWith('- uses: a/b@v1'), {
      advisories,
      configuration,
    });

    expect(findings).toEqual([]);
  });

  it.each([
    ['- uses: a/b@v1.0.0 # x', '- uses: a/b@v2.0.0 # x'],
    [`- uses: a/b@${commit} # v1.0.0`, `- uses: a/b@${'b'.repeat(40)} # v2.0.0`],
  ])('moves %j to the mended version', async (before, after) => {
    const resolver = knownResolver({ commits: { 'v2.0.0': 'b'.repeat(40) }, tags: {} });

    expect(await fixedBy(knownVulnerableActions, workflowWith(before), { advisories, resolver })).toBe(
      workflowWith(after),
    );
  });
});
