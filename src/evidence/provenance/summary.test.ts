// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { artifact, keyless, leaf, other, world } from '../../../test/support/signing/attempt.ts';
import { codesOf, generated, testRoot, verifyBuild } from '../../../test/support/signing/provenance.ts';
import { now, statementBundle, statementOf } from '../../../test/support/signing/sigstore.ts';
import { parseSigstoreBundle } from '../../formats/sigstore-bundle.ts';
import { summaryType } from '../../formats/verification-summary.ts';
import type { Artifact } from '../signatures/proof.ts';
import { artifactOf } from '../signatures/proof.ts';
import type { SummaryExpectation, SummaryResult } from './summary.ts';
import { hasLevel, summarize, verifySummary } from './summary.ts';

const commit = 'c'.repeat(40);
const wish = {
  verifierId: 'https://verifier.example',
  verifierVersion: {},
  resourceUri: 'pkg:generic/app@1',
  policy: undefined,
  inputAttestations: [],
  timeVerified: '2026-05-31T00:00:00Z',
};
const expected: SummaryExpectation = {
  verifierId: wish.verifierId,
  resourceUri: wish.resourceUri,
  levels: ['SLSA_BUILD_LEVEL_2'],
};
const passedBuild = summarize(verifyBuild(generated()), wish);

function check(
  predicate: object,
  expectation: SummaryExpectation = expected,
  about: { readonly artifact?: Artifact; readonly subject?: readonly object[] } = {},
): SummaryResult {
  const base = statementOf(artifact, summaryType);
  const payload = { ...base, ...(about.subject === undefined ? {} : { subject: about.subject }), predicate };
  const bundle = parseSigstoreBundle(Buffer.from(JSON.stringify(statementBundle(world, { leaf, payload }))));
  if (bundle.kind === 'malformed') throw new Error(bundle.reason);
  return verifySummary(bundle.value, {
    artifact: about.artifact ?? artifactOf(artifact),
    expectation,
    policy: keyless,
    trustRoot: testRoot(),
    time: now,
  });
}

function codes(result: SummaryResult): unknown {
  return result.kind === 'verified' ? 'verified' : result.failures.map(({ code }) => code);
}

describe('summaries', () => {
  it('show the level that was found, and lower ones', () => {
    expect(passedBuild['verifiedLevels']).toEqual(['SLSA_BUILD_LEVEL_3']);
    expect(codes(check(passedBuild))).toBe('verified');
  });

  it('of a failed verification show nothing', () => {
    const failed = verifyBuild(generated(), { sourceUri: 'github.com/acme/other' });
    const summary = summarize(failed, wish);

    expect(codesOf(failed)).toEqual(['SOURCE_MISMATCH']);
    expect(summary['verificationResult']).toBe('FAILED');
    expect(codes(check(summary))).toEqual(['SUMMARY_MISMATCH', 'LEVEL_TOO_LOW']);
  });

  it.each([
    [{ verifierId: 'https://verifier.example.evil' }, 'SUMMARY_MISMATCH'],
    [{ resourceUri: 'pkg:generic/app@2' }, 'SUMMARY_MISMATCH'],
    [{ levels: ['SLSA_SOURCE_LEVEL_1'] }, 'LEVEL_TOO_LOW'],
    [{ maximumAge: 3_600_000 }, 'SUMMARY_EXPIRED'],
  ])('are refused when %j is asked for', (changed, code) => {
    expect(codes(check(passedBuild, { ...expected, ...changed }))).toEqual([code]);
  });

  it('from the future, or without a time, are not fresh', () => {
    const asked = { ...expected, maximumAge: 86_400_000 };

    expect(codes(check({ ...passedBuild, timeVerified: '2027-01-01T00:00:00Z' }, asked))).toEqual(['SUMMARY_EXPIRED']);
    expect(codes(check({ ...passedBuild, timeVerified: undefined }, asked))).toEqual(['SUMMARY_EXPIRED']);
  });

  it('of another artifact are refused', () => {
    expect(codes(check(passedBuild, expected, { artifact: artifactOf(other) }))).toEqual(['DIGEST_MISMATCH']);
  });

  it('of a source are about a commit and the refs it was on', () => {
    const predicate = { ...passedBuild, verifiedLevels: ['SLSA_SOURCE_LEVEL_3'] };
    const subject = [{ digest: { gitCommit: commit }, annotations: { sourceRefs: ['refs/heads/main'] } }];
    const asked = { ...expected, levels: ['SLSA_SOURCE_LEVEL_2'], sourceRef: 'refs/heads/main' };
    const about = { subject, artifact: { digests: [], commit } };

    expect(codes(check(predicate, asked, about))).toBe('verified');
    expect(codes(check(predicate, { ...asked, sourceRef: 'refs/heads/mai' }, about))).toEqual(['REF_KIND']);
    expect(codes(check(predicate, asked, { subject, artifact: { digests: [], commit: 'd'.repeat(40) } }))).toEqual([
      'DIGEST_MISMATCH',
    ]);
  });
});

describe('levels', () => {
  it('include lower ones of their own track only', () => {
    expect(hasLevel(['SLSA_BUILD_LEVEL_3'], 'SLSA_BUILD_LEVEL_1')).toBe(true);
    expect(hasLevel(['SLSA_BUILD_LEVEL_1'], 'SLSA_BUILD_LEVEL_2')).toBe(false);
    expect(hasLevel(['SLSA_BUILD_LEVEL_3'], 'SLSA_SOURCE_LEVEL_1')).toBe(false);
    expect(hasLevel(['ACME_CHECKED'], 'ACME_CHECKED')).toBe(true);
    expect(hasLevel(['SLSA_BUILD_LEVEL_33'], 'SLSA_BUILD_LEVEL_3')).toBe(false);
  });
});
