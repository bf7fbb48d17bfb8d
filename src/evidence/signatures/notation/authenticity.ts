// SPDX-License-Identifier: Apache-2.0
// Whether somebody trusts the signer: the chain meets a trust store of the statement, and the leaf is one of its trusted identities.
import type { DistinguishedName } from '../../../formats/distinguished-name.ts';
import { formatName, parseNameDer } from '../../../formats/distinguished-name.ts';
import type { SigningScheme } from '../../../formats/notation/envelope.ts';
import type { TrustPolicyStatement, TrustStoreType } from '../../../formats/notation/trust-policy.ts';
import { holds } from '../../../formats/notation/trust-policy.ts';
import type { Certificate } from '../../../formats/x509.ts';
import type { Refusal } from '../refusal.ts';
import { isRefusal, refuse } from '../refusal.ts';
import type { SigningChain } from './chain.ts';
import type { TrustStoreLookup } from './trust-store.ts';

const storeTypes: Readonly<Record<SigningScheme, TrustStoreType>> = {
  'notary.x509': 'ca',
  'notary.x509.signingAuthority': 'signingAuthority',
};

/** All certificates of the statement's stores of one type; a store that cannot be used spoils all, as it could have been the one. */
export function storedCertificates(
  statement: TrustPolicyStatement,
  type: TrustStoreType,
  lookup: TrustStoreLookup,
): readonly Certificate[] | Refusal {
  const certificates: Certificate[] = [];
  for (const name of statement.trustStores.filter((store) => store.type === type)) {
    const store = lookup(name);
    if (isRefusal(store)) return store;
    certificates.push(...store.certificates);
  }
  return certificates;
}

/** Undefined when a certificate of the chain stands in a store of the type that the signing scheme asks for. */
export function checkTrustAnchor(
  chain: SigningChain,
  scheme: SigningScheme,
  { statement, lookup }: { readonly statement: TrustPolicyStatement; readonly lookup: TrustStoreLookup },
): Refusal | undefined {
  const type = storeTypes[scheme];
  const trusted = storedCertificates(statement, type, lookup);
  if (isRefusal(trusted)) return trusted;
  if (trusted.length === 0)
    return refuse(
      'CERTIFICATE_UNTRUSTED',
      `the statement "${statement.name}" names no trust store of the type ${type}`,
    );
  const isTrusted = chain.some((certificate) => trusted.some(({ encoded }) => encoded.equals(certificate.encoded)));
  return isTrusted
    ? undefined
    : refuse('CERTIFICATE_UNTRUSTED', `no certificate of the chain is in a trust store of "${statement.name}"`);
}

/** Name of the leaf; undefined when it can be read in two ways. */
export function leafName([leaf]: SigningChain): DistinguishedName | undefined {
  const name = parseNameDer(leaf.subject);
  return name.kind === 'parsed' ? name.value : undefined;
}

/** Undefined when the leaf has every attribute of one of the identities (trust-store-trust-policy.md, "Trusted Identities"). */
export function checkTrustedIdentity(chain: SigningChain, statement: TrustPolicyStatement): Refusal | undefined {
  const { trustedIdentities } = statement;
  if (trustedIdentities === 'anyone') return undefined;
  const name = leafName(chain);
  if (name === undefined)
    return refuse('IDENTITY_AMBIGUOUS', 'the name of the signing certificate can be read in two ways');
  return trustedIdentities.some(({ subject }) => holds(name, subject))
    ? undefined
    : refuse('IDENTITY_MISMATCH', `signed by "${formatName(name)}", whom "${statement.name}" does not name`);
}
