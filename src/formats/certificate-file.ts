// SPDX-License-Identifier: Apache-2.0
// Files of certificates as trust stores and key folders hold them: PEM blocks, or certificates in DER one behind the other.
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { parsePem } from './pem.ts';
import type { Certificate } from './x509.ts';
import { parseCertificate } from './x509.ts';

const mostCertificates = 1_000;

/** Reads all certificates of a file; anything else in it is refused. */
export function parseCertificateFile(bytes: Uint8Array): Parsed<readonly Certificate[]> {
  return parsing(() => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const encoded = buffer.includes('-----BEGIN ') ? pemCertificates(buffer) : derCertificates(buffer);
    if (encoded.length === 0) malformed('no certificate');
    return encoded.map((item) => required(parseCertificate(item), 'certificate'));
  });
}

function pemCertificates(bytes: Buffer): Buffer[] {
  const blocks = required(parsePem(bytes.toString('latin1')), 'PEM');
  return blocks.map(({ label, bytes: content }) =>
    label === 'CERTIFICATE' ? content : malformed(`a PEM block ${label} among certificates`),
  );
}

function derCertificates(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (found.length >= mostCertificates) malformed(`more than ${mostCertificates} certificates`);
    // Certificates have between 128 and 65,535 bytes: 30 81 LL or 30 82 LL LL.
    const size = bytes[at] === 0x30 ? bytes[at + 1] : undefined;
    const length =
      size === 0x81 && at + 3 <= bytes.length
        ? 3 + (bytes[at + 2] ?? 0)
        : size === 0x82 && at + 4 <= bytes.length
          ? 4 + bytes.readUInt16BE(at + 2)
          : malformed('neither PEM nor DER');
    if (at + length > bytes.length) malformed('a certificate is cut off');
    found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}
