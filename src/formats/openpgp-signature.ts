// SPDX-License-Identifier: Apache-2.0
// What an OpenPGP signature packet says of itself (RFC 9580 section 5.2): who signed, when, how. Nothing is verified here.

export interface SignatureStatement {
  /** `RSA`, `DSA`, `ECDSA`, `EdDSA`, else the number. */
  readonly keyAlgorithm: string;
  /** `SHA256` ..., else the number. */
  readonly hash: string;
  /** RFC 3339; absent when not stated. */
  readonly createdAt?: string;
  /** The last 16 hex digits of the fingerprint; absent when not stated. */
  readonly keyId?: string;
}

const signaturePacket = 2;
const subpackets = { created: 2, issuer: 16, issuerFingerprint: 33 } as const;
const keyAlgorithms: Readonly<Record<number, string>> = {
  1: 'RSA',
  3: 'RSA',
  17: 'DSA',
  19: 'ECDSA',
  22: 'EdDSA',
  27: 'Ed25519',
};
const hashes: Readonly<Record<number, string>> = {
  1: 'MD5',
  2: 'SHA1',
  8: 'SHA256',
  9: 'SHA384',
  10: 'SHA512',
  11: 'SHA224',
};

/** Undefined when the bytes begin with no signature packet of version 3, 4 or 6. Never throws. */
export function readOpenPgpSignature(bytes: Uint8Array): SignatureStatement | undefined {
  const body = packetBody(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (body === undefined || body.length < 6) return undefined;
  const version = body[0];
  if (version === 3)
    return body.length < 17
      ? undefined
      : statement(body, 15, { created: body.readUInt32BE(3), keyId: hex(body, 7, 15) });
  if (version !== 4 && version !== 6) return undefined;
  return statement(body, 2, statedIn(body, version));
}

function statement(
  body: Buffer,
  algorithms: number,
  stated: { readonly created: number | undefined; readonly keyId: string | undefined },
): SignatureStatement {
  const key = body[algorithms] ?? 0;
  const hash = body[algorithms + 1] ?? 0;
  return {
    keyAlgorithm: keyAlgorithms[key] ?? String(key),
    hash: hashes[hash] ?? String(hash),
    ...(stated.created === undefined ? {} : { createdAt: new Date(stated.created * 1000).toISOString() }),
    ...(stated.keyId === undefined ? {} : { keyId: stated.keyId }),
  };
}

/** The content of the first packet, as far as it is there; lengths in several parts occur in no signature. */
function packetBody(bytes: Buffer): Buffer | undefined {
  const tag = bytes[0] ?? 0;
  if (bytes.length < 6 || (tag & 0x80) === 0) return undefined;
  if ((tag & 0x40) === 0) {
    const lengthBytes = [1, 2, 4][tag & 3];
    return ((tag >> 2) & 15) === signaturePacket && lengthBytes !== undefined
      ? bytes.subarray(1 + lengthBytes)
      : undefined;
  }
  const first = bytes[1] ?? 0;
  const start = first < 192 ? 2 : first < 224 ? 3 : 6;
  return (tag & 63) === signaturePacket ? bytes.subarray(start) : undefined;
}

/** Signed subpackets, then those that are not; the fingerprint names the key where there is no key id. */
function statedIn(body: Buffer, version: 4 | 6): { created: number | undefined; keyId: string | undefined } {
  let created: number | undefined;
  let keyId: string | undefined;
  const wide = version === 6 ? 4 : 2;
  let at = 4;
  for (let area = 0; area < 2 && at + wide <= body.length; area += 1) {
    const end = Math.min(body.length, at + wide + body.readUIntBE(at, wide));
    at += wide;
    while (at < end) {
      const part = subpacketAt(body, at);
      if (part === undefined || part.end > end) break;
      if (part.type === subpackets.created && part.end - part.start === 4) created ??= body.readUInt32BE(part.start);
      if (part.type === subpackets.issuer && part.end - part.start === 8) keyId = hex(body, part.start, part.end);
      if (part.type === subpackets.issuerFingerprint && part.end - part.start >= 21) {
        // Version 4 keys are named by the end of the fingerprint, version 6 keys by its beginning.
        keyId ??=
          body[part.start] === 4 ? hex(body, part.end - 8, part.end) : hex(body, part.start + 1, part.start + 9);
      }
      at = part.end;
    }
    at = end;
  }
  return { created, keyId };
}

/** Length (which counts the type), type, content. The highest bit of the type marks a part as critical. */
function subpacketAt(body: Buffer, at: number): { type: number; start: number; end: number } | undefined {
  const first = body[at] ?? 0;
  const lengthBytes = first < 192 ? 1 : first < 255 ? 2 : 5;
  if (at + lengthBytes >= body.length) return undefined;
  const length =
    lengthBytes === 1
      ? first
      : lengthBytes === 2
        ? ((first - 192) << 8) + body.readUInt8(at + 1) + 192
        : body.readUInt32BE(at + 1);
  const typeAt = at + lengthBytes;
  return length === 0 ? undefined : { type: body.readUInt8(typeAt) & 127, start: typeAt + 1, end: typeAt + length };
}

function hex(bytes: Buffer, start: number, end: number): string {
  return bytes.subarray(start, end).toString('hex');
}
