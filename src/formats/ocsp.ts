// SPDX-License-Identifier: Apache-2.0
// OCSP (RFC 6960): the question about one certificate and the answer. Form only; who signed the answer and whether it is fresh is decided in
// src/evidence/signatures/notation/revocation.ts.
import { hash } from 'node:crypto';
import { readExtensions } from './crl.ts';
import type { DerElement } from './der.ts';
import {
  bitStringOf,
  childrenOf,
  contextTag,
  cursorOf,
  DerCursor,
  encodeDer,
  integerBytesOf,
  objectIdOf,
  primitiveContextTag,
  readDer,
  tags,
  timeOf,
} from './der.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import type { Certificate } from './x509.ts';
import { parseCertificate } from './x509.ts';

export type CertificateStatus =
  | { readonly status: 'good' | 'unknown' }
  | { readonly status: 'revoked'; readonly revokedAt: number; readonly invalidSince: number | undefined };

export interface OcspAnswer {
  readonly body: Buffer;
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
  readonly responder:
    | { readonly kind: 'name'; readonly name: Buffer }
    | { readonly kind: 'key'; readonly keyHash: Buffer };
  readonly certificates: readonly Certificate[];
  readonly answers: readonly (CertificateStatus & {
    readonly certificate: CertificateId;
    readonly thisUpdate: number;
    readonly nextUpdate: number | undefined;
  })[];
}

export interface CertificateId {
  readonly algorithm: 'sha1' | 'sha256';
  readonly issuerName: Buffer;
  readonly issuerKey: Buffer;
  readonly serial: Buffer;
}

const hashIds: Readonly<Record<string, CertificateId['algorithm']>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
};
const sha256Id = Buffer.from('300b0609608648016503040201', 'hex');
const basicResponse = '1.3.6.1.5.5.7.48.1.1';
const invalidityDate = '2.5.29.24';
const mostBytes = 1024 * 1024;

/** How an answer names a certificate (RFC 6960 4.1.1, CertID). */
export function certificateIdOf(
  certificate: Certificate,
  issuer: Certificate,
  algorithm: CertificateId['algorithm'],
): CertificateId {
  return {
    algorithm,
    issuerName: hash(algorithm, certificate.issuer, 'buffer'),
    issuerKey: keyHashOf(issuer, algorithm),
    serial: certificate.serial,
  };
}

/** Hash of the key's bits, without tag, length and unused bits (RFC 6960 4.1.1). */
export function keyHashOf({ publicKey }: Certificate, algorithm: CertificateId['algorithm']): Buffer {
  const fields = new DerCursor(readDer(publicKey).content);
  fields.next(tags.sequence, 'algorithm');
  return hash(algorithm, bitStringOf(fields.next(tags.bitString, 'key')), 'buffer');
}

/** The question for one certificate, without nonce, so that answers can be kept. */
export function encodeOcspRequest(certificate: Certificate, issuer: Certificate): Buffer {
  const { issuerName, issuerKey, serial } = certificateIdOf(certificate, issuer, 'sha256');
  const sequence = (...parts: readonly Buffer[]): Buffer => encodeDer(tags.sequence, Buffer.concat(parts));
  const id = sequence(
    sha256Id,
    encodeDer(tags.octetString, issuerName),
    encodeDer(tags.octetString, issuerKey),
    encodeDer(tags.integer, serial),
  );
  return sequence(sequence(sequence(sequence(id))));
}

/** Reads an answer; one that a responder refused to give is malformed with the reason. */
export function parseOcspAnswer(bytes: Uint8Array): Parsed<OcspAnswer> {
  return parsing(() => {
    if (bytes.length > mostBytes) malformed(`larger than ${mostBytes} bytes`);
    const response = cursorOf(readDer(bytes), tags.sequence, 'OCSP answer');
    const status = response.next(tags.enumerated, 'status').content[0];
    if (status !== 0) malformed(`the responder answered with the status ${status}`);
    const wrapped = new DerCursor(readDer(response.next(contextTag(0), 'answer').content).content);
    if (objectIdOf(wrapped.next(tags.objectId, 'type of the answer')) !== basicResponse)
      malformed('an answer of another type');
    return readBasic(readDer(wrapped.next(tags.octetString, 'answer').content));
  });
}

function readBasic(element: DerElement): OcspAnswer {
  const fields = cursorOf(element, tags.sequence, 'basic answer');
  const body = fields.next(tags.sequence, 'answer data');
  const [id] = childrenOf(fields.next(tags.sequence, 'signature algorithm'));
  const signature = bitStringOf(fields.next(tags.bitString, 'signature'));
  const wrapper = fields.optional(contextTag(0));
  fields.end('basic answer');
  const certificates = wrapper === undefined ? [] : childrenOf(readDer(wrapper.content));
  if (certificates.length > 10) malformed('too many certificates in an answer');
  const data = new DerCursor(body.content);
  data.optional(contextTag(0));
  const responder = readResponder(data.any());
  timeOf(data.next(tags.generalizedTime, 'time of the answer'));
  const answers = childrenOf(data.next(tags.sequence, 'answers')).map(readSingle);
  const more = data.optional(contextTag(1));
  data.end('answer data');
  if (more !== undefined && readExtensions(readDer(more.content)).some(({ critical }) => critical))
    malformed('an answer with critical extensions');
  return {
    body: body.encoded,
    signatureAlgorithm: id === undefined ? malformed('signature algorithm is empty') : objectIdOf(id),
    signature,
    responder,
    certificates: certificates.map(({ encoded }) => required(parseCertificate(encoded), 'certificate of the answer')),
    answers,
  };
}

function readResponder(element: DerElement): OcspAnswer['responder'] {
  if (element.tag === contextTag(1)) return { kind: 'name', name: Buffer.from(element.content) };
  if (element.tag !== contextTag(2)) return malformed('the responder is not named');
  const key = readDer(element.content);
  return key.tag === tags.octetString ? { kind: 'key', keyHash: key.content } : malformed('the responder is not named');
}

function readSingle(element: DerElement): OcspAnswer['answers'][number] {
  const fields = cursorOf(element, tags.sequence, 'answer');
  const certificate = readCertificateId(fields.next(tags.sequence, 'certificate id'));
  const status = fields.any();
  const thisUpdate = timeOf(fields.next(tags.generalizedTime, 'time of the status'));
  const next = fields.optional(contextTag(0));
  const more = fields.optional(contextTag(1));
  fields.end('answer');
  const extensions = more === undefined ? [] : readExtensions(readDer(more.content));
  if (extensions.some(({ id, critical }) => critical && id !== invalidityDate))
    malformed('an answer with critical extensions');
  const invalidity = extensions.find(({ id }) => id === invalidityDate);
  const invalidSince = invalidity === undefined ? undefined : timeOf(readDer(invalidity.value));
  return {
    certificate,
    thisUpdate,
    nextUpdate: next === undefined ? undefined : timeOf(readDer(next.content)),
    ...readStatus(status, invalidSince),
  };
}

function readStatus(element: DerElement, invalidSince: number | undefined): CertificateStatus {
  if (element.tag === primitiveContextTag(0)) return { status: 'good' };
  if (element.tag === primitiveContextTag(2)) return { status: 'unknown' };
  if (element.tag !== contextTag(1)) return malformed('a status that is not known');
  const fields = new DerCursor(element.content);
  return {
    status: 'revoked',
    revokedAt: timeOf(fields.next(tags.generalizedTime, 'time of revocation')),
    invalidSince,
  };
}

function readCertificateId(element: DerElement): CertificateId {
  const fields = new DerCursor(element.content);
  const [id] = childrenOf(fields.next(tags.sequence, 'hash algorithm'));
  const algorithm = id === undefined ? undefined : hashIds[objectIdOf(id)];
  const issuerName = fields.next(tags.octetString, 'name of the issuer').content;
  const issuerKey = fields.next(tags.octetString, 'key of the issuer').content;
  const serial = integerBytesOf(fields.next(tags.integer, 'serial number'));
  fields.end('certificate id');
  return algorithm === undefined
    ? malformed('a hash algorithm that is not known')
    : { algorithm, issuerName, issuerKey, serial };
}
