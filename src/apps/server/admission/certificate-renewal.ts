// SPDX-License-Identifier: Apache-2.0
// When the webhook's authority and serving certificate are made anew, and in which order: a new authority is trusted beside the old one before anything is
// presented that it issued. Pure but for the keys; where the material is kept is the caller's.
import { X509Certificate } from 'node:crypto';
import type { ServingCertificate } from './admission-server.ts';
import { caBundle, isDueForRenewal, makeAuthority, makeServingCertificate } from './certificates.ts';

export interface CertificateMaterial {
  /** PEM of the authorities that API servers trust, the newest first; empty at the beginning. */
  readonly bundle: string;
  /** PEM key of the first of them. */
  readonly authorityKey: string;
  /** Undefined at the beginning. */
  readonly serving: ServingCertificate | undefined;
}

export interface RenewalOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly names: readonly string[];
  readonly authorityDays: number;
  readonly servingDays: number;
}

export interface Renewal {
  readonly material: CertificateMaterial & { readonly serving: ServingCertificate };
  /** `authority`: API servers must know the bundle before `serving` is presented. */
  readonly changed: 'nothing' | 'serving' | 'authority';
}

const day = 86_400_000;
/** Clocks of other machines may be behind. */
const backdated = 3_600_000;

/** Throws for material that is no PEM. */
export function renewCertificates(stored: CertificateMaterial, options: RenewalOptions): Renewal {
  const { now, names, authorityDays, servingDays } = options;
  const known = certificatesIn(stored.bundle);
  const [newest] = known;
  const validity = (days: number) => ({ notBefore: now - backdated, notAfter: now + days * day });
  const isDue = newest === undefined || stored.authorityKey === '' || isDueForRenewal(newest, now);
  const authority = isDue
    ? makeAuthority(`landwaiter admission ${new Date(now).toISOString().slice(0, 10)}`, validity(authorityDays))
    : { certificate: newest, key: stored.authorityKey };
  // The one before stays until it ends: replicas may still present what it issued.
  const living = known.filter((pem) => Date.parse(new X509Certificate(pem).validTo) > now);
  const bundle = caBundle(authority, ...living.slice(0, 2).map((certificate) => ({ certificate })));
  const isServing =
    stored.serving !== undefined && isUsable(stored.serving, { authority: authority.certificate, now, names });
  if (!isDue && isServing && stored.serving !== undefined)
    return { material: { ...stored, serving: stored.serving }, changed: 'nothing' };
  const serving = makeServingCertificate(authority, names, validity(Math.min(servingDays, authorityDays)));
  return {
    material: { bundle, authorityKey: authority.key, serving },
    changed: isDue ? 'authority' : 'serving',
  };
}

interface Wanted {
  readonly authority: string;
  readonly now: number;
  readonly names: readonly string[];
}

function isUsable({ certificate }: ServingCertificate, { authority, now, names }: Wanted): boolean {
  const [own] = certificatesIn(certificate);
  if (own === undefined || isDueForRenewal(own, now)) return false;
  const parsed = new X509Certificate(own);
  const issuer = new X509Certificate(authority);
  return parsed.verify(issuer.publicKey) && names.every((name) => parsed.checkHost(name) !== undefined);
}

/** Each certificate of a PEM text. */
export function certificatesIn(pem: string): readonly string[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----/g) ?? []).map(
    (text) => `${text}\n`,
  );
}
