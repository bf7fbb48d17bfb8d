// SPDX-License-Identifier: Apache-2.0
// Dead Simple Signing Envelope (secure-systems-lab/dsse, envelope.md and protocol.md). Exactly one signature is read: with two, nobody could
// say which of them a log entry, a timestamp and a policy speak of.
import { decodeBase64 } from './base64.ts';
import { malformed } from './parsed.ts';
import type { MemberReader } from './strict-json.ts';

export interface DsseEnvelope {
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** An unsigned hint; never an identity. */
  readonly keyId: string;
}

/** Reads an envelope inside `parsing`. */
export function readDsseEnvelope(object: MemberReader): DsseEnvelope {
  const payload = decodeBase64(object.text('payload'));
  const signatures = object.members('signatures', 100);
  const [signature] = signatures;
  if (signature === undefined || signatures.length !== 1)
    return malformed(`signatures: exactly one is required, there are ${signatures.length}`);
  return {
    payloadType: object.text('payloadType'),
    payload: payload ?? object.fail('payload', 'base64 is required'),
    signature: signature.bytes('sig'),
    keyId: signature.optionalText('keyid') ?? '',
  };
}

/** The bytes that are signed: pre-authentication encoding, protocol.md "Signature Definition". */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}
