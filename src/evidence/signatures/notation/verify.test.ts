// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  checkOf,
  codeOf,
  envelope,
  expiredSigner,
  lookup,
  makeSigner,
  now,
  revocableSigner,
  signer,
  statementOf,
  strangerRoot,
  targetOf,
  verify,
} from '../../../../test/support/signing/notation.ts';
import { notationEvidence } from './record.ts';
import { ownEnvelope } from './sign.ts';

const formats = ['jws', 'cose'] as const;

describe.each(formats)('a %s envelope', (format) => {
  it('counts when all five checks pass', () => {
    const verification = verify(envelope(format), format);

    expect(verification.kind).toBe('verified');
    expect(verification.checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
      'integrity passed',
      'authenticity passed',
      'authenticTimestamp passed',
      'expiry passed',
      'revocation passed',
    ]);
  });

  it('is refused when no store holds its root', () => {
    const by = makeSigner({ issuer: strangerRoot });

    const verification = verify(envelope(format, { by, above: [strangerRoot] }), format);

    expect(codeOf(verification)).toBe('CERTIFICATE_UNTRUSTED');
    expect(checkOf(verification, 'integrity')).toBe('passed');
  });

  it('is refused after the end that its signer set', () => {
    const verification = verify(envelope(format, { expiry: now - 1_000 }), format);

    expect(codeOf(verification)).toBe('SIGNATURE_EXPIRED');
  });

  it('read as the other format is malformed', () => {
    const other = format === 'jws' ? 'cose' : 'jws';

    const verification = verify(envelope(format), other);

    expect(codeOf(verification)).toBe('PROOF_MALFORMED');
  });
});

describe('the trust policy', () => {
  it('names signers, and another one is refused', () => {
    const statement = statementOf({ trustedIdentities: ['x509.subject: C=US, ST=WA, O=Acme'] });

    const verification = verify(envelope('jws'), 'jws', { statement });

    expect(codeOf(verification)).toBe('IDENTITY_MISMATCH');
  });

  it('of the level permissive only logs that the signature has ended', () => {
    const statement = statementOf({ signatureVerification: { level: 'permissive' } });

    const verification = verify(envelope('jws', { expiry: now - 1_000 }), 'jws', { statement });

    expect(verification.kind).toBe('verified');
    expect(checkOf(verification, 'expiry')).toBe('failed');
  });

  it('of the level audit logs that nobody trusts the signer, and still enforces integrity', () => {
    const statement = statementOf({ signatureVerification: { level: 'audit' } });
    const by = makeSigner({ issuer: strangerRoot });

    const untrusted = verify(envelope('jws', { by, above: [strangerRoot] }), 'jws', { statement });
    const changed = verify(envelope('jws', { target: targetOf(Buffer.from('other')) }), 'jws', { statement });

    expect(untrusted.kind).toBe('verified');
    expect(checkOf(untrusted, 'authenticity')).toBe('failed');
    expect(codeOf(changed)).toBe('ARTIFACT_MISMATCH');
  });

  it('of the level skip verifies nothing here', () => {
    const statement = statementOf({
      signatureVerification: { level: 'skip' },
      trustStores: undefined,
      trustedIdentities: undefined,
    });

    const verification = verify(envelope('jws'), 'jws', { statement });

    expect(codeOf(verification)).toBe('POLICY_INVALID');
  });

  it('that names a store which cannot be used refuses', () => {
    const statement = statementOf({ trustStores: ['ca:own', 'ca:missing'] });

    const verification = verify(envelope('jws'), 'jws', { statement });

    expect(codeOf(verification)).toBe('TRUST_STORE_INVALID');
  });

  it('that asks for a timestamp refuses an envelope without one', () => {
    const statement = statementOf({ trustStores: ['ca:own', 'tsa:own'] });

    const verification = verify(envelope('jws'), 'jws', { statement });

    expect(codeOf(verification)).toBe('TIME_MISSING');
  });
});

describe('time and revocation', () => {
  it('an expired chain without a timestamp is refused', () => {
    const verification = verify(envelope('cose', { by: expiredSigner }), 'cose');

    expect(codeOf(verification)).toBe('CERTIFICATE_NOT_VALID_THEN');
    expect(checkOf(verification, 'authenticTimestamp')).toBe('failed');
  });

  it('a signing authority vouches for a time at which the expired chain was valid', () => {
    const bytes = envelope('cose', { by: expiredSigner, scheme: 'notary.x509.signingAuthority' });
    const statement = statementOf({ trustStores: ['signingAuthority:own'] });

    const verification = verify(bytes, 'cose', { statement });

    expect(verification.kind).toBe('verified');
  });

  it('a store of the other scheme does not count', () => {
    const bytes = envelope('cose', { scheme: 'notary.x509.signingAuthority' });

    const verification = verify(bytes, 'cose');

    expect(codeOf(verification)).toBe('CERTIFICATE_UNTRUSTED');
  });

  it('a certificate that could be revoked is of unknown state while nobody was asked', () => {
    const verification = verify(envelope('jws', { by: revocableSigner }), 'jws');

    expect(codeOf(verification)).toBe('REVOCATION_UNKNOWN');
    expect(checkOf(verification, 'revocation')).toBe('unknown');
  });

  it('revocation is not looked at where the policy says so', () => {
    const statement = statementOf({ signatureVerification: { level: 'strict', override: { revocation: 'skip' } } });

    const verification = verify(envelope('jws', { by: revocableSigner }), 'jws', { statement });

    expect(verification.kind).toBe('verified');
    expect(checkOf(verification, 'revocation')).toBe('skipped');
  });
});

describe('annotations', () => {
  it('count when they are signed with that value', () => {
    const target = { ...targetOf(), annotations: new Map([['build', 'release']]) };

    const right = verify(envelope('jws', { target }), 'jws', { annotations: { build: 'release' } });
    const wrong = verify(envelope('jws', { target }), 'jws', { annotations: { build: 'nightly' } });

    expect(right.kind).toBe('verified');
    expect(codeOf(wrong)).toBe('ANNOTATION_MISMATCH');
  });
});

describe('plugins', () => {
  it('that an envelope asks for must be there', () => {
    const attributes = [{ name: 'io.cncf.notary.verificationPlugin', value: 'acme', isCritical: true }];

    const verification = verify(envelope('jws', { attributes }), 'jws');

    expect(codeOf(verification)).toBe('PLUGIN_REQUIRED');
  });
});

describe('what is made of a verified signature', () => {
  it('is evidence that is trusted as verified, with the outcome of each check', () => {
    const verification = verify(envelope('jws'), 'jws');
    if (verification.kind !== 'verified') throw new Error(codeOf(verification));
    const origin = {
      subject: 's',
      producer: { name: 'p', version: '1' },
      source: 'x',
      observedAt: '2026-06-01T00:00:00Z',
    };

    const evidence = notationEvidence(
      { verification, statement: statementOf(), lookup, proofDigest: `sha256:${'0'.repeat(64)}` },
      origin,
    );

    expect(evidence.trust).toBe('verified');
    expect(evidence.body).toMatchObject({
      mode: 'notation-strict',
      signedBy: { kind: 'certificate', subjects: ['CN=Release signer'], claims: { revocation: 'passed (enforce)' } },
    });
  });
});

describe('signing', () => {
  it('refuses a chain that no verifier would take', () => {
    const chain = [signer.certificate] as const;

    const made = ownEnvelope({ format: 'jws', target: targetOf(), chain, now, expiry: undefined });

    expect(made).toMatchObject({ kind: 'refused', code: 'CERTIFICATE_UNTRUSTED' });
  });
});
