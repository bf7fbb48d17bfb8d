// SPDX-License-Identifier: Apache-2.0
// Which authorities a registration names. While an authority is renewed two are named for a time, by whoever renews it: the file that the controller reads follows a
// minute later, and must not take the new one out again in between.
const certificate = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
/** More certificates than a renewal ever needs: somebody else's list. */
const mostCertificates = 4;

/** Base64 for `caBundle`. `there`: what the registration has (base64); `own`: PEM, undefined where others write it. */
export function bundleToKeep(there: string | undefined, own: string | undefined): string | undefined {
  if (own === undefined) return there;
  const present = certificatesIn(Buffer.from(there ?? '', 'base64').toString('utf8'));
  const wanted = certificatesIn(own);
  const isThere = wanted.length > 0 && wanted.every((each) => present.includes(each));
  if (there !== undefined && isThere && present.length <= mostCertificates) return there;
  return Buffer.from(own).toString('base64');
}

function certificatesIn(pem: string): readonly string[] {
  return (pem.match(certificate) ?? []).map((text) => text.replace(/\s/g, ''));
}
