// SPDX-License-Identifier: Apache-2.0
// The webhook's own certificate authority: a root that only API servers are told of (caBundle), and serving certificates under it. ECDSA P-256, short-lived.
// X.509: RFC 5280; API servers want the name in subjectAltName.
import type { KeyObject } from 'node:crypto';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { contextTag, encodeDer, primitiveContextTag, tags } from '../../../formats/der.ts';
import type { ServingCertificate } from './admission-server.ts';

export interface Validity {
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** Names under which an API server calls a service. */
export function serviceNames(service: string, namespace: string): readonly string[] {
  return [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`, `${service}.${namespace}`];
}

export function makeAuthority(name: string, validity: Validity): CertificateAuthority {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [
    // basicConstraints, critical: an authority whose children are leaves (pathLen 0).
    extension(
      '551d13',
      'critical',
      sequence(encodeDer(tags.boolean, Buffer.from([0xff])), encodeDer(tags.integer, Buffer.from([0]))),
    ),
    // keyUsage, critical: keyCertSign, cRLSign.
    extension('551d0f', 'critical', encodeDer(tags.bitString, Buffer.from([1, 0x06]))),
    subjectKeyId(privateKey),
  ];
  const certificate = issue({ name, validity, subjectKey: privateKey, extensions }, { name, key: privateKey });
  return { certificate, key: pemOfKey(privateKey) };
}

/** A certificate for the names of a service. The authority must not end before it does. */
export function makeServingCertificate(
  authority: CertificateAuthority,
  names: readonly string[],
  validity: Validity,
): ServingCertificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const root = new X509Certificate(authority.certificate);
  const key = keyOf(authority);
  const alternatives = names.map((name) => encodeDer(primitiveContextTag(2), Buffer.from(name, 'latin1')));
  const extensions = [
    extension('551d13', 'critical', sequence()),
    extension('551d0f', 'critical', encodeDer(tags.bitString, Buffer.from([7, 0x80]))),
    // extendedKeyUsage: serverAuth.
    extension('551d25', 'ordinary', sequence(encodeDer(tags.objectId, Buffer.from('2b06010505070301', 'hex')))),
    extension('551d11', 'ordinary', sequence(...alternatives)),
    extension('551d23', 'ordinary', sequence(encodeDer(primitiveContextTag(0), keyIdOf(key)))),
    subjectKeyId(privateKey),
  ];
  const name = names[0] ?? 'landwaiter';
  const issuer = /CN=([^\n]{1,200})/.exec(root.subject)?.[1] ?? '';
  const certificate = issue({ name, validity, subjectKey: privateKey, extensions }, { name: issuer, key });
  return { certificate: `${certificate}${authority.certificate}`, key: pemOfKey(privateKey) };
}

/** Whether less than a third of its life is left. */
export function isDueForRenewal(pem: string, now: number): boolean {
  const certificate = new X509Certificate(pem);
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  return to - now < (to - from) / 3;
}

/** What API servers shall trust while one authority takes the place of another: both, the newer one first, each once. */
export function caBundle(...authorities: readonly Pick<CertificateAuthority, 'certificate'>[]): string {
  return [...new Set(authorities.map(({ certificate }) => certificate))].join('');
}

interface ToIssue {
  readonly name: string;
  readonly validity: Validity;
  readonly subjectKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function issue(
  { name, validity, subjectKey, extensions }: ToIssue,
  issuer: { readonly name: string; readonly key: KeyObject },
): string {
  const publicKey = createPublicKey(subjectKey).export({ format: 'der', type: 'spki' });
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const body = sequence(
    encodeDer(contextTag(0), encodeDer(tags.integer, Buffer.from([2]))),
    encodeDer(tags.integer, serial),
    ecdsaWithSha256,
    commonName(issuer.name),
    sequence(timeOf(validity.notBefore), timeOf(validity.notAfter)),
    commonName(name),
    publicKey,
    encodeDer(contextTag(3), sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer.key);
  const certificate = sequence(
    body,
    ecdsaWithSha256,
    encodeDer(tags.bitString, Buffer.concat([Buffer.from([0]), signature])),
  );
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const ecdsaWithSha256 = Buffer.from('300a06082a8648ce3d040302', 'hex');

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return encodeDer(tags.sequence, Buffer.concat(parts));
}

function commonName(name: string): Buffer {
  const id = encodeDer(tags.objectId, Buffer.from('550403', 'hex'));
  // RFC 5280 upper bound: 64 characters; the whole name stands in subjectAltName.
  const text = encodeDer(tags.utf8String, Buffer.from(name.slice(0, 64), 'utf8'));
  return sequence(encodeDer(tags.set, sequence(id, text)));
}

function extension(id: string, weight: 'critical' | 'ordinary', value: Buffer): Buffer {
  return sequence(
    encodeDer(tags.objectId, Buffer.from(id, 'hex')),
    ...(weight === 'critical' ? [encodeDer(tags.boolean, Buffer.from([0xff]))] : []),
    encodeDer(tags.octetString, value),
  );
}

function subjectKeyId(key: KeyObject): Buffer {
  return extension('551d0e', 'ordinary', encodeDer(tags.octetString, keyIdOf(key)));
}

/** RFC 7093, method 1: the leftmost 160 bits of SHA-256 over the key. */
function keyIdOf(key: KeyObject): Buffer {
  const encoded = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(encoded).digest().subarray(0, 20);
}

function timeOf(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  // RFC 5280 4.1.2.5: UTCTime through the year 2049.
  return digits < '2050'
    ? encodeDer(tags.utcTime, Buffer.from(`${digits.slice(2)}Z`))
    : encodeDer(tags.generalizedTime, Buffer.from(`${digits}Z`));
}

function pemOfKey(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function keyOf({ key }: CertificateAuthority): KeyObject {
  return createPrivateKey(key);
}
