// SPDX-License-Identifier: Apache-2.0
// The path from a certificate to an authority of the trust root (RFC 5280 section 6, without policies and name constraints: a certificate with
// a critical extension that is not understood here is refused). Certificates that came with a proof may be steps, never ends.

import type { Certificate } from '../../formats/x509.ts';
import { extensionIds, keyPurposes, keyUsageBits } from '../../formats/x509.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { PublicKey } from './public-key.ts';
import { publicKeyOf } from './public-key.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal, refuse } from './refusal.ts';
import { isSignatureWith, schemeOf } from './signature.ts';

export type CertificatePath = readonly [Certificate, ...Certificate[]];

export interface PathRequest {
  /** Ends of paths: trusted as they are. */
  readonly anchors: readonly Certificate[];
  /** Steps of paths, trusted or not. */
  readonly intermediates: readonly Certificate[];
  /** Every certificate of the path must be valid at each of these times. */
  readonly times: readonly number[];
  readonly purpose: keyof typeof keyPurposes;
}

const understood = new Set<string>([
  extensionIds.basicConstraints,
  extensionIds.keyUsage,
  extensionIds.extendedKeyUsage,
  extensionIds.subjectAltName,
  extensionIds.subjectKeyId,
  extensionIds.signedCertificateTimestamps,
]);
const anyPurpose = '2.5.29.37.0';
/** Signatures checked for one path; more candidates than this are an attack. */
const mostSignatureChecks = 32;

/** Leaf first, anchor last. */
export function buildPath(leaf: Certificate, request: PathRequest): CertificatePath | Refusal {
  return checkLeaf(leaf, request) ?? new PathSearch(request).from(leaf);
}

function checkLeaf(leaf: Certificate, { purpose, times }: PathRequest): Refusal | undefined {
  if (leaf.isAuthority) return refuse('CERTIFICATE_UNSUITABLE', 'the signing certificate is an authority');
  if (leaf.extendedKeyUsage?.has(keyPurposes[purpose]) !== true)
    return refuse('CERTIFICATE_UNSUITABLE', `the signing certificate is not for ${purpose}`);
  if (leaf.keyUsage !== undefined && !leaf.keyUsage.has(keyUsageBits.digitalSignature))
    return refuse('CERTIFICATE_UNSUITABLE', 'the signing certificate is not for digital signatures');
  return checkExtensions(leaf) ?? checkTimes(leaf, times);
}

function checkExtensions(certificate: Certificate): Refusal | undefined {
  const unknown = certificate.extensions.find(({ id, critical }) => critical && !understood.has(id));
  return unknown === undefined
    ? undefined
    : refuse(
        'CERTIFICATE_UNSUITABLE',
        `a certificate has the critical extension ${unknown.id}, which is not understood`,
      );
}

function checkTimes(certificate: Certificate, times: readonly number[]): Refusal | undefined {
  const outside = times.find((time) => time < certificate.notBefore || time > certificate.notAfter);
  if (outside === undefined) return undefined;
  const [time, from, to] = [outside, certificate.notBefore, certificate.notAfter].map((at) =>
    new Date(at).toISOString(),
  );
  return refuse(
    'CERTIFICATE_NOT_VALID_THEN',
    `signed ${time}, but a certificate of the path was valid from ${from} to ${to}`,
  );
}

class PathSearch {
  readonly #request: PathRequest;
  #checksLeft = mostSignatureChecks;
  #reason: Refusal | undefined;

  constructor(request: PathRequest) {
    this.#request = request;
  }

  from(leaf: Certificate): CertificatePath | Refusal {
    const path = this.#extend([leaf]);
    return (
      path ?? this.#reason ?? refuse('CERTIFICATE_UNTRUSTED', 'no authority of the trust root issued the certificate')
    );
  }

  #extend(path: CertificatePath): CertificatePath | undefined {
    if (path.length >= defaultLimits.certificateChain) return undefined;
    for (const anchor of this.#request.anchors) if (this.#isIssuer(anchor, path)) return [...path, anchor];
    for (const intermediate of this.#request.intermediates) {
      if (path.includes(intermediate) || !this.#isIssuer(intermediate, path)) continue;
      const longer = this.#extend([...path, intermediate]);
      if (longer !== undefined) return longer;
    }
    return undefined;
  }

  #isIssuer(issuer: Certificate, path: CertificatePath): boolean {
    const child = path.at(-1) ?? path[0];
    if (!issuer.subject.equals(child.issuer)) return false;
    const refusal = this.#checkIssuer(issuer, path) ?? this.#checkLink(child, issuer);
    this.#reason ??= refusal;
    return refusal === undefined;
  }

  #checkIssuer(issuer: Certificate, path: CertificatePath): Refusal | undefined {
    if (!issuer.isAuthority) return refuse('CERTIFICATE_UNTRUSTED', 'a certificate of the path is no authority');
    if (issuer.keyUsage !== undefined && !issuer.keyUsage.has(keyUsageBits.keyCertSign))
      return refuse('CERTIFICATE_UNTRUSTED', 'an authority of the path may not sign certificates');
    const purposes = issuer.extendedKeyUsage;
    if (purposes !== undefined && !purposes.has(keyPurposes[this.#request.purpose]) && !purposes.has(anyPurpose))
      return refuse('CERTIFICATE_UNTRUSTED', `an authority of the path is not for ${this.#request.purpose}`);
    // RFC 5280 4.2.1.9: certificates that issue to themselves do not count.
    const between = path.slice(1).filter((step) => !step.subject.equals(step.issuer)).length;
    if (issuer.pathLength !== undefined && between > issuer.pathLength)
      return refuse('CERTIFICATE_UNTRUSTED', 'the path is longer than one of its authorities allows');
    return checkExtensions(issuer) ?? checkTimes(issuer, this.#request.times);
  }

  #checkLink(child: Certificate, issuer: Certificate): Refusal | undefined {
    if (this.#checksLeft === 0) return refuse('CERTIFICATE_UNTRUSTED', 'too many candidates for the path');
    this.#checksLeft -= 1;
    return isSignedBy(child, issuer)
      ? undefined
      : refuse('CERTIFICATE_UNTRUSTED', 'a certificate is not signed by its issuer');
  }
}

const links = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();
const keys = new WeakMap<Certificate, PublicKey | Refusal>();

/** The key of a certificate. Remembered as long as the certificate is: those of a trust root serve every verification. */
export function certificateKey(certificate: Certificate): PublicKey | Refusal {
  const known = keys.get(certificate) ?? publicKeyOf(certificate.publicKey);
  keys.set(certificate, known);
  return known;
}

/** Whether the issuer's key made the signature of the certificate; names and rights are not looked at. */
export function isSignedBy(child: Certificate, issuer: Certificate): boolean {
  const known = links.get(child)?.get(issuer);
  if (known !== undefined) return known;
  const key = certificateKey(issuer);
  const scheme = isRefusal(key) ? undefined : schemeOf(key, child.signatureAlgorithm);
  const isSigned =
    !isRefusal(key) &&
    scheme !== undefined &&
    isSignatureWith(key, scheme, { bytes: child.body, signature: child.signature });
  const ofChild = links.get(child) ?? new WeakMap<Certificate, boolean>();
  links.set(child, ofChild.set(issuer, isSigned));
  return isSigned;
}
