// SPDX-License-Identifier: Apache-2.0
// Writes an RFC 3161 TimeStampReq (section 2.4.1) for the SHA-256 digest of some bytes. Responses are read by rfc3161.ts.
import { hash } from 'node:crypto';
import { encodeDer, tags } from './der.ts';

/** AlgorithmIdentifier of SHA-256, parameters NULL. */
const sha256Identifier = Buffer.from('300d06096086480165030402010500', 'hex');

/** `nonce` is random; the answer must repeat it. The certificate of the authority is asked for, so that nobody has to look for it later. */
export function formatTimestampQuery(stamped: Uint8Array, nonce: Uint8Array): Buffer {
  const imprint = Buffer.concat([sha256Identifier, encodeDer(tags.octetString, hash('sha256', stamped, 'buffer'))]);
  return encodeDer(
    tags.sequence,
    Buffer.concat([
      encodeDer(tags.integer, Buffer.from([1])),
      encodeDer(tags.sequence, imprint),
      // A leading zero octet would be no DER; the first bit set would be negative.
      encodeDer(tags.integer, Buffer.concat([Buffer.from([0x40 | ((nonce[0] ?? 0) & 0x3f)]), nonce.subarray(1)])),
      encodeDer(tags.boolean, Buffer.from([0xff])),
    ]),
  );
}
