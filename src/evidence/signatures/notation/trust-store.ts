// SPDX-License-Identifier: Apache-2.0
// Trust stores: the certificates that end paths (notaryproject/specifications, trust-store-trust-policy.md, "Trust Store"). Judges what may
// stand in one; reading the folder is src/apps/signatures/notation-folder.ts.
import type { TrustStoreName, TrustStoreType } from '../../../formats/notation/trust-policy.ts';
import type { Certificate } from '../../../formats/x509.ts';
import { isSignedBy } from '../certificate-path.ts';
import type { Refusal } from '../refusal.ts';
import { refuse } from '../refusal.ts';

/** A named store, or why it cannot be used. */
export type TrustStore =
  | ({ readonly kind: 'store'; readonly certificates: readonly Certificate[] } & TrustStoreName)
  | Refusal;

/** Looks a store up by type and name. */
export type TrustStoreLookup = (store: TrustStoreName) => TrustStore;

/**
 * Whether a certificate may stand in a store: an authority, or for signing a certificate that signed itself. Timestamps need a root:
 * anything below it could be exchanged by whoever holds the root.
 */
export function checkStoreCertificate(certificate: Certificate, type: TrustStoreType): Refusal | undefined {
  const isRoot = certificate.subject.equals(certificate.issuer);
  if (type === 'tsa')
    return certificate.isAuthority && isRoot && isSignedBy(certificate, certificate)
      ? undefined
      : refuse('TRUST_STORE_INVALID', 'a certificate for timestamps is no root authority');
  return certificate.isAuthority || (isRoot && isSignedBy(certificate, certificate))
    ? undefined
    : refuse('TRUST_STORE_INVALID', 'a certificate is neither an authority nor signed by itself');
}
