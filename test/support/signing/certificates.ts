// SPDX-License-Identifier: Apache-2.0
// Makes X.509 certificates for tests: authorities, leaves with any extension, and SCTs of a test log. Everything that a hostile certificate could
// have can be set; nothing is checked.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { contextTag, encodeDer, primitiveContextTag, readDer, tags } from '../../../src/formats/der.ts';
import { signedByLog } from '../../../src/formats/sct.ts';
import type { Certificate } from '../../../src/formats/x509.ts';
import { extensionIds, keyPurposes, parseCertificate } from '../../../src/formats/x509.ts';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function ecKeys(namedCurve = 'P-256'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve });
}

export function publicKeyDer({ publicKey }: KeyPair): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' });
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return encodeDer(tags.sequence, Buffer.concat(parts));
}

export function set(...parts: readonly Uint8Array[]): Buffer {
  return encodeDer(tags.set, Buffer.concat(parts));
}

export function integer(value: number | Buffer): Buffer {
  const raw =
    typeof value === 'number'
      ? Buffer.from(
          value
            .toString(16)
            .padStart(2, '0')
            .replace(/^(.(?:..)*)$/, '0$1'),
          'hex',
        )
      : value;
  const trimmed = raw.subarray(
    Math.max(
      0,
      Math.min(
        raw.findIndex((octet) => octet !== 0),
        raw.length - 1,
      ),
    ),
  );
  return encodeDer(tags.integer, (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

export function octets(value: Uint8Array): Buffer {
  return encodeDer(tags.octetString, value);
}

export function utf8(value: string): Buffer {
  return encodeDer(tags.utf8String, Buffer.from(value, 'utf8'));
}

export function objectId(dotted: string): Buffer {
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [root * 40 + second, ...rest]) {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return encodeDer(tags.objectId, Buffer.from(bytes));
}

export function generalizedTime(time: number): Buffer {
  const text = `${new Date(time).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
  return encodeDer(tags.generalizedTime, Buffer.from(text));
}

export function extension(id: string, value: Uint8Array, critical: 'critical' | 'plain' = 'plain'): Buffer {
  const flag = critical === 'critical' ? [encodeDer(tags.boolean, Buffer.from([0xff]))] : [];
  return sequence(objectId(id), ...flag, octets(value));
}

export function authorityExtensions(pathLength?: number): Buffer[] {
  const flag = encodeDer(tags.boolean, Buffer.from([0xff]));
  return [
    extension(
      extensionIds.basicConstraints,
      sequence(flag, ...(pathLength === undefined ? [] : [integer(pathLength)])),
      'critical',
    ),
    extension(extensionIds.keyUsage, encodeDer(tags.bitString, Buffer.from([1, 0x06])), 'critical'),
  ];
}

export function purposeExtension(purpose: keyof typeof keyPurposes, critical: 'critical' | 'plain' = 'plain'): Buffer {
  return extension(extensionIds.extendedKeyUsage, sequence(objectId(keyPurposes[purpose])), critical);
}

export function signingKeyUsage(): Buffer {
  return extension(extensionIds.keyUsage, encodeDer(tags.bitString, Buffer.from([7, 0x80])), 'critical');
}

/** Subject alternative names: e-mail by default, URI when there is a scheme. */
export function namesExtension(...names: readonly string[]): Buffer {
  const encoded = names.map((name) => encodeDer(primitiveContextTag(name.includes('://') ? 6 : 1), Buffer.from(name)));
  return extension(extensionIds.subjectAltName, sequence(...encoded), 'critical');
}

/** `number` is the last arc of the Fulcio extension; up to 6 they hold raw text. */
export function fulcioExtension(number: number, value: string): Buffer {
  return extension(`1.3.6.1.4.1.57264.1.${number}`, number <= 6 ? Buffer.from(value) : utf8(value));
}

export interface CertificateParts {
  readonly subject: string;
  readonly keys: KeyPair;
  readonly issuer?: Issued;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Buffer[];
  /** Log that vouches for the certificate with an SCT. */
  readonly log?: { readonly keys: KeyPair; readonly time: number };
}

export interface Issued {
  readonly certificate: Certificate;
  readonly keys: KeyPair;
}

function nameOf(text: string): Buffer {
  return text === '' ? sequence() : sequence(set(sequence(objectId('2.5.4.3'), utf8(text))));
}

const sha256WithEcdsa = sequence(objectId('1.2.840.10045.4.3.2'));

/** Issues a certificate, signed by its own key when there is no issuer. */
export function issue(parts: CertificateParts): Issued {
  const serial = integer(Buffer.concat([Buffer.from([1]), randomBytes(12)]));
  const plain = build(parts, serial, parts.extensions);
  if (parts.log === undefined) return plain;
  return build(parts, serial, [...parts.extensions, sctExtension(plain.certificate, parts)]);
}

function build(parts: CertificateParts, serial: Buffer, extensions: readonly Buffer[]): Issued {
  const issuer = parts.issuer?.certificate.subject ?? nameOf(parts.subject);
  const body = sequence(
    encodeDer(contextTag(0), integer(2)),
    serial,
    sha256WithEcdsa,
    issuer,
    sequence(generalizedTime(parts.notBefore), generalizedTime(parts.notAfter)),
    nameOf(parts.subject),
    publicKeyDer(parts.keys),
    ...(extensions.length === 0 ? [] : [encodeDer(contextTag(3), sequence(...extensions))]),
  );
  const signature = sign('sha256', body, (parts.issuer?.keys ?? parts.keys).privateKey);
  const encoded = sequence(
    body,
    sha256WithEcdsa,
    encodeDer(tags.bitString, Buffer.concat([Buffer.from([0]), signature])),
  );
  const parsed = parseCertificate(encoded);
  if (parsed.kind === 'malformed') throw new Error(`the test made a bad certificate: ${parsed.reason}`);
  return { certificate: parsed.value, keys: parts.keys };
}

function vector(value: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, value]);
}

function sctExtension(precertificate: Certificate, { issuer, keys, log }: CertificateParts): Buffer {
  if (log === undefined) throw new Error('no log');
  const issuerKeyHash = createHash('sha256')
    .update(issuer?.certificate.publicKey ?? publicKeyDer(keys))
    .digest();
  const sct = {
    logId: logIdOf(log.keys),
    timestamp: log.time,
    extensions: Buffer.alloc(0),
    algorithm: 'sha256-ecdsa',
    signature: Buffer.alloc(0),
  } as const;
  const signature = sign('sha256', signedByLog(precertificate, sct, issuerKeyHash), log.keys.privateKey);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(log.time));
  const encoded = Buffer.concat([
    Buffer.from([0]),
    sct.logId,
    time,
    vector(Buffer.alloc(0)),
    Buffer.from([4, 3]),
    vector(signature),
  ]);
  return extension(extensionIds.signedCertificateTimestamps, octets(vector(vector(encoded))));
}

/** SHA-256 of the public key: the id of a log. */
export function logIdOf(keys: KeyPair): Buffer {
  return createHash('sha256').update(publicKeyDer(keys)).digest();
}

export function pemOf(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Content of the outermost element. */
export function contentOf(encoded: Uint8Array): Buffer {
  return readDer(encoded).content;
}
