// SPDX-License-Identifier: Apache-2.0
// Whether an RFC 3161 token proves that a signature existed at a time: signed by an authority of the trust root, valid then, over this signature.
import { hash } from 'node:crypto';
import type { SignerId, TimestampToken } from '../../formats/rfc3161.ts';
import { parseTimestampResponse } from '../../formats/rfc3161.ts';
import type { Certificate } from '../../formats/x509.ts';
import { extensionIds } from '../../formats/x509.ts';
import { buildPath, certificateKey } from './certificate-path.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal, refuse } from './refusal.ts';
import { isSignatureWith, schemeOf } from './signature.ts';
import type { Authority } from './trust-root.ts';
import { isWithin } from './trust-root.ts';

export interface ProvedTime {
  readonly kind: 'time';
  /** Milliseconds since 1970. */
  readonly time: number;
  /** URL of the authority, empty for an own PKI. */
  readonly authority: string;
}

/** `response` is a TimeStampResp; `stamped` the signature that it must be over. */
export function checkTimestamp(
  response: Uint8Array,
  stamped: Buffer,
  authorities: readonly Authority[],
): ProvedTime | Refusal {
  const parsed = parseTimestampResponse(response);
  if (parsed.kind === 'malformed') return refuse('TIMESTAMP_INVALID', parsed.reason);
  return checkTimestampToken(parsed.value, stamped, authorities);
}

/** The same for a token that was read already. */
export function checkTimestampToken(
  token: TimestampToken,
  stamped: Buffer,
  authorities: readonly Authority[],
): ProvedTime | Refusal {
  if (!hash(token.imprint.algorithm, stamped, 'buffer').equals(token.imprint.value))
    return refuse('TIMESTAMP_INVALID', 'the timestamp is over other bytes than the signature');
  return checkTimestampSigner(token, authorities);
}

/** Whether an authority made the token, whatever it is over. */
export function checkTimestampSigner(token: TimestampToken, authorities: readonly Authority[]): ProvedTime | Refusal {
  if (!hash(token.digestAlgorithm, token.content, 'buffer').equals(token.contentDigest))
    return refuse('TIMESTAMP_INVALID', 'the timestamp was changed after it was signed');
  let reason: Refusal | undefined;
  for (const authority of authorities) {
    const refusal = checkAuthority(token, authority);
    if (refusal === undefined) return { kind: 'time', time: token.time, authority: authority.uri };
    // What an authority that knows the signer says is worth more than "not mine".
    if (reason === undefined || reason.code === 'TIMESTAMP_UNTRUSTED') reason = refusal;
  }
  return reason ?? refuse('TIMESTAMP_UNTRUSTED', 'the trust root names no timestamp authority');
}

function checkAuthority(token: TimestampToken, authority: Authority): Refusal | undefined {
  const signer = signerOf(token, authority);
  if (signer === undefined)
    return refuse('TIMESTAMP_UNTRUSTED', 'the timestamp is not signed by an authority of the trust root');
  if (!isWithin(authority.validFor, token.time))
    return refuse('TIMESTAMP_UNTRUSTED', 'the trust root does not name the timestamp authority for that time');
  return checkSigner(token, signer, authority);
}

/**
 * The certificate that the token names as its signer. Where the trust root names the signer, it must be that one: another certificate that a
 * token brings along is no substitute.
 */
function signerOf({ signer, certificates }: TimestampToken, authority: Authority): Certificate | undefined {
  const candidates = authority.signer === undefined ? certificates : [authority.signer];
  return candidates.find((certificate) => isNamed(certificate, signer));
}

function isNamed(certificate: Certificate, signer: SignerId): boolean {
  if (signer.kind === 'key-id') return certificate.subjectKeyId?.equals(signer.keyId) === true;
  return certificate.issuer.equals(signer.issuer) && certificate.serial.equals(signer.serial);
}

function checkSigner(token: TimestampToken, signer: Certificate, authority: Authority): Refusal | undefined {
  // RFC 3161 2.3: the purpose must stand alone and be critical.
  const purpose = signer.extensions.find(({ id }) => id === extensionIds.extendedKeyUsage);
  if (purpose?.critical !== true || signer.extendedKeyUsage?.size !== 1)
    return refuse('TIMESTAMP_INVALID', 'the certificate of the timestamp is not for timestamps only');
  const path = buildPath(signer, {
    anchors: [authority.anchor],
    intermediates: [...authority.intermediates, ...token.certificates],
    times: [token.time],
    purpose: 'timeStamping',
  });
  if (isRefusal(path)) {
    const code = path.code === 'CERTIFICATE_UNTRUSTED' ? 'TIMESTAMP_UNTRUSTED' : 'TIMESTAMP_INVALID';
    return refuse(code, `certificate of the timestamp: ${path.message}`);
  }
  const stated = token.signerDigest;
  if (stated !== undefined && !hash(stated.algorithm, signer.encoded, 'buffer').equals(stated.value))
    return refuse('TIMESTAMP_INVALID', 'the timestamp names another certificate as its signer');
  const key = certificateKey(signer);
  if (isRefusal(key)) return key;
  const scheme = schemeOf(key, token.signatureAlgorithm, token.digestAlgorithm);
  const signed = { bytes: token.signedAttributes, signature: token.signature };
  return scheme !== undefined && isSignatureWith(key, scheme, signed)
    ? undefined
    : refuse('TIMESTAMP_INVALID', 'the signature of the timestamp is not good');
}
