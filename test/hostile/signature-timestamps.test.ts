// SPDX-License-Identifier: Apache-2.0
// Timestamps that are of something else, of somebody else or of another time.

import { describe, expect, it } from 'vitest';
import { artifact, codeOf, keyless, leaf, verify, world } from '../support/signing/attempt.ts';
import type { Issued } from '../support/signing/certificates.ts';
import { authorityExtensions, ecKeys, issue, purposeExtension } from '../support/signing/certificates.ts';
import type { BundleJson } from '../support/signing/sigstore.ts';
import {
  messageBundle,
  minute,
  secondLogBundle,
  signedAt,
  trustedRootJson,
  year,
} from '../support/signing/sigstore.ts';
import { timestampResponse } from '../support/signing/timestamps.ts';

describe('timestamps', () => {
  const bundle = secondLogBundle(world, { artifact, leaf });
  const { signature } = bundle['messageSignature'] as { signature: string };
  const stamped = Buffer.from(signature, 'base64');

  function withStamps(...stamps: readonly Buffer[]): BundleJson {
    const rfc3161Timestamps = stamps.map((stamp) => ({ signedTimestamp: stamp.toString('base64') }));
    return {
      ...bundle,
      verificationMaterial: { ...bundle.verificationMaterial, timestampVerificationData: { rfc3161Timestamps } },
    };
  }

  function stamper(extensions: readonly Buffer[], from: Issued = world.stampRoot): Issued {
    return issue({
      subject: 'other',
      keys: ecKeys(),
      issuer: from,
      notBefore: signedAt - year,
      notAfter: signedAt + year,
      extensions,
    });
  }

  /** A trust root that names the authority but not its signer, so that the token brings the signer along. */
  function rootWithoutSigner(): Record<string, unknown> {
    const root = trustedRootJson(world);
    const [authority] = root['timestampAuthorities'] as { certChain: { certificates: unknown[] } }[];
    const certificates = authority?.certChain.certificates.slice(1);
    return { ...root, timestampAuthorities: [{ ...authority, certChain: { certificates } }] };
  }

  it('refuses Rekor v2 without a timestamp', () => {
    expect(codeOf(verify(withStamps()))).toBe('TIME_MISSING');
  });

  it('is required where the policy asks for it, whatever else proves a time', () => {
    const policy = { ...keyless, timestamp: 'required' } as const;

    const without = verify(messageBundle(world, { artifact, leaf }), { policy });
    const within = verify(secondLogBundle(world, { artifact, leaf }), { policy });

    expect([without, within].map(codeOf)).toEqual(['TIME_MISSING', 'verified']);
  });

  it('refuses a timestamp over something else', () => {
    const stamp = timestampResponse({ signer: world.stamper, time: signedAt, stamped: Buffer.from('else') });

    expect(codeOf(verify(withStamps(stamp)))).toBe('TIMESTAMP_INVALID');
  });

  it('refuses a timestamp that stands twice', () => {
    const stamp = timestampResponse({ signer: world.stamper, time: signedAt, stamped });

    expect(codeOf(verify(withStamps(stamp, stamp)))).toBe('LOG_ENTRY_DUPLICATE');
  });

  it('refuses a bad timestamp beside a good one', () => {
    const good = timestampResponse({ signer: world.stamper, time: signedAt, stamped });
    const bad = timestampResponse({ signer: world.stamper, time: signedAt, stamped: Buffer.from('else') });

    expect(codeOf(verify(withStamps(good, bad)))).toBe('TIMESTAMP_INVALID');
  });

  it('refuses a timestamp outside the validity of the certificate', () => {
    expect(codeOf(verify(secondLogBundle(world, { artifact, leaf, stampedAt: signedAt + year / 2 })))).toBe(
      'TIME_IN_FUTURE',
    );
    expect(codeOf(verify(secondLogBundle(world, { artifact, leaf, stampedAt: signedAt + 30 * minute })))).toBe(
      'CERTIFICATE_NOT_VALID_THEN',
    );
  });

  it('refuses a timestamp of an unknown authority that brings its certificates along', () => {
    const root = issue({
      subject: 'stamp root',
      keys: ecKeys(),
      notBefore: signedAt - year,
      notAfter: signedAt + year,
      extensions: authorityExtensions(),
    });
    const signer = stamper([purposeExtension('timeStamping', 'critical')], root);
    const stamp = timestampResponse({ signer, time: signedAt, stamped, certificates: [signer, root] });

    expect(codeOf(verify(withStamps(stamp)))).toBe('TIMESTAMP_UNTRUSTED');
    expect(codeOf(verify(withStamps(stamp), { root: rootWithoutSigner() }))).toBe('TIMESTAMP_UNTRUSTED');
  });

  it('accepts a signer that the token brings along when the trust root names only its authority', () => {
    const stamp = timestampResponse({ signer: world.stamper, time: signedAt, stamped, certificates: [world.stamper] });

    expect(codeOf(verify(withStamps(stamp), { root: rootWithoutSigner() }))).toBe('verified');
  });

  it.each([
    ['is for something else', [purposeExtension('codeSigning', 'critical')]],
    ['has no purpose', []],
    ['has a purpose that is not critical', [purposeExtension('timeStamping')]],
  ])('refuses a timestamp whose certificate %s', (_, extensions) => {
    const signer = stamper(extensions);
    const stamp = timestampResponse({ signer, time: signedAt, stamped, certificates: [signer] });

    expect(codeOf(verify(withStamps(stamp), { root: rootWithoutSigner() }))).toBe('TIMESTAMP_INVALID');
  });

  it('refuses a timestamp from before the authority was trusted', () => {
    const root = trustedRootJson(world);
    const [authority] = root['timestampAuthorities'] as object[];
    const validFor = { start: new Date(signedAt + 1000).toISOString() };

    const verification = verify(bundle, { root: { ...root, timestampAuthorities: [{ ...authority, validFor }] } });

    expect(codeOf(verification)).toBe('TIMESTAMP_UNTRUSTED');
  });

  it('takes the end of a window as part of it', () => {
    const root = trustedRootJson(world);
    const [authority] = root['timestampAuthorities'] as { validFor: object }[];
    const validFor = { ...authority?.validFor, end: new Date(signedAt).toISOString() };

    const verification = verify(bundle, { root: { ...root, timestampAuthorities: [{ ...authority, validFor }] } });

    expect(codeOf(verification)).toBe('verified');
  });
});
