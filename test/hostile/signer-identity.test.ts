// SPDX-License-Identifier: Apache-2.0
// Signers who are not the ones that a policy names.

import { describe, expect, it } from 'vitest';
import type { SignaturePolicy } from '../../src/evidence/signatures/policy.ts';
import { publicKeyOf } from '../../src/evidence/signatures/public-key.ts';
import { isRefusal } from '../../src/evidence/signatures/refusal.ts';
import { artifact, codeOf, leaf, signedBy, verify, withLeafExtensions, world } from '../support/signing/attempt.ts';
import { ecKeys, fulcioExtension, namesExtension, publicKeyDer } from '../support/signing/certificates.ts';
import type { BundleJson } from '../support/signing/sigstore.ts';
import {
  issuer,
  makeLeaf,
  managedKeyBundle,
  secondLogBundle,
  subject,
  usualExtensions,
} from '../support/signing/sigstore.ts';

describe('identity', () => {
  const [purpose, usage] = usualExtensions as [Buffer, Buffer];

  function named(...extensions: readonly Buffer[]): BundleJson {
    return withLeafExtensions(purpose, usage, ...extensions);
  }

  function policyOf(match: string, by = issuer): SignaturePolicy {
    return {
      mode: 'public-good-keyless',
      identities: [{ subject: { kind: 'pattern', expression: match }, issuer: { kind: 'exact', value: by } }],
    };
  }

  it('refuses another signer', () => {
    const bundle = named(namesExtension('mallory@evil.example'), fulcioExtension(8, issuer));

    expect(codeOf(verify(bundle))).toBe('IDENTITY_MISMATCH');
  });

  it('refuses the same name from another issuer', () => {
    const bundle = named(namesExtension(subject), fulcioExtension(8, 'https://evil.example'));

    expect(codeOf(verify(bundle))).toBe('IDENTITY_MISMATCH');
  });

  it('refuses a certificate without issuer of its token', () => {
    expect(codeOf(verify(named(namesExtension(subject))))).toBe('IDENTITY_MISMATCH');
  });

  it('refuses a certificate in which the two issuer extensions differ', () => {
    const bundle = named(
      namesExtension(subject),
      fulcioExtension(1, issuer),
      fulcioExtension(8, 'https://evil.example'),
    );

    expect(codeOf(verify(bundle))).toBe('IDENTITY_AMBIGUOUS');
  });

  it('refuses a certificate with two names', () => {
    const bundle = named(namesExtension(subject, 'mallory@evil.example'), fulcioExtension(8, issuer));

    expect(codeOf(verify(bundle))).toBe('IDENTITY_AMBIGUOUS');
  });

  it('refuses a certificate without a name', () => {
    expect(codeOf(verify(named(fulcioExtension(8, issuer))))).toBe('IDENTITY_AMBIGUOUS');
  });

  it.each([
    'https://github.com/owner/repository',
    '/owner/repository/',
    'owner',
    '(?m)^https://github.com/owner$',
    'https://github.com/owner/repository/.github/workflows/release.yml@refs/heads/mai',
  ])('does not let the expression %s match a part of the name', (expression) => {
    expect(codeOf(verify(signedBy(leaf), { policy: policyOf(expression) }))).toBe('IDENTITY_MISMATCH');
  });

  it('lets an expression match the whole name', () => {
    const policy = policyOf('https://github\\.com/owner/repository/\\.github/workflows/[a-z]+\\.yml@refs/heads/main');

    expect(codeOf(verify(signedBy(leaf), { policy }))).toBe('verified');
  });

  it('takes an exact name for no expression', () => {
    const policy: SignaturePolicy = {
      mode: 'public-good-keyless',
      identities: [{ subject: { kind: 'exact', value: '.*' }, issuer: { kind: 'exact', value: issuer } }],
    };

    expect(codeOf(verify(signedBy(leaf), { policy }))).toBe('IDENTITY_MISMATCH');
  });

  it.each([
    ['that backtracks without end', '(a+)+$'],
    ['that is not valid', '('],
    ['that is empty', ''],
    ['that is very long', 'a'.repeat(3_000)],
  ])('answers to an expression %s', (_, expression) => {
    const bundle = named(namesExtension(`${'a'.repeat(2_000)}@b.example`), fulcioExtension(8, issuer));

    expect(['POLICY_INVALID', 'IDENTITY_MISMATCH']).toContain(codeOf(verify(bundle, { policy: policyOf(expression) })));
  });

  it('refuses a policy that names nobody', () => {
    expect(codeOf(verify(signedBy(leaf), { policy: { mode: 'public-good-keyless', identities: [] } }))).toBe(
      'POLICY_INVALID',
    );
  });

  it('refuses a claim about the token that is missing or another', () => {
    const claims = { sourceRepositoryUri: { kind: 'exact', value: 'https://github.com/owner/repository' } } as const;
    const policy: SignaturePolicy = {
      mode: 'public-good-keyless',
      identities: [{ subject: { kind: 'exact', value: subject }, issuer: { kind: 'exact', value: issuer }, claims }],
    };
    const evil = named(
      namesExtension(subject),
      fulcioExtension(8, issuer),
      fulcioExtension(12, 'https://github.com/owner/repository-evil'),
    );

    expect(codeOf(verify(signedBy(leaf), { policy }))).toBe('IDENTITY_MISMATCH');
    expect(codeOf(verify(evil, { policy }))).toBe('IDENTITY_MISMATCH');
  });
});

describe('managed keys', () => {
  const signer = ecKeys();

  function policyFor(
    keys: ReturnType<typeof ecKeys>,
    mode: 'managed-key-with-log' | 'managed-key-without-log',
  ): SignaturePolicy {
    const key = publicKeyOf(publicKeyDer(keys));
    if (isRefusal(key)) throw new Error(key.message);
    return { mode, keys: [{ key }] };
  }

  it('accepts the key of the policy', () => {
    const bundle = managedKeyBundle(world, artifact, { signer });

    expect(codeOf(verify(bundle, { policy: policyFor(signer, 'managed-key-with-log') }))).toBe('verified');
  });

  it('refuses an entry that names another key (CVE-2026-22703)', () => {
    const bundle = managedKeyBundle(world, artifact, { signer, logged: ecKeys() });

    expect(codeOf(verify(bundle, { policy: policyFor(signer, 'managed-key-with-log') }))).toBe('LOG_ENTRY_MISMATCH');
  });

  it('refuses another key, whatever the hint says', () => {
    const bundle = managedKeyBundle(world, artifact, { signer });

    expect(codeOf(verify(bundle, { policy: policyFor(ecKeys(), 'managed-key-with-log') }))).toBe('LOG_ENTRY_MISMATCH');
    expect(codeOf(verify(bundle, { policy: policyFor(ecKeys(), 'managed-key-without-log') }))).toBe(
      'SIGNATURE_INVALID',
    );
  });

  it('needs a log entry unless the policy spells out that it does not', () => {
    const { verificationMaterial, ...rest } = managedKeyBundle(world, artifact, { signer });
    const bundle = { ...rest, verificationMaterial: { publicKey: verificationMaterial['publicKey'] } };

    expect(codeOf(verify(bundle, { policy: policyFor(signer, 'managed-key-with-log') }))).toBe('LOG_MISSING');
    expect(codeOf(verify(bundle, { policy: policyFor(signer, 'managed-key-without-log') }))).toBe('verified');
  });

  it('refuses keys where certificates are asked for, and the reverse', () => {
    expect(codeOf(verify(managedKeyBundle(world, artifact, { signer })))).toBe('MATERIAL_MISMATCH');
    expect(codeOf(verify(signedBy(leaf), { policy: policyFor(leaf.keys, 'managed-key-without-log') }))).toBe(
      'MATERIAL_MISMATCH',
    );
  });

  it('refuses a signature made with the hash of another curve', () => {
    const keys = ecKeys('P-384');
    const bundle = managedKeyBundle(world, artifact, { signer: keys });

    expect(codeOf(verify(bundle, { policy: policyFor(keys, 'managed-key-without-log') }))).toBe('SIGNATURE_INVALID');
  });
});

describe('a private Sigstore', () => {
  const identities = [
    { subject: { kind: 'exact', value: subject }, issuer: { kind: 'exact', value: issuer } },
  ] as const;
  const unlogged = makeLeaf(world, { log: undefined });

  function policyOf(
    signatureLog: 'required' | 'not-operated-timestamp-instead',
    certificateLog: 'required' | 'not-operated',
  ): SignaturePolicy {
    return { mode: 'private-sigstore', identities, signatureLog, certificateLog };
  }

  it('may do without a certificate log only when that is spelled out', () => {
    expect(codeOf(verify(signedBy(unlogged), { policy: policyOf('required', 'required') }))).toBe(
      'CERTIFICATE_UNLOGGED',
    );
    expect(codeOf(verify(signedBy(unlogged), { policy: policyOf('required', 'not-operated') }))).toBe('verified');
  });

  it('may do without a signature log only when that is spelled out, and then needs a timestamp', () => {
    const bundle = secondLogBundle(world, { artifact, leaf: unlogged });
    const unloggedBundle = { ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: [] } };
    const withoutTime = {
      ...unloggedBundle,
      verificationMaterial: { certificate: bundle.verificationMaterial['certificate'] },
    };
    const relaxed = policyOf('not-operated-timestamp-instead', 'not-operated');

    expect(codeOf(verify(unloggedBundle, { policy: policyOf('required', 'not-operated') }))).toBe('LOG_MISSING');
    expect(codeOf(verify(unloggedBundle, { policy: relaxed }))).toBe('verified');
    expect(codeOf(verify(withoutTime, { policy: relaxed }))).toBe('TIME_MISSING');
  });
});
