// SPDX-License-Identifier: Apache-2.0
// Certificates that may not sign, or that nobody trusted has issued.

import { describe, expect, it } from 'vitest';
import type { SignaturePolicy } from '../../src/evidence/signatures/policy.ts';
import { artifactOf } from '../../src/evidence/signatures/proof.ts';
import { isRefusal } from '../../src/evidence/signatures/refusal.ts';
import { ownTrustRoot } from '../../src/evidence/signatures/trust-root.ts';
import { verifyBundle } from '../../src/evidence/signatures/verify.ts';
import {
  artifact,
  chainBundle,
  codeOf,
  signedBy,
  verify,
  withLeafExtensions,
  world,
} from '../support/signing/attempt.ts';
import {
  authorityExtensions,
  ecKeys,
  extension,
  issue,
  namesExtension,
  pemOf,
  purposeExtension,
  signingKeyUsage,
} from '../support/signing/certificates.ts';
import { makeLeaf, minute, now, signedAt, usualExtensions, year } from '../support/signing/sigstore.ts';

describe('certificates', () => {
  const [purpose, usage, names, ...claims] = usualExtensions as [Buffer, Buffer, Buffer, ...Buffer[]];

  it('refuses an authority as signer', () => {
    expect(codeOf(verify(withLeafExtensions(purpose, names, ...claims, ...authorityExtensions())))).toBe(
      'CERTIFICATE_UNSUITABLE',
    );
  });

  it('refuses a certificate without purpose', () => {
    expect(codeOf(verify(withLeafExtensions(usage, names, ...claims)))).toBe('CERTIFICATE_UNSUITABLE');
  });

  it('refuses a certificate for another purpose', () => {
    expect(codeOf(verify(withLeafExtensions(purposeExtension('timeStamping'), names, ...claims)))).toBe(
      'CERTIFICATE_UNSUITABLE',
    );
  });

  it('refuses a critical extension that nobody knows', () => {
    const unknown = extension('1.2.3.4.5', Buffer.from([5, 0]), 'critical');

    expect(codeOf(verify(withLeafExtensions(...usualExtensions, unknown)))).toBe('CERTIFICATE_UNSUITABLE');
  });

  it('refuses an authority of the same name with another key', () => {
    const keys = ecKeys();
    const forged = issue({
      subject: 'intermediate',
      keys,
      notBefore: signedAt - year,
      notAfter: signedAt + year,
      extensions: authorityExtensions(),
    });

    expect(codeOf(verify(signedBy(makeLeaf(world, { issuer: forged }))))).toBe('CERTIFICATE_UNTRUSTED');
  });

  it('refuses a signer who is issued by another signer', () => {
    expect(codeOf(verify(signedBy(makeLeaf(world, { issuer: makeLeaf(world) }))))).toBe('CERTIFICATE_UNTRUSTED');
  });

  it('does not take a chain in the bundle for trust', () => {
    const root = issue({
      subject: 'evil',
      keys: ecKeys(),
      notBefore: signedAt - year,
      notAfter: signedAt + year,
      extensions: authorityExtensions(),
    });
    const signer = makeLeaf(world, { issuer: root });
    const bundle = signedBy(signer);
    const { certificate, ...material } = bundle.verificationMaterial;
    const certificates = [certificate, { rawBytes: root.certificate.encoded.toString('base64') }];

    const verification = verify({
      ...bundle,
      mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2',
      verificationMaterial: { ...material, x509CertificateChain: { certificates } },
    });

    expect(codeOf(verification)).toBe('PROOF_MALFORMED');
  });

  it('refuses a chain in a bundle of version 0.3', () => {
    const bundle = chainBundle(1);

    expect(codeOf(verify({ ...bundle, mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' }))).toBe(
      'PROOF_MALFORMED',
    );
  });

  it('refuses a certificate that no log vouches for', () => {
    expect(codeOf(verify(signedBy(makeLeaf(world, { log: undefined }))))).toBe('CERTIFICATE_UNLOGGED');
  });

  it('refuses a certificate that an unknown log vouches for', () => {
    expect(codeOf(verify(signedBy(makeLeaf(world, { log: ecKeys() }))))).toBe('CERTIFICATE_UNLOGGED');
  });
});

describe('own PKI', () => {
  const pems = {
    roots: pemOf('CERTIFICATE', world.root.certificate.encoded),
    intermediates: pemOf('CERTIFICATE', world.intermediate.certificate.encoded),
  };
  const policy: SignaturePolicy = {
    mode: 'own-pki',
    subjects: [{ kind: 'exact', value: 'signer@example.org' }],
    time: 'now-because-nothing-proves-it',
  };
  const extensions = [purposeExtension('codeSigning'), signingKeyUsage(), namesExtension('signer@example.org')];

  function verifyOwn(parts: Parameters<typeof makeLeaf>[1], changed: Partial<typeof policy> = {}): string {
    const signer = makeLeaf(world, {
      extensions,
      log: undefined,
      notBefore: now - year,
      notAfter: now + year,
      ...parts,
    });
    const { verificationMaterial, ...rest } = signedBy(signer);
    const trustRoot = ownTrustRoot(pems);
    if (isRefusal(trustRoot)) return trustRoot.code;
    const bundle = { ...rest, verificationMaterial: { certificate: verificationMaterial['certificate'] } };
    return codeOf(
      verifyBundle(Buffer.from(JSON.stringify(bundle)), {
        artifact: artifactOf(artifact),
        trustRoot,
        policy: { ...policy, ...changed } as SignaturePolicy,
        time: now,
      }),
    );
  }

  it('accepts a certificate that is valid now, when that is spelled out', () => {
    expect(verifyOwn({})).toBe('verified');
  });

  it('refuses an expired certificate without a timestamp', () => {
    expect(verifyOwn({ notAfter: now - minute })).toBe('CERTIFICATE_NOT_VALID_THEN');
  });

  it('refuses a certificate that is not valid yet', () => {
    expect(verifyOwn({ notBefore: now + minute })).toBe('CERTIFICATE_NOT_VALID_THEN');
  });

  it('refuses a proof without timestamp where one is asked for', () => {
    expect(verifyOwn({}, { time: 'timestamp' })).toBe('TIME_MISSING');
  });

  it('refuses a path that is longer than an authority allows', () => {
    const window = { notBefore: now - year, notAfter: now + year };
    const lower = issue({
      subject: 'lower',
      keys: ecKeys(),
      issuer: world.intermediate,
      ...window,
      extensions: authorityExtensions(),
    });
    const both = `${pems.intermediates}${pemOf('CERTIFICATE', lower.certificate.encoded)}`;
    const trustRoot = ownTrustRoot({ ...pems, intermediates: both });
    const { verificationMaterial, ...rest } = signedBy(
      makeLeaf(world, { extensions, log: undefined, issuer: lower, ...window }),
    );
    if (isRefusal(trustRoot)) throw new Error(trustRoot.message);

    const verification = verifyBundle(
      Buffer.from(
        JSON.stringify({ ...rest, verificationMaterial: { certificate: verificationMaterial['certificate'] } }),
      ),
      { artifact: artifactOf(artifact), trustRoot, policy, time: now },
    );

    expect(verification).toMatchObject({
      code: 'CERTIFICATE_UNTRUSTED',
      message: expect.stringContaining('longer') as string,
    });
  });
});
