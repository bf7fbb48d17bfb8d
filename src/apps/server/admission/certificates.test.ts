// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { caBundle, isDueForRenewal, makeAuthority, makeServingCertificate, serviceNames } from './certificates.ts';

const day = 86_400_000;
const now = Date.parse('2026-07-01T00:00:00Z');
const validity = { notBefore: now - 3_600_000, notAfter: now + 90 * day };
const names = serviceNames('landwaiter', 'landwaiter-system');

describe("the webhook's own certificates", () => {
  test('are issued by the authority for the names of the service', () => {
    const authority = makeAuthority('landwaiter admission', validity);
    const serving = new X509Certificate(makeServingCertificate(authority, names, validity).certificate);
    const root = new X509Certificate(authority.certificate);

    expect(serving.verify(root.publicKey)).toBe(true);
    expect(serving.checkIssued(root)).toBe(true);
    expect(serving.checkHost('landwaiter.landwaiter-system.svc')).toBe('landwaiter.landwaiter-system.svc');
    expect(serving.checkHost('other.landwaiter-system.svc')).toBeUndefined();
    expect(root.ca).toBe(true);
    expect(serving.ca).toBe(false);
  });

  test('are due for renewal in the last third of their life', () => {
    const { certificate } = makeAuthority('a', validity);

    expect(isDueForRenewal(certificate, now)).toBe(false);
    expect(isDueForRenewal(certificate, now + 70 * day)).toBe(true);
  });

  test('of two authorities stand in one bundle while one follows the other', () => {
    const [old, young] = [makeAuthority('a', validity), makeAuthority('b', validity)];

    expect(caBundle(young, old, old).match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  test('of another authority with the same name do not verify', () => {
    const [real, other] = [makeAuthority('same', validity), makeAuthority('same', validity)];
    const serving = new X509Certificate(makeServingCertificate(other, names, validity).certificate);

    expect(serving.verify(new X509Certificate(real.certificate).publicKey)).toBe(false);
  });
});
