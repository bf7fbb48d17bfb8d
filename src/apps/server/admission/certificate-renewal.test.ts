// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CertificateMaterial } from './certificate-renewal.ts';
import { certificatesIn, renewCertificates } from './certificate-renewal.ts';

const day = 86_400_000;
const start = Date.parse('2026-07-01T00:00:00Z');
const nothing: CertificateMaterial = { bundle: '', authorityKey: '', serving: undefined };
const options = { names: ['a.b.svc'], authorityDays: 90, servingDays: 30 };

describe('certificates of the webhook', () => {
  test('are made when there are none', () => {
    const { material, changed } = renewCertificates(nothing, { ...options, now: start });

    const [root = ''] = certificatesIn(material.bundle);
    expect(changed).toBe('authority');
    expect(new X509Certificate(material.serving.certificate).verify(new X509Certificate(root).publicKey)).toBe(true);
  });

  test('stay as they are while they are young', () => {
    const { material } = renewCertificates(nothing, { ...options, now: start });

    const again = renewCertificates(material, { ...options, now: start + day });

    expect(again).toEqual({ material, changed: 'nothing' });
  });

  test('are issued again in the last third of their life, by the same authority', () => {
    const { material } = renewCertificates(nothing, { ...options, now: start });

    const next = renewCertificates(material, { ...options, now: start + 25 * day });

    expect(next.changed).toBe('serving');
    expect(next.material.bundle).toBe(material.bundle);
  });

  test('are issued again for other names', () => {
    const { material } = renewCertificates(nothing, { ...options, now: start });

    expect(renewCertificates(material, { ...options, names: ['c.d.svc'], now: start }).changed).toBe('serving');
  });

  test('of a new authority come with the old one in the bundle, until that has ended', () => {
    const { material: first } = renewCertificates(nothing, { ...options, now: start });

    const { material: second, changed } = renewCertificates(first, { ...options, now: start + 70 * day });
    const { material: third } = renewCertificates(second, { ...options, now: start + 150 * day });

    expect(changed).toBe('authority');
    expect(certificatesIn(second.bundle)[1]).toBe(certificatesIn(first.bundle)[0]);
    expect(certificatesIn(second.bundle)).toHaveLength(2);
    expect(certificatesIn(third.bundle)).not.toContain(certificatesIn(first.bundle)[0]);
  });
});
