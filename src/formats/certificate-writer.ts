// SPDX-License-Identifier: Apache-2.0
// Writes a certificate that signs itself and may sign code: for trying things out, not for an authority. The signature is the caller's.

import { contextTag, encodeDer, tags } from './der.ts';
import { encodeName, type NameParts } from './distinguished-name.ts';

export interface TestCertificate {
  readonly name: NameParts;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  /** Random bytes. */
  readonly serial: Buffer;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return encodeDer(tags.sequence, Buffer.concat(parts));
}

/** sha256WithRSAEncryption with its NULL. */
const rsaWithSha256 = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
/** keyUsage, critical: digitalSignature. */
const keyUsage = Buffer.from('300e0603551d0f0101ff040403020780', 'hex');
/** extendedKeyUsage: codeSigning. */
const codeSigning = Buffer.from('30130603551d25040c300a06082b06010505070303', 'hex');

/** The part that is to be signed with RSA and SHA-256. */
export function testCertificateBody({ name, publicKey, serial, notBefore, notAfter }: TestCertificate): Buffer {
  const subject = encodeName(name);
  const time = (at: number): Buffer => {
    const digits = new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
    // RFC 5280 4.1.2.5: UTCTime through the year 2049.
    return digits < '2050'
      ? encodeDer(tags.utcTime, Buffer.from(`${digits.slice(2)}Z`))
      : encodeDer(tags.generalizedTime, Buffer.from(`${digits}Z`));
  };
  return sequence(
    encodeDer(contextTag(0), Buffer.from([tags.integer, 1, 2])),
    encodeDer(tags.integer, Buffer.concat([Buffer.from([0x40 | ((serial[0] ?? 0) & 0x3f)]), serial.subarray(1)])),
    rsaWithSha256,
    subject,
    sequence(time(notBefore), time(notAfter)),
    subject,
    publicKey,
    encodeDer(contextTag(3), sequence(keyUsage, codeSigning)),
  );
}

/** The certificate in DER. */
export function finishTestCertificate(body: Buffer, signature: Buffer): Buffer {
  return sequence(body, rsaWithSha256, encodeDer(tags.bitString, Buffer.concat([Buffer.from([0]), signature])));
}
