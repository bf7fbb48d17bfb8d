// SPDX-License-Identifier: Apache-2.0
// Runs the attestations of GitHub's command line tool: the policies of its integration tests, and every damaged bundle that lies beside them.
// The verdicts stand as prose in the README of the pack, hence the table here; rows whose files are absent give no case.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GithubExpectation } from '../../src/evidence/signatures/github-policy.ts';
import { githubPolicy } from '../../src/evidence/signatures/github-policy.ts';
import { artifactOf } from '../../src/evidence/signatures/proof.ts';
import { isRefusal } from '../../src/evidence/signatures/refusal.ts';
import { trustRootOf } from '../../src/evidence/signatures/trust-root.ts';
import { verifyBundle } from '../../src/evidence/signatures/verify.ts';
import { type CaseResult, type ConformanceCase, type ConformancePack, failed, passed } from './pack.ts';
import { unpackedRoot } from './unpack.ts';

interface AttestationCase {
  readonly artifact: string;
  readonly bundle: string;
  readonly expectation: GithubExpectation;
  readonly expect: 'pass' | 'fail';
  readonly title: string;
}

const attest = 'github/artifact-attestations-workflows/.github/workflows/attest.yml';

function reusable(
  source: string,
  signer: NonNullable<GithubExpectation['signer']>,
  expect: 'pass' | 'fail',
): AttestationCase {
  return {
    artifact: 'reusable-workflow-artifact',
    bundle: 'reusable-workflow-attestation.sigstore.json',
    expectation: { source, signer },
    expect,
    title: `${source} by ${signer.kind} ${signer.kind === 'identity' ? '' : signer.kind === 'workflow' ? signer.path : signer.name}`,
  };
}

function sigstoreJs(bundle: string): AttestationCase[] {
  const rows = [
    ['sigstore', 'pass'],
    ['sigstore/sigstore-js', 'pass'],
    ['sigstore/fakerepo', 'fail'],
    ['fakeowner', 'fail'],
  ] as const;
  return rows.map(([source, expect]) => ({
    artifact: 'sigstore-js-2.1.0.tgz',
    bundle,
    expectation: { source },
    expect,
    title: source,
  }));
}

const table: readonly AttestationCase[] = [
  ...sigstoreJs('sigstore-js-2.1.0-bundle.json'),
  ...sigstoreJs('sigstore-js-2.1.0-bundle-v0.1.json'),
  ...['malancas', 'malancas/attest-demo'].flatMap((source) => [
    reusable(source, { kind: 'repository', name: 'github/artifact-attestations-workflows' }, 'pass'),
    reusable(source, { kind: 'workflow', path: attest }, 'pass'),
    reusable(source, { kind: 'workflow', path: `github.com/${attest}` }, 'pass'),
    reusable(
      source,
      {
        kind: 'identity',
        identity: { kind: 'exact', value: `https://github.com/${attest}@09b495c3f12c7881b3cc17209a327792065c1a1d` },
      },
      'pass',
    ),
    reusable(source, { kind: 'workflow', path: 'foo/bar/.github/workflows/attest.yml' }, 'fail'),
  ]),
  {
    artifact: 'custom-issuer-artifact',
    bundle: 'custom-issuer.sigstore.json',
    expectation: {
      source: 'too-legit',
      issuer: 'https://token.actions.githubusercontent.com/hammer-time',
      signer: {
        kind: 'identity',
        identity: {
          kind: 'exact',
          value: 'https://github.com/too-legit/attest/.github/workflows/integration.yml@refs/heads/main',
        },
      },
    },
    expect: 'pass',
    title: 'custom issuer',
  },
];

/** Bundles that cannot be right for any policy: the policy is the one that the good ones would pass. */
function damaged(root: string): AttestationCase[] {
  const files = readdirSync(root);
  return files
    .filter((file) => /\.jsonl?$/.test(file) && /missing|invalid/.test(file))
    .flatMap((bundle): AttestationCase[] => {
      const stem = bundle.replace(/-bundle.*$/, '');
      const artifact =
        files.find((file) => file.startsWith(stem) && !/\.jsonl?$/.test(file)) ?? 'sigstore-js-2.1.0.tgz';
      return ['actions', 'sigstore'].map((source) => ({
        artifact,
        bundle,
        expectation: { source },
        expect: 'fail',
        title: source,
      }));
    });
}

function trustedRoot(root: string): Buffer {
  const beside = join(dirname(root), 'sigstore', 'trusted_root.public-good.json');
  const unpacked = unpackedRoot('sigstore');
  return readFileSync(
    existsSync(beside) || unpacked === undefined ? beside : join(unpacked, 'trusted_root.public-good.json'),
  );
}

function runTest(root: string, test: AttestationCase): CaseResult {
  const artifact = artifactOf(readFileSync(join(root, test.artifact)));
  const trustRoot = trustRootOf(trustedRoot(root));
  const policy = githubPolicy(test.expectation);
  if (isRefusal(trustRoot) || isRefusal(policy)) return failed('a trust root and a policy', [trustRoot, policy]);
  const text = readFileSync(join(root, test.bundle), 'utf8');
  const bundles = test.bundle.endsWith('.jsonl') ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  const verifications = bundles.map((bundle) =>
    verifyBundle(Buffer.from(bundle), { artifact, trustRoot, policy, time: Date.now() }),
  );
  const actual = verifications.some(({ kind }) => kind === 'verified') ? 'pass' : 'fail';
  return actual === test.expect ? passed : failed(test.expect, verifications);
}

export const ghAttestationPack: ConformancePack = {
  name: 'gh-attestation',
  cases(root) {
    return [...table, ...damaged(root)]
      .filter(({ artifact, bundle }) => existsSync(join(root, artifact)) && existsSync(join(root, bundle)))
      .map((test): ConformanceCase => ({ id: `${test.bundle}: ${test.title}`, run: () => runTest(root, test) }));
  },
};
