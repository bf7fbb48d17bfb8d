// SPDX-License-Identifier: Apache-2.0
// Signature envelopes in COSE (RFC 9052, COSE_Sign1_Tagged; notaryproject/specifications, signature-envelope-cose.md).
import type { CborKey, CborMap, CborValue } from '../cbor.ts';
import { CborTag, encodeCbor, readCbor } from '../cbor.ts';
import type { Parsed } from '../parsed.ts';
import { malformed, parsing } from '../parsed.ts';
import type { EnvelopeAlgorithm, NotationEnvelope } from './envelope.ts';
import { attributeNames, readAlgorithm, readChain, readSignedAttributes } from './envelope.ts';
import type { EnvelopeHeaders, UnsignedHeaders } from './written.ts';

/** RFC 9052 3.1 and RFC 9360 section 2. */
const labels = { algorithm: 1, critical: 2, contentType: 3, chain: 33 } as const;
/** RFC 9052 section 2: COSE_Sign1. */
const sign1 = 18;
/** RFC 8949 3.4.2: seconds since 1970. */
const epoch = 1;

/** RFC 9053 2.1 and RFC 8230 section 2. */
const algorithms: Readonly<Record<EnvelopeAlgorithm, number>> = {
  PS256: -37,
  PS384: -38,
  PS512: -39,
  ES256: -7,
  ES384: -35,
  ES512: -36,
};
const limits = { bytes: 4 * 1024 * 1024, depth: 16, items: 256 };

/** Reads one envelope. */
export function parseCoseEnvelope(bytes: Uint8Array): Parsed<NotationEnvelope> {
  return parsing(() => {
    const whole = readCbor(bytes, limits);
    if (!(whole instanceof CborTag) || whole.tag !== sign1) return malformed('not a tagged COSE_Sign1');
    const parts = whole.value;
    if (!Array.isArray(parts) || parts.length !== 4) return malformed('COSE_Sign1 has four parts');
    const [encoded, unprotected, payload, signature] = parts as readonly CborValue[];
    if (!Buffer.isBuffer(encoded) || !Buffer.isBuffer(payload) || !Buffer.isBuffer(signature) || payload.length === 0)
      return malformed('header, payload and signature of COSE_Sign1 are byte strings');
    if (!(unprotected instanceof Map)) return malformed('the unprotected header is not a map');
    const headers = readCbor(encoded, limits);
    if (!(headers instanceof Map)) return malformed('the protected header is not a map');
    return {
      format: 'cose',
      ...readProtected(headers),
      ...readUnprotected(unprotected, headers),
      payload,
      signed: sigStructure(encoded, payload),
      signature,
    };
  });
}

type ProtectedPart = Omit<
  NotationEnvelope,
  'format' | 'certificates' | 'timestamp' | 'signingAgent' | 'payload' | 'signed' | 'signature'
>;

function readProtected(headers: CborMap): ProtectedPart {
  const stated = headers.get(labels.algorithm);
  const algorithm = Object.entries(algorithms).find(([, number]) => number === stated)?.[0];
  const contentType = headers.get(labels.contentType);
  const list = headers.get(labels.critical);
  if (!Array.isArray(list)) return malformed('the list of critical headers is missing');
  const critical = (list as readonly CborValue[]).map((name) =>
    typeof name === 'string' || typeof name === 'number' ? String(name) : malformed('a critical header has no name'),
  );
  const { algorithm: first, critical: second, contentType: third, chain } = labels;
  const own: readonly CborKey[] = [first, second, third, chain];
  const values = new Map(
    [...headers].filter(([key]) => !own.includes(key)).map(([key, value]) => [String(key), value]),
  );
  if (values.size !== [...headers.keys()].filter((key) => !own.includes(key)).length)
    malformed('a header stands twice, as number and as text');
  return {
    algorithm: readAlgorithm(algorithm ?? stated),
    contentType: typeof contentType === 'string' ? contentType : '',
    ...readSignedAttributes({ values, critical, time: readTime }),
  };
}

function readTime(value: unknown, name: string): number {
  const seconds = value instanceof CborTag && value.tag === epoch ? value.value : undefined;
  return typeof seconds === 'number' && Math.abs(seconds) < 1e12
    ? seconds * 1000
    : malformed(`${name}: a time (tag 1) is required`);
}

function readUnprotected(
  unprotected: CborMap,
  headers: CborMap,
): Pick<NotationEnvelope, 'certificates' | 'timestamp' | 'signingAgent'> {
  // RFC 9052 3: a label must not stand in both.
  for (const key of unprotected.keys()) if (headers.has(key)) malformed(`the header ${key} stands twice`);
  const chain = headers.get(labels.chain) ?? unprotected.get(labels.chain);
  const encoded: readonly CborValue[] = Buffer.isBuffer(chain)
    ? [chain]
    : Array.isArray(chain)
      ? (chain as readonly CborValue[])
      : malformed('there is no certificate');
  const certificates = readChain(
    encoded.map((item) => (Buffer.isBuffer(item) ? item : malformed('a certificate is not a byte string'))),
  );
  const timestamp = unprotected.get(attributeNames.timestampSignature);
  if (timestamp !== undefined && !Buffer.isBuffer(timestamp)) return malformed('the timestamp is not a byte string');
  const agent = unprotected.get(attributeNames.signingAgent);
  return { certificates, timestamp, signingAgent: typeof agent === 'string' ? agent : undefined };
}

/** What is signed (RFC 9052 4.4), without external data. */
export function sigStructure(protectedHeader: Buffer, payload: Buffer): Buffer {
  return encodeCbor(['Signature1', protectedHeader, Buffer.alloc(0), payload]);
}

/** The protected header as it is signed. */
export function encodeCoseProtected(headers: EnvelopeHeaders): Buffer {
  const isOwn = headers.scheme === 'notary.x509';
  const time = (milliseconds: number): CborTag => new CborTag(epoch, Math.floor(milliseconds / 1000));
  const timeName = isOwn ? attributeNames.signingTime : attributeNames.authenticSigningTime;
  const critical = [
    attributeNames.signingScheme,
    ...(isOwn ? [] : [timeName]),
    ...(headers.expiry === undefined ? [] : [attributeNames.expiry]),
    ...headers.attributes.filter((attribute) => attribute.isCritical).map(({ name }) => name),
  ];
  const map = new Map<CborKey, CborValue>([
    [labels.algorithm, algorithms[headers.algorithm]],
    [labels.critical, critical],
    [labels.contentType, headers.contentType],
    [attributeNames.signingScheme, headers.scheme],
    [timeName, time(headers.signingTime)],
    ...headers.attributes.map(({ name, value }): [CborKey, CborValue] => [name, value]),
  ]);
  if (headers.expiry !== undefined) map.set(attributeNames.expiry, time(headers.expiry));
  return encodeCbor(map);
}

export interface CoseParts {
  readonly protectedHeader: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** The finished envelope. */
export function encodeCoseEnvelope(
  { protectedHeader, payload, signature }: CoseParts,
  unsigned: UnsignedHeaders,
): Buffer {
  const header = new Map<CborKey, CborValue>([[attributeNames.signingAgent, unsigned.signingAgent]]);
  if (unsigned.certificates.length > 0) header.set(labels.chain, unsigned.certificates);
  if (unsigned.timestamp !== undefined) header.set(attributeNames.timestampSignature, unsigned.timestamp);
  return encodeCbor(new CborTag(sign1, [protectedHeader, header, payload, signature]));
}
