// SPDX-License-Identifier: Apache-2.0
// RFC 3161 timestamp responses: the token (CMS SignedData, RFC 5652) and what it states. Reads and checks the form; signatures, signer and times
// are judged in src/evidence/signatures/timestamp.ts.

import { defaultLimits } from '../model/limits.ts';
import type { DerElement } from './der.ts';
import {
  childrenOf,
  contextTag,
  cursorOf,
  DerCursor,
  encodeDer,
  integerBytesOf,
  objectIdOf,
  primitiveContextTag,
  readDer,
  smallIntegerOf,
  tags,
  timeOf,
} from './der.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import type { HashName } from './rekor-entry.ts';
import type { Certificate } from './x509.ts';
import { parseCertificate } from './x509.ts';

export interface TimestampToken {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Milliseconds that the time may be off, to both sides. */
  readonly accuracy: number;
  /** Digest of the bytes that were stamped. */
  readonly imprint: { readonly algorithm: HashName; readonly value: Buffer };
  /** TSTInfo as it was signed, and its digest as the signed attributes state it. */
  readonly content: Buffer;
  readonly contentDigest: Buffer;
  readonly digestAlgorithm: HashName;
  /** The DER SET that the signature covers. */
  readonly signedAttributes: Buffer;
  readonly signatureAlgorithm: string;
  readonly signatureParameters: Buffer;
  readonly signature: Buffer;
  readonly signer: SignerId;
  /** Digest of the signer's certificate (RFC 5816, ESSCertIDv2), when stated. */
  readonly signerDigest: { readonly algorithm: HashName | 'sha1'; readonly value: Buffer } | undefined;
  /** Certificates that came with the token; none of them is trusted by being here. */
  readonly certificates: readonly Certificate[];
}

export type SignerId =
  | { readonly kind: 'issuer-and-serial'; readonly issuer: Buffer; readonly serial: Buffer }
  | { readonly kind: 'key-id'; readonly keyId: Buffer };

const ids = {
  signedData: '1.2.840.113549.1.7.2',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

const hashes: Readonly<Record<string, HashName>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Reads a TimeStampResp that grants a token. */
export function parseTimestampResponse(bytes: Uint8Array): Parsed<TimestampToken> {
  return parsing(() => {
    const response = cursorOf(readDer(bytes), tags.sequence, 'timestamp response');
    const status = new DerCursor(response.next(tags.sequence, 'status').content).next(tags.integer, 'status');
    // RFC 3161 2.4.2: 0 granted, 1 granted with modifications.
    if (smallIntegerOf(status) > 1) malformed('timestamp was not granted');
    const token = response.next(tags.sequence, 'timestamp token');
    response.end('timestamp response');
    return readToken(token);
  });
}

/** The token (CMS ContentInfo in DER) of a TimeStampResp that grants one. */
export function timestampTokenOf(bytes: Uint8Array): Parsed<Buffer> {
  return parsing(() => {
    required(parseTimestampResponse(bytes), 'timestamp response');
    const response = cursorOf(readDer(bytes), tags.sequence, 'timestamp response');
    response.next(tags.sequence, 'status');
    return response.next(tags.sequence, 'timestamp token').encoded;
  });
}

/** Reads a token as it stands alone in a signature envelope (CMS ContentInfo), without the answer of the authority around it. */
export function parseTimestampToken(bytes: Uint8Array): Parsed<TimestampToken> {
  return parsing(() => readToken(readDer(bytes)));
}

function readToken(token: DerElement): TimestampToken {
  const info = cursorOf(token, tags.sequence, 'timestamp token');
  if (objectIdOf(info.next(tags.objectId, 'content type')) !== ids.signedData)
    malformed('timestamp token is not signed data');
  const wrapped = readDer(info.next(contextTag(0), 'signed data').content);
  info.end('timestamp token');
  const data = cursorOf(wrapped, tags.sequence, 'signed data');
  smallIntegerOf(data.next(tags.integer, 'signed data version'));
  data.next(tags.set, 'digest algorithms');
  const encapsulated = new DerCursor(data.next(tags.sequence, 'encapsulated content').content);
  if (objectIdOf(encapsulated.next(tags.objectId, 'encapsulated type')) !== ids.timestampInfo)
    malformed('signed data does not hold a timestamp');
  const inner = readDer(encapsulated.next(contextTag(0), 'encapsulated content').content);
  if (inner.tag !== tags.octetString) malformed('encapsulated content is not an octet string');
  encapsulated.end('encapsulated content');
  const certificates = data.optional(contextTag(0));
  data.optional(contextTag(1));
  const signers = childrenOf(data.next(tags.set, 'signers'));
  data.end('signed data');
  const [signer] = signers;
  if (signer === undefined || signers.length !== 1) return malformed('a timestamp has exactly one signer');
  return {
    ...readInfo(inner.content),
    ...readSigner(signer),
    content: inner.content,
    certificates: certificates === undefined ? [] : readCertificates(certificates),
  };
}

function readCertificates(set: DerElement): Certificate[] {
  const elements = childrenOf(set);
  if (elements.length > defaultLimits.certificateChain) malformed('too many certificates in a timestamp');
  return elements.map((element) => required(parseCertificate(element.encoded), 'certificate of a timestamp'));
}

/** TSTInfo, RFC 3161 2.4.2. */
function readInfo(content: Buffer): Pick<TimestampToken, 'time' | 'accuracy' | 'imprint'> {
  const fields = cursorOf(readDer(content), tags.sequence, 'timestamp');
  if (smallIntegerOf(fields.next(tags.integer, 'timestamp version')) !== 1) malformed('timestamp version is not 1');
  fields.next(tags.objectId, 'timestamp policy');
  const imprint = new DerCursor(fields.next(tags.sequence, 'message imprint').content);
  const algorithm = hashOf(imprint.next(tags.sequence, 'imprint algorithm'));
  const value = imprint.next(tags.octetString, 'imprint').content;
  imprint.end('message imprint');
  integerBytesOf(fields.next(tags.integer, 'timestamp serial number'));
  const time = timeOf(fields.next(tags.generalizedTime, 'time'));
  const accuracy = fields.optional(tags.sequence);
  fields.optional(tags.boolean);
  fields.optional(tags.integer);
  fields.optional(contextTag(0));
  // Extensions could change the meaning; none is defined for tokens in use, and a critical one may not be passed over.
  if (fields.optional(contextTag(1)) !== undefined) malformed('timestamp with extensions');
  fields.end('timestamp');
  return { time, accuracy: accuracy === undefined ? 0 : readAccuracy(accuracy), imprint: { algorithm, value } };
}

/** Accuracy: seconds, milliseconds and microseconds, each of which may be left out. */
function readAccuracy(element: DerElement): number {
  const fields = new DerCursor(element.content);
  const seconds = fields.optional(tags.integer);
  const parts = [fields.optional(primitiveContextTag(0)), fields.optional(primitiveContextTag(1))];
  fields.end('accuracy');
  const [milliseconds = 0, microseconds = 0] = parts.map((part) => {
    const value = part === undefined ? 0 : part.content.readUIntBE(0, Math.min(part.content.length, 2));
    return value < 1_000 ? value : malformed('accuracy out of range');
  });
  return (seconds === undefined ? 0 : smallIntegerOf(seconds)) * 1_000 + milliseconds + (microseconds === 0 ? 0 : 1);
}

type SignerFields = Pick<
  TimestampToken,
  | 'signer'
  | 'digestAlgorithm'
  | 'contentDigest'
  | 'signedAttributes'
  | 'signatureAlgorithm'
  | 'signatureParameters'
  | 'signature'
  | 'signerDigest'
>;

/** SignerInfo, RFC 5652 5.3. */
function readSigner(element: DerElement): SignerFields {
  const fields = cursorOf(element, tags.sequence, 'signer');
  smallIntegerOf(fields.next(tags.integer, 'signer version'));
  const keyId = fields.optional(primitiveContextTag(0));
  const signer: SignerId =
    keyId === undefined
      ? readIssuerAndSerial(fields.next(tags.sequence, 'signer id'))
      : { kind: 'key-id', keyId: keyId.content };
  const digestAlgorithm = hashOf(fields.next(tags.sequence, 'digest algorithm'));
  const attributes = fields.next(contextTag(0), 'signed attributes');
  const algorithm = fields.next(tags.sequence, 'signature algorithm');
  const signature = fields.next(tags.octetString, 'signature').content;
  fields.optional(contextTag(1));
  fields.end('signer');
  const values = readAttributes(attributes);
  const contentType = values.get(ids.contentType);
  const messageDigest = values.get(ids.messageDigest);
  if (contentType === undefined || objectIdOf(contentType) !== ids.timestampInfo) malformed('signed content type');
  if (messageDigest?.tag !== tags.octetString) return malformed('signed message digest');
  const [id, parameters] = childrenOf(algorithm);
  return {
    signer,
    digestAlgorithm,
    contentDigest: messageDigest.content,
    // RFC 5652 5.4: the signature covers the SET with its own tag, not the context tag it is stored with.
    signedAttributes: encodeDer(tags.set, attributes.content),
    signatureAlgorithm: id === undefined ? malformed('signature algorithm is empty') : objectIdOf(id),
    signatureParameters: parameters?.encoded ?? Buffer.alloc(0),
    signature,
    signerDigest: readSignerDigest(values),
  };
}

function readIssuerAndSerial(element: DerElement): SignerId {
  const fields = new DerCursor(element.content);
  const issuer = fields.next(tags.sequence, 'issuer of the signer').encoded;
  const serial = integerBytesOf(fields.next(tags.integer, 'serial number of the signer'));
  fields.end('signer id');
  return { kind: 'issuer-and-serial', issuer, serial };
}

/** The single value of each signed attribute. */
function readAttributes(set: DerElement): Map<string, DerElement> {
  const values = new Map<string, DerElement>();
  for (const attribute of childrenOf(set)) {
    const fields = cursorOf(attribute, tags.sequence, 'signed attribute');
    const id = objectIdOf(fields.next(tags.objectId, 'signed attribute'));
    const [value, second] = childrenOf(fields.next(tags.set, 'signed attribute'));
    fields.end('signed attribute');
    if (value === undefined || second !== undefined || values.has(id))
      return malformed('a signed attribute stands twice');
    values.set(id, value);
  }
  return values;
}

function readSignerDigest(values: Map<string, DerElement>): TimestampToken['signerDigest'] {
  const second = values.get(ids.signingCertificateV2);
  const first = values.get(ids.signingCertificate);
  const attribute = second ?? first;
  if (attribute === undefined) return undefined;
  const list = cursorOf(attribute, tags.sequence, 'signing certificate').next(tags.sequence, 'signing certificate');
  const fields = cursorOf(
    childrenOf(list)[0] ?? malformed('signing certificate is empty'),
    tags.sequence,
    'signing certificate',
  );
  const algorithm = fields.optional(tags.sequence);
  const value = fields.next(tags.octetString, 'digest of the signing certificate').content;
  // RFC 5035: version 1 is SHA-1, version 2 defaults to SHA-256.
  if (second === undefined) return { algorithm: 'sha1', value };
  return { algorithm: algorithm === undefined ? 'sha256' : hashOf(algorithm), value };
}

function hashOf(algorithm: DerElement): HashName {
  const [id] = childrenOf(algorithm);
  const hash = id === undefined ? undefined : hashes[objectIdOf(id)];
  return hash ?? malformed('hash algorithm is not SHA-256, SHA-384 or SHA-512');
}
