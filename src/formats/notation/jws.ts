// SPDX-License-Identifier: Apache-2.0
// Signature envelopes in JWS (RFC 7515, flattened JSON serialization; notaryproject/specifications, signature-envelope-jws.md).

import { defaultLimits } from '../../model/limits.ts';
import type { JsonObject } from '../document.ts';
import { asString } from '../document.ts';
import type { Parsed } from '../parsed.ts';
import { malformed, parsing, required } from '../parsed.ts';
import { MemberReader, parseStrictJson } from '../strict-json.ts';
import type { NotationEnvelope, ProtectedHeaders } from './envelope.ts';
import { attributeNames, readAlgorithm, readChain, readSignedAttributes } from './envelope.ts';
import type { EnvelopeHeaders, UnsignedHeaders } from './written.ts';

const limits = { bytes: 4 * 1024 * 1024, depth: 32 };
const mostCritical = 64;
const envelopeMembers = ['payload', 'protected', 'header', 'signature'];

/** Reads one envelope. */
export function parseJwsEnvelope(bytes: Uint8Array): Parsed<NotationEnvelope> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'envelope'));
    const stranger = Object.keys(root.object).find((name) => !envelopeMembers.includes(name));
    if (stranger !== undefined) malformed(`${stranger.slice(0, 40)}: not a member of a flattened JWS`);
    const header = root.member('header');
    const signedHeader = root.text('protected');
    const payload = root.text('payload');
    const parsed = readProtectedHeader(bytesOf(signedHeader, 'protected'));
    const agent = header.object[attributeNames.signingAgent];
    return {
      format: 'jws',
      ...parsed,
      certificates: readChain(header.bytesList('x5c', defaultLimits.certificateChain)),
      timestamp: header.optionalBytes(attributeNames.timestampSignature),
      signingAgent: asString(agent),
      payload: bytesOf(payload, 'payload'),
      signed: Buffer.from(`${signedHeader}.${payload}`, 'latin1'),
      signature: bytesOf(root.text('signature'), 'signature'),
    };
  });
}

/** Base64url without padding (RFC 7515 section 2); another spelling of the same bytes is refused. */
function bytesOf(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : malformed(`${what}: base64url is required`);
}

type ProtectedPart = Omit<
  NotationEnvelope,
  'format' | 'certificates' | 'timestamp' | 'signingAgent' | 'payload' | 'signed' | 'signature'
>;

function readProtectedHeader(bytes: Buffer): ProtectedPart {
  const object = required(parseStrictJson(bytes, limits), 'protected header');
  const reader = new MemberReader(object, ['protected']);
  const critical = reader.list('crit', mostCritical).map((name) => asString(name) ?? reader.fail('crit', 'texts'));
  const { alg, cty, crit: _, ...rest } = object;
  const headers: ProtectedHeaders = { values: new Map(Object.entries(rest)), critical, time: readTime };
  return { algorithm: readAlgorithm(alg), contentType: asString(cty) ?? '', ...readSignedAttributes(headers) };
}

/** The protected header on its own, as `{"alg": ...}`: for inspection of examples and of what a signer is about to sign. */
export function parseJwsProtectedHeader(bytes: Uint8Array): Parsed<ProtectedPart> {
  return parsing(() => readProtectedHeader(Buffer.from(bytes)));
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

function readTime(value: unknown, name: string): number {
  const text = typeof value === 'string' && rfc3339.test(value) ? value : malformed(`${name}: a time is required`);
  const time = Date.parse(text);
  return Number.isNaN(time) ? malformed(`${name}: no such time`) : time;
}

/** The protected header as it is signed: members in the order of their names, as notation writes them. */
export function encodeJwsProtected(headers: EnvelopeHeaders): Buffer {
  const { algorithm, contentType, scheme, attributes } = headers;
  const isOwn = scheme === 'notary.x509';
  const time = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const critical: string[] = [
    attributeNames.signingScheme,
    ...attributes.filter((attribute) => attribute.isCritical).map(({ name }) => name),
    ...(isOwn ? [] : [attributeNames.authenticSigningTime]),
    ...(headers.expiry === undefined ? [] : [attributeNames.expiry]),
  ];
  const members: [string, unknown][] = [
    ['alg', algorithm],
    ['cty', contentType],
    ['crit', critical],
    [attributeNames.signingScheme, scheme],
    [isOwn ? attributeNames.signingTime : attributeNames.authenticSigningTime, time(headers.signingTime)],
    ...attributes.map(({ name, value }): [string, unknown] => [name, value]),
  ];
  if (headers.expiry !== undefined) members.push([attributeNames.expiry, time(headers.expiry)]);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(Object.fromEntries(members)));
}

/** What is signed for a payload under a protected header. */
export function jwsSigningInput(protectedHeader: Uint8Array, payload: Uint8Array): Buffer {
  const encoded = [protectedHeader, payload].map((part) => Buffer.from(part).toString('base64url'));
  return Buffer.from(encoded.join('.'), 'latin1');
}

/** The finished envelope. */
export function encodeJwsEnvelope(input: Buffer, signature: Buffer, unsigned: UnsignedHeaders): Buffer {
  const [protectedHeader, payload] = input.toString('latin1').split('.');
  const header: JsonObject = {
    x5c: unsigned.certificates.map((bytes) => bytes.toString('base64')),
    ...(unsigned.timestamp === undefined
      ? {}
      : { [attributeNames.timestampSignature]: unsigned.timestamp.toString('base64') }),
    [attributeNames.signingAgent]: unsigned.signingAgent,
  };
  const envelope = { payload, protected: protectedHeader, header, signature: signature.toString('base64url') };
  return Buffer.from(JSON.stringify(envelope));
}
