// SPDX-License-Identifier: Apache-2.0
// x509_decode: a certificate as the object that Go's encoding of its x509.Certificate gives, as far as policies read it. RSA only, as in Kyverno.
// Not here: whether a certificate is good.
import { createPublicKey } from 'node:crypto';
import { parseNameDer } from '../../../formats/distinguished-name.ts';
import { parsePem } from '../../../formats/pem.ts';
import type { Certificate } from '../../../formats/x509.ts';
import { parseCertificate } from '../../../formats/x509.ts';
import type { JmespathFault } from '../fault.ts';
import type { KyvernoFunction } from './define.ts';
import { define, functionFault } from './define.ts';

export const certificateFunctions: readonly KyvernoFunction[] = [
  define('x509_decode', {
    parameters: ['string'],
    returns: 'object',
    note: 'The parts of an RSA certificate in PEM, under the names Go gives them.',
    run: ([text]) => decode(String(text)),
  }),
];

function fault(message: string): JmespathFault {
  return functionFault('x509_decode', message);
}

function decode(text: string): unknown {
  const pem = parsePem(text);
  const [block] = pem.kind === 'parsed' ? pem.value : [];
  if (block === undefined) return fault('failed to decode PEM block');
  if (block.label !== 'CERTIFICATE')
    return fault('PEM block is no CERTIFICATE; certificate requests are not supported yet');
  const parsed = parseCertificate(block.bytes);
  if (parsed.kind !== 'parsed') return fault(parsed.reason);
  const key = rsaKeyOf(parsed.value);
  return key === undefined ? fault('certificate should use rsa algorithm') : describe(parsed.value, key);
}

interface RsaKey {
  readonly N: string;
  readonly E: number;
}

function rsaKeyOf(certificate: Certificate): RsaKey | undefined {
  try {
    const { kty, n, e } = createPublicKey({ key: certificate.publicKey, format: 'der', type: 'spki' }).export({
      format: 'jwk',
    });
    if (kty !== 'RSA' || n === undefined || e === undefined) return undefined;
    return { N: numberOf(n).toString(), E: Number(numberOf(e)) };
  } catch {
    return undefined;
  }
}

function numberOf(base64url: string): bigint {
  return BigInt(`0x${Buffer.from(base64url, 'base64url').toString('hex')}`);
}

/** Go's x509.SignatureAlgorithm. */
const signatureAlgorithms: Readonly<Record<string, number>> = {
  '1.2.840.113549.1.1.4': 2,
  '1.2.840.113549.1.1.5': 3,
  '1.2.840.113549.1.1.11': 4,
  '1.2.840.113549.1.1.12': 5,
  '1.2.840.113549.1.1.13': 6,
};

function describe(certificate: Certificate, key: RsaKey): unknown {
  const namesOf = (kind: 'dns' | 'email' | 'uri'): readonly string[] | null => {
    const names = certificate.subjectNames.filter((name) => name.kind === kind).map(({ value }) => value);
    return names.length === 0 ? null : names;
  };
  return {
    Raw: certificate.encoded.toString('base64'),
    Signature: certificate.signature.toString('base64'),
    SignatureAlgorithm: signatureAlgorithms[certificate.signatureAlgorithm] ?? 0,
    PublicKeyAlgorithm: 1,
    PublicKey: key,
    SerialNumber: Number(BigInt(`0x${certificate.serial.toString('hex') || '0'}`)),
    Issuer: nameOf(certificate.issuer),
    Subject: nameOf(certificate.subject),
    NotBefore: timeText(certificate.notBefore),
    NotAfter: timeText(certificate.notAfter),
    IsCA: certificate.isAuthority,
    MaxPathLen: certificate.pathLength ?? (certificate.isAuthority ? -1 : 0),
    KeyUsage: [...(certificate.keyUsage ?? [])].reduce((bits, bit) => bits | (1 << bit), 0),
    SubjectKeyId: certificate.subjectKeyId?.toString('base64') ?? null,
    DNSNames: namesOf('dns'),
    EmailAddresses: namesOf('email'),
    URIs: namesOf('uri'),
  };
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

const listedParts: Readonly<Record<string, string>> = {
  C: 'Country',
  O: 'Organization',
  OU: 'OrganizationalUnit',
  L: 'Locality',
  ST: 'Province',
  STREET: 'StreetAddress',
};

function nameOf(encoded: Buffer): unknown {
  const parsed = parseNameDer(encoded);
  const name: Record<string, unknown> = {};
  for (const part of Object.values(listedParts)) name[part] = null;
  name['CommonName'] = '';
  if (parsed.kind !== 'parsed') return name;
  for (const [type, value] of parsed.value) {
    const listed = listedParts[type];
    if (type === 'CN') name['CommonName'] = value;
    else if (listed !== undefined) name[listed] = [value];
  }
  return name;
}
