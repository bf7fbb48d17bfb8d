// SPDX-License-Identifier: Apache-2.0
// Signed certificate timestamps embedded in certificates (RFC 6962 3.2 and 3.3) and the bytes their signature covers.
import { contextTag, DerCursor, encodeDer, readDer, tags } from './der.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import type { Certificate } from './x509.ts';
import { extensionIds } from './x509.ts';

export interface CertificateTimestamp {
  readonly logId: Buffer;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly extensions: Buffer;
  /** TLS SignatureAndHashAlgorithm: hash, then signature. */
  readonly algorithm: 'sha256-ecdsa' | 'sha256-rsa';
  readonly signature: Buffer;
}

const mostTimestamps = 32;

/** The SCTs in a certificate; none when the extension is absent. */
export function certificateTimestamps(certificate: Certificate): Parsed<readonly CertificateTimestamp[]> {
  return parsing(() => {
    const extension = certificate.extensions.find(({ id }) => id === extensionIds.signedCertificateTimestamps);
    if (extension === undefined) return [];
    const inner = readDer(extension.value);
    if (inner.tag !== tags.octetString) malformed('SCT list is not an octet string');
    const list = new Vectors(inner.content);
    const items = new Vectors(list.vector());
    list.end();
    const timestamps: CertificateTimestamp[] = [];
    while (!items.done) {
      if (timestamps.length >= mostTimestamps) malformed(`more than ${mostTimestamps} SCTs`);
      timestamps.push(readTimestamp(items.vector()));
    }
    return timestamps;
  });
}

function readTimestamp(bytes: Buffer): CertificateTimestamp {
  const fields = new Vectors(bytes);
  if (fields.take(1)[0] !== 0) malformed('SCT version is not 1');
  const logId = fields.take(32);
  const timestamp = Number(fields.take(8).readBigUInt64BE());
  const extensions = fields.vector();
  const [hash, kind] = fields.take(2);
  const algorithm = hash === 4 && kind === 3 ? 'sha256-ecdsa' : hash === 4 && kind === 1 ? 'sha256-rsa' : undefined;
  const signature = fields.vector();
  fields.end();
  return { logId, timestamp, extensions, algorithm: algorithm ?? malformed('SCT signature algorithm'), signature };
}

/** Fixed fields and vectors with a length of two octets (RFC 5246 4.3). */
class Vectors {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) malformed('SCT is cut off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  vector(): Buffer {
    return this.take(this.take(2).readUInt16BE());
  }

  end(): void {
    if (!this.done) malformed('bytes behind an SCT');
  }
}

/** What the log signed: the certificate body without the SCT extension, bound to the key of its issuer (RFC 6962 3.2, precert_entry). */
export function signedByLog(certificate: Certificate, timestamp: CertificateTimestamp, issuerKeyHash: Buffer): Buffer {
  const body = bodyWithoutTimestamps(certificate);
  const head = Buffer.alloc(12);
  head.writeBigUInt64BE(BigInt(timestamp.timestamp), 2);
  head.writeUInt16BE(1, 10);
  const length = Buffer.alloc(3);
  length.writeUIntBE(body.length, 0, 3);
  const extensionLength = Buffer.alloc(2);
  extensionLength.writeUInt16BE(timestamp.extensions.length);
  return Buffer.concat([head, issuerKeyHash, length, body, extensionLength, timestamp.extensions]);
}

function bodyWithoutTimestamps(certificate: Certificate): Buffer {
  const kept = certificate.extensions.filter(({ id }) => id !== extensionIds.signedCertificateTimestamps);
  const fields = new DerCursor(readDer(certificate.body).content);
  const parts: Buffer[] = [];
  while (!fields.done) {
    const field = fields.any();
    if (field.tag !== contextTag(3)) parts.push(field.encoded);
  }
  if (kept.length > 0)
    parts.push(encodeDer(contextTag(3), encodeDer(tags.sequence, Buffer.concat(kept.map(({ encoded }) => encoded)))));
  return encodeDer(tags.sequence, Buffer.concat(parts));
}
