// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { fixedBy, workflowWith } from '../../../../test/support/github-audit.ts';
import { unpinnedUses } from '../github-checks/unpinned-uses.ts';
import { lockResolver } from './lock-resolver.ts';

const commit = 'a'.repeat(40);
const resolver = lockResolver({
  actions: new Map([
    ['a/b@v1', commit],
    ['a/b@v1.2.0', commit],
  ]),
  images: new Map(),
});

describe('lockResolver', () => {
  it('knows the commit of a reference and the most telling name of a commit', async () => {
    const repository = { owner: 'A', repository: 'b' };

    expect(await resolver.commitOf(repository, 'v1')).toEqual({ kind: 'found', value: commit });
    expect(await resolver.tagsOf(repository, commit)).toEqual({ kind: 'found', value: ['v1.2.0', 'v1'] });
  });

  it('does not know what the lock file does not say', async () => {
    const repository = { owner: 'a', repository: 'b' };

    const answers = await Promise.all([
      resolver.commitOf(repository, 'v2'),
      resolver.tagsOf(repository, 'b'),
      resolver.kindsOf(repository, 'v1'),
      resolver.contains(repository, commit),
    ]);

    expect(answers.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  it('pins actions offline', async () => {
    const fixed = await fixedBy(unpinnedUses, workflowWith('- uses: a/b@v1\n- uses: a/c@v1'), { resolver });

    expect(fixed).toBe(workflowWith(`- uses: a/b@${commit} # v1.2.0\n- uses: a/c@v1`));
  });
});
