// SPDX-License-Identifier: Apache-2.0
// X.509 certificates (RFC 5280) as far as verification needs them. Reads and checks the form only; whether a signature or a path is good is
// decided in src/evidence/signatures. node:crypto does not show critical extensions, path lengths or SCTs, hence an own reader.
import type { DerElement } from './der.ts';
import {
  bitStringOf,
  booleanOf,
  childrenOf,
  contextTag,
  cursorOf,
  DerCursor,
  integerBytesOf,
  objectIdOf,
  primitiveContextTag,
  readDer,
  smallIntegerOf,
  tags,
  timeOf,
} from './der.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';

export interface CertificateExtension {
  readonly id: string;
  readonly critical: boolean;
  /** Content of the OCTET STRING. */
  readonly value: Buffer;
  /** The whole extension as it stands in the certificate. */
  readonly encoded: Buffer;
}

/** A name of the subject. `other` is the Fulcio user name (1.3.6.1.4.1.57264.1.7). */
export type SubjectName =
  | { readonly kind: 'email' | 'uri' | 'dns' | 'other'; readonly value: string }
  | { readonly kind: 'unread'; readonly value: '' };

export interface Certificate {
  readonly encoded: Buffer;
  /** The signed part. */
  readonly body: Buffer;
  readonly signatureAlgorithm: string;
  /** Parameters of the signature algorithm, encoded; empty when absent. */
  readonly signatureParameters: Buffer;
  readonly signature: Buffer;
  readonly serial: Buffer;
  /** Names in DER; compared as bytes. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** Milliseconds since 1970, both inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Buffer;
  readonly extensions: readonly CertificateExtension[];
  readonly isAuthority: boolean;
  /** Certificates that may follow below an authority, the leaf not counted. */
  readonly pathLength: number | undefined;
  /** Bits of keyUsage by number (RFC 5280 4.2.1.3); undefined when the extension is absent. */
  readonly keyUsage: ReadonlySet<number> | undefined;
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  readonly subjectNames: readonly SubjectName[];
  readonly subjectKeyId: Buffer | undefined;
}

export const extensionIds = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  signedCertificateTimestamps: '1.3.6.1.4.1.11129.2.4.2',
} as const;

export const keyUsageBits = { digitalSignature: 0, keyCertSign: 5 } as const;
export const keyPurposes = { codeSigning: '1.3.6.1.5.5.7.3.3', timeStamping: '1.3.6.1.5.5.7.3.8' } as const;

const fulcioUserName = '1.3.6.1.4.1.57264.1.7';
const mostCertificateBytes = 64 * 1024;

/** Reads one certificate in DER. */
export function parseCertificate(bytes: Uint8Array): Parsed<Certificate> {
  return parsing(() => readCertificate(bytes));
}

function readCertificate(bytes: Uint8Array): Certificate {
  if (bytes.length > mostCertificateBytes) malformed(`certificate larger than ${mostCertificateBytes} bytes`);
  const whole = readDer(bytes);
  const outer = cursorOf(whole, tags.sequence, 'certificate');
  const body = outer.next(tags.sequence, 'certificate body');
  const algorithm = outer.next(tags.sequence, 'signature algorithm');
  const signature = bitStringOf(outer.next(tags.bitString, 'signature'));
  outer.end('certificate');

  const fields = new DerCursor(body.content);
  const version = fields.optional(contextTag(0));
  if (version === undefined || smallIntegerOf(readDer(version.content)) !== 2) malformed('not a version 3 certificate');
  const serial = integerBytesOf(fields.next(tags.integer, 'serial number'));
  // RFC 5280 4.1.1.2: the algorithm outside the signed part must be the one inside.
  if (!fields.next(tags.sequence, 'inner signature algorithm').encoded.equals(algorithm.encoded))
    malformed('signature algorithm differs inside and outside');
  const issuer = fields.next(tags.sequence, 'issuer').encoded;
  const validity = new DerCursor(fields.next(tags.sequence, 'validity').content);
  const notBefore = timeOf(validity.any());
  const notAfter = timeOf(validity.any());
  validity.end('validity');
  const subject = fields.next(tags.sequence, 'subject').encoded;
  const publicKey = fields.next(tags.sequence, 'public key').encoded;
  fields.optional(primitiveContextTag(1));
  fields.optional(primitiveContextTag(2));
  const wrapper = fields.optional(contextTag(3));
  fields.end('certificate body');
  const extensions = wrapper === undefined ? [] : childrenOf(readDer(wrapper.content)).map(readExtension);
  if (new Set(extensions.map(({ id }) => id)).size !== extensions.length) malformed('an extension stands twice');

  const [id, parameters] = childrenOf(algorithm);
  const find = (wanted: string): DerElement | undefined => {
    const extension = extensions.find((item) => item.id === wanted);
    return extension === undefined ? undefined : readDer(extension.value);
  };
  return {
    encoded: whole.encoded,
    body: body.encoded,
    signatureAlgorithm: id === undefined ? malformed('signature algorithm is empty') : objectIdOf(id),
    signatureParameters: parameters?.encoded ?? Buffer.alloc(0),
    signature,
    serial,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    extensions,
    ...readBasicConstraints(find(extensionIds.basicConstraints)),
    keyUsage: readKeyUsage(find(extensionIds.keyUsage)),
    extendedKeyUsage: readKeyPurposes(find(extensionIds.extendedKeyUsage)),
    subjectNames: readSubjectNames(find(extensionIds.subjectAltName)),
    subjectKeyId: find(extensionIds.subjectKeyId)?.content,
  };
}

function readExtension(element: DerElement): CertificateExtension {
  const fields = cursorOf(element, tags.sequence, 'extension');
  const id = objectIdOf(fields.next(tags.objectId, 'extension id'));
  const flag = fields.optional(tags.boolean);
  const value = fields.next(tags.octetString, 'extension value').content;
  fields.end('extension');
  return { id, critical: flag !== undefined && booleanOf(flag), value, encoded: element.encoded };
}

function readBasicConstraints(element: DerElement | undefined): Pick<Certificate, 'isAuthority' | 'pathLength'> {
  if (element === undefined) return { isAuthority: false, pathLength: undefined };
  const fields = cursorOf(element, tags.sequence, 'basicConstraints');
  const flag = fields.optional(tags.boolean);
  const length = fields.optional(tags.integer);
  fields.end('basicConstraints');
  const isAuthority = flag !== undefined && booleanOf(flag);
  return { isAuthority, pathLength: length === undefined ? undefined : smallIntegerOf(length) };
}

function readKeyUsage(element: DerElement | undefined): ReadonlySet<number> | undefined {
  if (element === undefined) return undefined;
  const unused = element.content[0] ?? 8;
  if (element.tag !== tags.bitString || unused > 7 || element.content.length > 3)
    return malformed('keyUsage is not a bit string');
  const bits = new Set<number>();
  element.content.subarray(1).forEach((octet, index) => {
    for (let bit = 0; bit < 8; bit += 1) if ((octet & (0x80 >> bit)) !== 0) bits.add(index * 8 + bit);
  });
  return bits;
}

function readKeyPurposes(element: DerElement | undefined): ReadonlySet<string> | undefined {
  if (element === undefined) return undefined;
  if (element.tag !== tags.sequence) return malformed('extendedKeyUsage is not a list');
  return new Set(childrenOf(element).map(objectIdOf));
}

function readSubjectNames(element: DerElement | undefined): readonly SubjectName[] {
  if (element === undefined) return [];
  if (element.tag !== tags.sequence) return malformed('subjectAltName is not a list');
  return childrenOf(element).map(readSubjectName);
}

/** GeneralName, RFC 5280 4.2.1.6. */
function readSubjectName(element: DerElement): SubjectName {
  if (element.tag === primitiveContextTag(1)) return { kind: 'email', value: visibleText(element.content) };
  if (element.tag === primitiveContextTag(2)) return { kind: 'dns', value: visibleText(element.content) };
  if (element.tag === primitiveContextTag(6)) return { kind: 'uri', value: visibleText(element.content) };
  if (element.tag !== contextTag(0)) return { kind: 'unread', value: '' };
  const fields = new DerCursor(element.content);
  const id = objectIdOf(fields.next(tags.objectId, 'otherName type'));
  const value = fields.next(contextTag(0), 'otherName value');
  fields.end('otherName');
  return id === fulcioUserName
    ? { kind: 'other', value: utf8StringOf(readDer(value.content)) }
    : { kind: 'unread', value: '' };
}

/** IA5String without control characters: a NUL or a line break in a name is an attack on whoever prints or compares it. */
function visibleText(content: Buffer): string {
  const text = content.toString('latin1');
  return /^[\x20-\x7e]+$/.test(text)
    ? text
    : malformed('a subject name is empty or has characters that are not printable');
}

/** Text of a UTF8String, valid and without control characters. */
export function utf8StringOf(element: DerElement): string {
  if (element.tag !== tags.utf8String) return malformed('not a UTF8String');
  return printableUtf8(element.content);
}

/** Valid UTF-8 without control characters. */
export function printableUtf8(content: Buffer): string {
  const ascii = content.toString('latin1');
  if (/^[\x20-\x7e]*$/.test(ascii)) return ascii;
  const text = content.toString('utf8');
  const isExact = Buffer.from(text, 'utf8').equals(content);
  return isExact && !/\p{Cc}/u.test(text) ? text : malformed('a text is not UTF-8 or has control characters');
}
