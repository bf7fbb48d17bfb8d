// SPDX-License-Identifier: Apache-2.0
// Certificate revocation lists (RFC 5280 section 5): form and entries. Whether a list is signed, fresh and about a certificate is decided in
// src/evidence/signatures/notation/revocation.ts.
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
import type { CertificateExtension } from './x509.ts';

export interface RevokedCertificate {
  /** Milliseconds since 1970. */
  readonly revokedAt: number;
  /** CRLReason (RFC 5280 5.3.1); 0 when not stated. */
  readonly reason: number;
  /** When the key is thought to have been lost (5.3.2). */
  readonly invalidSince: number | undefined;
}

export interface RevocationList {
  readonly body: Buffer;
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
  readonly issuer: Buffer;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  readonly extensions: readonly CertificateExtension[];
  readonly number: bigint | undefined;
  /** Number of the list that a delta continues; undefined for a whole list. */
  readonly baseNumber: bigint | undefined;
  readonly scope: 'all' | 'authorities-only' | 'users-only';
  /** By serial number in hex. */
  readonly revoked: ReadonlyMap<string, RevokedCertificate>;
}

const ids = {
  number: '2.5.29.20',
  reason: '2.5.29.21',
  invalidity: '2.5.29.24',
  delta: '2.5.29.27',
  issuingPoint: '2.5.29.28',
} as const;
const mostBytes = 32 * 1024 * 1024;
const mostEntries = 1_000_000;

/** Reason that takes an entry of the base list back (RFC 5280 5.3.1). */
export const removeFromCrl = 8;

/** Reads one list in DER. */
export function parseRevocationList(bytes: Uint8Array): Parsed<RevocationList> {
  return parsing(() => {
    if (bytes.length > mostBytes) malformed(`larger than ${mostBytes} bytes`);
    const outer = cursorOf(readDer(bytes), tags.sequence, 'revocation list');
    const body = outer.next(tags.sequence, 'revocation list');
    const algorithm = outer.next(tags.sequence, 'signature algorithm');
    const signature = bitStringOf(outer.next(tags.bitString, 'signature'));
    outer.end('revocation list');
    const fields = new DerCursor(body.content);
    const version = fields.optional(tags.integer);
    if (version !== undefined && smallIntegerOf(version) !== 1) malformed('revocation list of an unknown version');
    if (!fields.next(tags.sequence, 'inner signature algorithm').encoded.equals(algorithm.encoded))
      malformed('signature algorithm differs inside and outside');
    const issuer = fields.next(tags.sequence, 'issuer').encoded;
    const thisUpdate = timeOf(fields.any());
    const next = fields.optional(tags.utcTime) ?? fields.optional(tags.generalizedTime);
    const list = fields.optional(tags.sequence);
    const wrapper = fields.optional(contextTag(0));
    fields.end('revocation list');
    const extensions = wrapper === undefined ? [] : readExtensions(readDer(wrapper.content));
    const [id] = childrenOf(algorithm);
    return {
      body: body.encoded,
      signatureAlgorithm: id === undefined ? malformed('signature algorithm is empty') : objectIdOf(id),
      signature,
      issuer,
      thisUpdate,
      nextUpdate: next === undefined ? undefined : timeOf(next),
      extensions,
      ...readScope(extensions),
      revoked: list === undefined ? new Map() : readEntries(list),
    };
  });
}

/** Extensions of a list, an entry or an OCSP answer. */
export function readExtensions(element: DerElement): CertificateExtension[] {
  if (element.tag !== tags.sequence) malformed('extensions are not a list');
  const extensions = childrenOf(element).map((item) => {
    const fields = cursorOf(item, tags.sequence, 'extension');
    const id = objectIdOf(fields.next(tags.objectId, 'extension id'));
    const flag = fields.optional(tags.boolean);
    const value = fields.next(tags.octetString, 'extension value').content;
    fields.end('extension');
    return { id, critical: flag !== undefined && booleanOf(flag), value, encoded: item.encoded };
  });
  if (new Set(extensions.map(({ id }) => id)).size !== extensions.length) malformed('an extension stands twice');
  return extensions;
}

function readScope(
  extensions: readonly CertificateExtension[],
): Pick<RevocationList, 'number' | 'baseNumber' | 'scope'> {
  const valueOf = (wanted: string): DerElement | undefined => {
    const extension = extensions.find(({ id }) => id === wanted);
    return extension === undefined ? undefined : readDer(extension.value);
  };
  const known: readonly string[] = [ids.delta, ids.issuingPoint];
  const unknown = extensions.find(({ id, critical }) => critical && !known.includes(id));
  if (unknown !== undefined) malformed(`the critical extension ${unknown.id} is not understood`);
  const [number, delta, point] = [valueOf(ids.number), valueOf(ids.delta), valueOf(ids.issuingPoint)];
  return {
    number: number === undefined ? undefined : bigOf(number),
    baseNumber: delta === undefined ? undefined : bigOf(delta),
    scope: point === undefined ? 'all' : readIssuingPoint(point),
  };
}

function bigOf(element: DerElement): bigint {
  const bytes = integerBytesOf(element);
  return bytes.length > 21 || (bytes[0] ?? 0) >= 0x80
    ? malformed('number of the list out of range')
    : BigInt(`0x${bytes.toString('hex')}`);
}

/** IssuingDistributionPoint, RFC 5280 5.2.5. Lists for some reasons only, or of several issuers, say less than they seem to. */
function readIssuingPoint(element: DerElement): RevocationList['scope'] {
  const fields = cursorOf(element, tags.sequence, 'issuing distribution point');
  fields.optional(contextTag(0));
  const flag = (number: number): boolean => {
    const found = fields.optional(primitiveContextTag(number));
    return found !== undefined && found.content[0] === 0xff;
  };
  const users = flag(1);
  const authorities = flag(2);
  if (fields.optional(primitiveContextTag(3)) !== undefined) malformed('a list for some reasons only');
  if (flag(4)) malformed('an indirect list');
  if (flag(5)) malformed('a list for attribute certificates');
  fields.end('issuing distribution point');
  return users ? 'users-only' : authorities ? 'authorities-only' : 'all';
}

function readEntries(list: DerElement): Map<string, RevokedCertificate> {
  const revoked = new Map<string, RevokedCertificate>();
  const cursor = new DerCursor(list.content);
  while (!cursor.done) {
    if (revoked.size >= mostEntries) malformed(`more than ${mostEntries} entries`);
    const fields = new DerCursor(cursor.next(tags.sequence, 'entry').content);
    const serial = integerBytesOf(fields.next(tags.integer, 'serial number')).toString('hex');
    const revokedAt = timeOf(fields.any());
    const more = fields.optional(tags.sequence);
    fields.end('entry');
    revoked.set(serial, { revokedAt, ...(more === undefined ? plainEntry : readEntryExtensions(more)) });
  }
  return revoked;
}

const plainEntry = { reason: 0, invalidSince: undefined };

function readEntryExtensions(element: DerElement): Pick<RevokedCertificate, 'reason' | 'invalidSince'> {
  let [reason, invalidSince]: [number, number | undefined] = [0, undefined];
  for (const { id, critical, value } of readExtensions(element)) {
    if (id === ids.reason) reason = readDer(value).content[0] ?? 0;
    else if (id === ids.invalidity) invalidSince = timeOf(readDer(value));
    else if (critical) malformed(`an entry has the critical extension ${id}, which is not understood`);
  }
  return { reason, invalidSince };
}
