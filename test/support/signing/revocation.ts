// SPDX-License-Identifier: Apache-2.0
// Revocation lists and OCSP answers for tests, and the places where certificates say that they are told. Any part can be wrong on purpose.
import { sign } from 'node:crypto';
import { contextTag, encodeDer, primitiveContextTag, tags } from '../../../src/formats/der.ts';
import { certificateIdOf } from '../../../src/formats/ocsp.ts';
import type { Certificate } from '../../../src/formats/x509.ts';
import type { Issued } from './certificates.ts';
import { extension, generalizedTime, integer, objectId, octets, sequence } from './certificates.ts';

const ecdsa = sequence(objectId('1.2.840.10045.4.3.2'));

function address(url: string): Buffer {
  return encodeDer(primitiveContextTag(6), Buffer.from(url));
}

/** CRL distribution point. */
export function crlExtension(url: string): Buffer {
  const point = sequence(encodeDer(contextTag(0), encodeDer(contextTag(0), address(url))));
  return extension('2.5.29.31', sequence(point));
}

/** Authority information access with an OCSP responder. */
export function ocspExtension(url: string): Buffer {
  return extension('1.3.6.1.5.5.7.1.1', sequence(sequence(objectId('1.3.6.1.5.5.7.48.1'), address(url))));
}

function signed(body: Buffer, signer: Issued, ...more: readonly Buffer[]): Buffer {
  const signature = sign('sha256', body, signer.keys.privateKey);
  return sequence(body, ecdsa, encodeDer(tags.bitString, Buffer.concat([Buffer.from([0]), signature])), ...more);
}

export interface Freshness {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

export interface ListParts extends Freshness {
  readonly signer: Issued;
  readonly revoked: readonly Certificate[];
}

export function revocationList({ signer, revoked, from, until }: ListParts): Buffer {
  const entries = revoked.map(({ serial }) => sequence(encodeDer(tags.integer, serial), generalizedTime(from)));
  const number = encodeDer(contextTag(0), sequence(extension('2.5.29.20', integer(1))));
  const body = sequence(
    integer(1),
    ecdsa,
    signer.certificate.subject,
    generalizedTime(from),
    generalizedTime(until),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    number,
  );
  return signed(body, signer);
}

export interface OcspParts extends Freshness {
  readonly signer: Issued;
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly status: 'good' | 'revoked' | 'unknown';
}

export function ocspAnswer({ signer, certificate, issuer, status, from, until }: OcspParts): Buffer {
  const id = certificateIdOf(certificate, issuer, 'sha256');
  const sha256 = sequence(objectId('2.16.840.1.101.3.4.2.1'));
  const certificateId = sequence(
    sha256,
    octets(id.issuerName),
    octets(id.issuerKey),
    encodeDer(tags.integer, id.serial),
  );
  const said =
    status === 'revoked'
      ? encodeDer(contextTag(1), generalizedTime(from))
      : encodeDer(primitiveContextTag(status === 'good' ? 0 : 2), Buffer.alloc(0));
  const single = sequence(certificateId, said, generalizedTime(from), encodeDer(contextTag(0), generalizedTime(until)));
  const body = sequence(encodeDer(contextTag(1), signer.certificate.subject), generalizedTime(from), sequence(single));
  const basic = sequence(objectId('1.3.6.1.5.5.7.48.1.1'), octets(signed(body, signer)));
  return sequence(encodeDer(0x0a, Buffer.from([0])), encodeDer(contextTag(0), basic));
}
