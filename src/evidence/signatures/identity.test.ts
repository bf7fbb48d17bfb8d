// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { CertificateSigner } from './identity.ts';
import { checkSigstoreIdentity } from './identity.ts';
import type { TextMatch } from './policy.ts';

const signer: CertificateSigner = {
  kind: 'certificate',
  subjects: [{ kind: 'uri', value: 'https://builds.example/release' }],
  issuer: 'https://token.example',
  claims: {},
};

function codeFor(subject: TextMatch): string {
  const issuer: TextMatch = { kind: 'exact', value: 'https://token.example' };
  return checkSigstoreIdentity(signer, [{ subject, issuer }])?.code ?? 'named';
}

const start: TextMatch = { kind: 'pattern', expression: 'https://builds[.]example/.*' };
const end: TextMatch = { kind: 'pattern', expression: '.*/release' };

describe('several texts for one name', () => {
  it('must all match', () => {
    expect(codeFor({ kind: 'all', of: [start, end] })).toBe('named');
    expect(codeFor({ kind: 'all', of: [start, { kind: 'exact', value: 'https://builds.example/other' }] })).toBe(
      'IDENTITY_MISMATCH',
    );
  });

  it('are refused where there are none', () => {
    expect(codeFor({ kind: 'all', of: [] })).toBe('POLICY_INVALID');
  });

  it('are refused where one of them is no expression', () => {
    expect(codeFor({ kind: 'all', of: [start, { kind: 'pattern', expression: '(' }] })).toBe('POLICY_INVALID');
  });
});
