// SPDX-License-Identifier: Apache-2.0
// Whether the chain was valid when it signed (trust-store-trust-policy.md, "Validate authentic timestamp"): at the time a signing authority
// vouches for, at the time of an RFC 3161 countersignature, or, with neither, now.
import type { NotationEnvelope } from '../../../formats/notation/envelope.ts';
import type { TrustPolicyStatement } from '../../../formats/notation/trust-policy.ts';
import type { TimestampToken } from '../../../formats/rfc3161.ts';
import { parseTimestampToken } from '../../../formats/rfc3161.ts';
import type { Certificate } from '../../../formats/x509.ts';
import { isSignedBy } from '../certificate-path.ts';
import type { Refusal } from '../refusal.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { checkTimestampToken } from '../timestamp.ts';
import type { Authority } from '../trust-root.ts';
import { storedCertificates } from './authenticity.ts';
import { checkChainTimes } from './chain.ts';
import type { TrustStoreLookup } from './trust-store.ts';

export interface SigningTimeCheck {
  readonly envelope: NotationEnvelope;
  readonly statement: TrustPolicyStatement;
  readonly lookup: TrustStoreLookup;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface ProvedSigningTime {
  readonly kind: 'proved';
  readonly source: 'timestamp' | 'signing-authority' | 'now';
  readonly time: number;
  /** Certificates of the timestamp, signer first, for the look at their revocation. */
  readonly stampChain: readonly Certificate[];
}

const always = { start: Number.MIN_SAFE_INTEGER, end: undefined };

/** The time at which the chain was valid. */
export function checkSigningTime(check: SigningTimeCheck): ProvedSigningTime | Refusal {
  const { envelope, statement, now } = check;
  const { certificates, authenticSigningTime } = envelope;
  if (envelope.scheme === 'notary.x509.signingAuthority') {
    const time = authenticSigningTime ?? Number.NaN;
    if (time > now) return refuse('TIME_IN_FUTURE', 'the authority vouches for a time in the future');
    return (
      checkChainTimes(certificates, time, time) ?? { kind: 'proved', source: 'signing-authority', time, stampChain: [] }
    );
  }
  const isStampWanted = statement.trustStores.some(({ type }) => type === 'tsa');
  const isExpired = certificates.some(({ notAfter }) => now > notAfter);
  // Without a tsa store there is nobody whose timestamp would count; with afterCertExpiry it is needed only once the chain has expired.
  if (!isStampWanted || (statement.verifyTimestamp === 'afterCertExpiry' && !isExpired))
    return checkChainTimes(certificates, now, now) ?? { kind: 'proved', source: 'now', time: now, stampChain: [] };
  return checkCountersignature(check);
}

function checkCountersignature({ envelope, statement, lookup, now }: SigningTimeCheck): ProvedSigningTime | Refusal {
  if (envelope.timestamp === undefined)
    return refuse('TIME_MISSING', 'the statement asks for a timestamp, and the envelope has none');
  const roots = storedCertificates(statement, 'tsa', lookup);
  if (isRefusal(roots)) return roots;
  const parsed = parseTimestampToken(envelope.timestamp);
  if (parsed.kind === 'malformed') return refuse('TIMESTAMP_INVALID', parsed.reason);
  const token = parsed.value;
  const authorities = roots.map(
    (anchor): Authority => ({ uri: '', anchor, intermediates: [], signer: undefined, validFor: always }),
  );
  const proved = checkTimestampToken(token, envelope.signature, authorities);
  if (isRefusal(proved)) return proved;
  const [from, to] = [proved.time - token.accuracy, proved.time + token.accuracy];
  if (from > now) return refuse('TIME_IN_FUTURE', 'the timestamp lies in the future');
  const refusal = checkChainTimes(envelope.certificates, from, to);
  return refusal ?? { kind: 'proved', source: 'timestamp', time: proved.time, stampChain: stampChain(token, roots) };
}

/** From the signer of a token, which was verified, upwards. What lies beside it in the token is nobody's word: a name alone makes no issuer. */
function stampChain(token: TimestampToken, roots: readonly Certificate[]): readonly Certificate[] {
  const candidates = [...token.certificates, ...roots];
  const { signer } = token;
  let current = candidates.find((certificate) =>
    signer.kind === 'key-id'
      ? certificate.subjectKeyId?.equals(signer.keyId) === true
      : certificate.issuer.equals(signer.issuer) && certificate.serial.equals(signer.serial),
  );
  const chain: Certificate[] = [];
  while (current !== undefined && !chain.includes(current) && chain.length < 10) {
    chain.push(current);
    const below: Certificate = current;
    if (below.subject.equals(below.issuer)) break;
    const isIssuer = (certificate: Certificate): boolean =>
      certificate.subject.equals(below.issuer) && isSignedBy(below, certificate);
    current = roots.find(isIssuer) ?? candidates.find(isIssuer);
  }
  return chain;
}
