// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { artifact, keyless, leaf, signedBy, verify, world } from '../../../test/support/signing/attempt.ts';
import { ecKeys, publicKeyDer } from '../../../test/support/signing/certificates.ts';
import { issuer, subject, trustedRootJson } from '../../../test/support/signing/sigstore.ts';
import { artifactOf } from './proof.ts';
import { publicKeyOf } from './public-key.ts';
import { policyDigest, signatureEvidence } from './record.ts';
import { isRefusal } from './refusal.ts';
import { trustRootOf } from './trust-root.ts';

describe('signatureEvidence', () => {
  it('states who signed what, when, and what that rests on', () => {
    const verified = verify(signedBy(leaf));
    const trustRoot = trustRootOf(Buffer.from(JSON.stringify(trustedRootJson(world))));
    if (verified.kind === 'refused' || isRefusal(trustRoot)) throw new Error('not verified');

    const evidence = signatureEvidence(
      { verified, artifact: artifactOf(artifact), policy: keyless, trustRoot, proofDigest: 'sha256:00' },
      {
        subject: 'file:a',
        producer: { name: 'test', version: '1' },
        source: 'dir:.',
        observedAt: '2026-06-01T00:00:00Z',
      },
    );

    expect(evidence).toMatchObject({
      kind: 'signature',
      trust: 'verified',
      body: {
        signedBy: { kind: 'certificate', subjects: [subject], issuer },
        artifact: artifactOf(artifact).digests,
        claim: 'artifact',
        times: [{ source: 'log-entry', time: '2026-03-01T12:00:00.000Z' }],
        mode: 'public-good-keyless',
        policyDigest: policyDigest(keyless),
        trustRootDigest: trustRoot.digest,
      },
    });
    expect(evidence.id).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('policyDigest', () => {
  it('differs by key', () => {
    const digests = [ecKeys(), ecKeys()].map((keys) => {
      const key = publicKeyOf(publicKeyDer(keys));
      return isRefusal(key) ? '' : policyDigest({ mode: 'managed-key-with-log', keys: [{ key }] });
    });

    expect(new Set(digests).size).toBe(2);
  });
});
