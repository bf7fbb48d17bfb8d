// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { codeOf, leaf, signedBy, verify, world } from '../../../test/support/signing/attempt.ts';
import {
  fulcioExtension,
  namesExtension,
  purposeExtension,
  signingKeyUsage,
} from '../../../test/support/signing/certificates.ts';
import { makeLeaf } from '../../../test/support/signing/sigstore.ts';
import type { GithubExpectation } from './github-policy.ts';
import { githubPolicy } from './github-policy.ts';
import { isRefusal } from './refusal.ts';

const workflow = 'https://github.com/Owner/repository/.github/workflows/build.yml@refs/heads/main';

interface Built {
  readonly subject?: string;
  readonly owner?: string;
  readonly repository?: string;
  readonly runner?: string;
}

function attempt(expectation: GithubExpectation, built: Built = {}): string {
  const policy = githubPolicy({ predicateType: 'none', ...expectation });
  if (isRefusal(policy)) return policy.code;
  const extensions = [
    purposeExtension('codeSigning'),
    signingKeyUsage(),
    namesExtension(built.subject ?? workflow),
    fulcioExtension(8, 'https://token.actions.githubusercontent.com'),
    fulcioExtension(11, built.runner ?? 'github-hosted'),
    fulcioExtension(12, built.repository ?? 'https://github.com/Owner/repository'),
    fulcioExtension(16, built.owner ?? 'https://github.com/Owner'),
  ];
  // The claim is not what is tested here.
  const { predicateTypes: _types, ...any } = policy;
  return codeOf(verify(signedBy(makeLeaf(world, { extensions })), { policy: any }));
}

describe('githubPolicy', () => {
  it.each<[string, GithubExpectation]>([
    ['an owner', { source: 'Owner' }],
    ['an owner in another case', { source: 'owner' }],
    ['a repository', { source: 'Owner/repository' }],
    [
      'a workflow',
      { source: 'Owner', signer: { kind: 'workflow', path: 'Owner/repository/.github/workflows/build.yml' } },
    ],
    ['hosted runners', { source: 'Owner', runners: 'hosted-by-github' }],
  ])('accepts what was built for %s', (_, expectation) => {
    expect(attempt(expectation)).toBe('verified');
  });

  it.each<[string, GithubExpectation, Built]>([
    ['an owner whose name begins alike', { source: 'Own' }, {}],
    ['a repository whose name begins alike', { source: 'Owner/repo' }, {}],
    ['an owner whose source is elsewhere', { source: 'Owner' }, { owner: 'https://github.com/mallory' }],
    ['a name with a wildcard', { source: 'Owner/r.pository' }, {}],
    [
      'a workflow whose name begins alike',
      { source: 'Owner', signer: { kind: 'workflow', path: 'Owner/repository/.github/workflows/build' } },
      {},
    ],
    ['another signer', { source: 'Owner', signer: { kind: 'repository', name: 'mallory/workflows' } }, {}],
    ['hosted runners', { source: 'Owner', runners: 'hosted-by-github' }, { runner: 'self-hosted' }],
    ['the host of an instance', { source: 'Owner', host: 'github.example' }, {}],
  ])('refuses for %s', (_, expectation, built) => {
    expect(attempt(expectation, built)).toBe('IDENTITY_MISMATCH');
  });

  it.each(['', 'a/b/c', 'a/', '*', 'a b', '../x'])('takes "%s" for no source', (source) => {
    expect(attempt({ source })).toBe('POLICY_INVALID');
  });

  it('refuses a certificate without claims about its source', () => {
    const policy = githubPolicy({ source: 'owner' });

    expect(isRefusal(policy)).toBe(false);
    if (!isRefusal(policy)) expect(codeOf(verify(signedBy(leaf), { policy }))).toBe('IDENTITY_MISMATCH');
  });
});
