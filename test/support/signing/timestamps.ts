// SPDX-License-Identifier: Apache-2.0
// Makes RFC 3161 timestamp responses for tests.
import { createHash, sign } from 'node:crypto';
import { contextTag, encodeDer, readDer, tags } from '../../../src/formats/der.ts';
import type { Issued } from './certificates.ts';
import { generalizedTime, integer, objectId, octets, sequence, set } from './certificates.ts';

const sha256 = sequence(objectId('2.16.840.1.101.3.4.2.1'));

export interface TimestampParts {
  readonly signer: Issued;
  readonly time: number;
  /** The bytes, or their SHA-256 digest as a query holds it. */
  readonly stamped:
    | Uint8Array
    | { readonly digest: Buffer /** MessageImprint of the query, repeated. */; readonly imprint?: Buffer };
  /** Of the query; DER content of the INTEGER. */
  readonly nonce?: Buffer;
  /** Certificates that the token brings along. */
  readonly certificates?: readonly Issued[];
}

/** A granted TimeStampResp over `stamped`. */
export function timestampResponse({ signer, time, stamped, nonce, certificates = [] }: TimestampParts): Buffer {
  const imprint = stamped instanceof Uint8Array ? createHash('sha256').update(stamped).digest() : stamped.digest;
  const info = sequence(
    integer(1),
    objectId('1.2.3.4'),
    (stamped instanceof Uint8Array ? undefined : stamped.imprint) ?? sequence(sha256, octets(imprint)),
    integer(7),
    generalizedTime(time),
    ...(nonce === undefined ? [] : [encodeDer(tags.integer, nonce)]),
  );
  const thumbprint = createHash('sha256').update(signer.certificate.encoded).digest();
  const attribute = (id: string, value: Buffer): Buffer => sequence(objectId(id), set(value));
  const attributes = Buffer.concat([
    attribute('1.2.840.113549.1.9.3', objectId('1.2.840.113549.1.9.16.1.4')),
    attribute('1.2.840.113549.1.9.4', octets(createHash('sha256').update(info).digest())),
    // Which certificate signed (RFC 5816): notation asks for it.
    attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(octets(thumbprint))))),
  ]);
  const signature = sign('sha256', encodeDer(tags.set, attributes), signer.keys.privateKey);
  const { issuer, serial } = signer.certificate;
  const signerInfo = sequence(
    integer(1),
    sequence(issuer, encodeDer(tags.integer, serial)),
    sha256,
    encodeDer(contextTag(0), attributes),
    sequence(objectId('1.2.840.10045.4.3.2')),
    octets(signature),
  );
  const encoded = certificates.map(({ certificate }) => certificate.encoded);
  const data = sequence(
    integer(3),
    set(sha256),
    sequence(objectId('1.2.840.113549.1.9.16.1.4'), encodeDer(contextTag(0), octets(info))),
    ...(encoded.length === 0 ? [] : [encodeDer(contextTag(0), Buffer.concat(encoded))]),
    set(signerInfo),
  );
  const token = sequence(objectId('1.2.840.113549.1.7.2'), encodeDer(contextTag(0), data));
  return sequence(sequence(encodeDer(tags.integer, Buffer.from([0]))), readDer(token).encoded);
}
