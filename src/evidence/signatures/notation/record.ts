// SPDX-License-Identifier: Apache-2.0
// A verified Notary Project signature as evidence: the same fact as for Sigstore (../record.ts), with the level of the trust policy as its mode.
import { hash } from 'node:crypto';
import { formatName } from '../../../formats/distinguished-name.ts';
import type { TrustPolicyStatement } from '../../../formats/notation/trust-policy.ts';
import { canonicalJson } from '../../../model/canonical-json.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { evidenceOf } from '../../../model/evidence.ts';
import type { SignatureFact } from '../../../model/signature.ts';
import type { SignatureOrigin } from '../record.ts';
import { isRefusal } from '../refusal.ts';
import { leafName } from './authenticity.ts';
import type { TrustStoreLookup } from './trust-store.ts';
import type { NotationVerification } from './verify.ts';

export interface VerifiedNotation {
  readonly verification: Extract<NotationVerification, { kind: 'verified' }>;
  readonly statement: TrustPolicyStatement;
  readonly lookup: TrustStoreLookup;
  /** `sha256:` of the bytes of the envelope. */
  readonly proofDigest: string;
}

/** Evidence of one verified signature; a refusal is no evidence. */
export function notationEvidence(signature: VerifiedNotation, origin: SignatureOrigin): Evidence<'signature'> {
  return evidenceOf({ ...origin, kind: 'signature', body: factOf(signature), trust: 'verified' });
}

function factOf({ verification, statement, lookup, proofDigest }: VerifiedNotation): SignatureFact {
  const { envelope, target, signedAt, checks } = verification;
  const name = leafName(envelope.certificates);
  const claims = Object.fromEntries(checks.map(({ check, action, outcome }) => [check, `${outcome} (${action})`]));
  const isProved = signedAt !== undefined && signedAt.source === 'timestamp';
  return {
    signedBy: {
      kind: 'certificate',
      subjects: name === undefined ? [] : [formatName(name)],
      claims: { ...claims, signingScheme: envelope.scheme },
    },
    artifact: [target.digest],
    claim: 'artifact',
    times: isProved ? [{ source: 'timestamp', time: new Date(signedAt.time).toISOString(), authority: '' }] : [],
    logEntries: [],
    mode: `notation-${statement.level}`,
    policyDigest: statementDigest(statement),
    trustRootDigest: storesDigest(statement, lookup),
    proofDigest,
  };
}

/** `sha256:` of what a statement asks for. */
export function statementDigest(statement: TrustPolicyStatement): string {
  const identities = statement.trustedIdentities;
  const plain = {
    ...statement,
    trustedIdentities: identities === 'anyone' ? ['*'] : identities.map(({ text }) => text),
  };
  return `sha256:${hash('sha256', canonicalJson(plain))}`;
}

/** `sha256:` of all certificates that the statement trusts. */
export function storesDigest(statement: TrustPolicyStatement, lookup: TrustStoreLookup): string {
  const stores = statement.trustStores.map((name) => {
    const store = lookup(name);
    const digests = isRefusal(store) ? [] : store.certificates.map(({ encoded }) => hash('sha256', encoded));
    return [`${name.type}:${name.name}`, ...digests.sort()];
  });
  return `sha256:${hash('sha256', canonicalJson(stores))}`;
}
