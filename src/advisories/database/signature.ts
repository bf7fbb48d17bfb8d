// SPDX-License-Identifier: Apache-2.0
// Who signed an index: a detached envelope with Ed25519 signatures over the exact bytes (DSSE v1 pre-authentication encoding, so that a
// signature cannot be taken for one over something else), and rotations, by which an old key hands its trust to a new one.

import type { KeyObject } from 'node:crypto';
import { createPrivateKey, sign, verify } from 'node:crypto';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { messageOf } from '../../model/error.ts';
import { invalidDatabase, untrustedDatabase } from './failures.ts';
import type { TrustedKey, TrustRoot } from './trusted-keys.ts';
import { loadKey, trustedKeyOfPem } from './trusted-keys.ts';

export const indexPayloadType = 'application/vnd.landwaiter.advisory-index+json';
export const rotationPayloadType = 'application/vnd.landwaiter.key-rotation+json';

/** Rotations that one envelope may hold. */
const maximumRotations = 64;
const maximumSignatures = 16;

export interface Signature {
  readonly keyId: string;
  /** base64 */
  readonly signature: string;
}

/** A statement of an old key: from now on these keys count too, and those no longer. */
export interface Rotation {
  /** 1, 2, 3 ... in the order in which they apply. */
  readonly version: number;
  readonly add: readonly TrustedKey[];
  readonly remove: readonly string[];
}

export interface SignedRotation {
  /** Exact bytes of the rotation's JSON, base64. */
  readonly statement: string;
  readonly signatures: readonly Signature[];
}

export interface IndexEnvelope {
  readonly payloadType: typeof indexPayloadType;
  readonly signatures: readonly Signature[];
  readonly rotations: readonly SignedRotation[];
}

export interface VerifiedIndex {
  readonly key: TrustedKey;
  /** Version of the last rotation that counts, applied or already in the trust root. */
  readonly rotation: number;
}

/** DSSE v1: https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md "PAE". */
function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Signs bytes with the PEM text of an Ed25519 private key. Ed25519 is deterministic: the same input gives the same signature. */
export function signPayload(payloadType: string, payload: Uint8Array, privateKeyPem: string): Signature {
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKeyPem);
  } catch (error) {
    throw invalidDatabase(`the signing key is not readable as PEM: ${messageOf(error)}`);
  }
  const { id } = trustedKeyOfPem(privateKeyPem, 'local');
  // oxlint-disable-next-line unicorn/no-null -- Node's API wants null where the key type fixes the digest.
  const signature = sign(null, preAuthenticationEncoding(payloadType, payload), key);
  return { keyId: id, signature: signature.toString('base64') };
}

/** Envelope of an index signed with one key. */
export function signIndex(
  index: Uint8Array,
  privateKeyPem: string,
  rotations: readonly SignedRotation[] = [],
): IndexEnvelope {
  return {
    payloadType: indexPayloadType,
    signatures: [signPayload(indexPayloadType, index, privateKeyPem)],
    rotations,
  };
}

/** A rotation signed with a key that is trusted so far. */
export function signRotation(rotation: Rotation, privateKeyPem: string): SignedRotation {
  const statement = Buffer.from(JSON.stringify(rotation));
  return {
    statement: statement.toString('base64'),
    signatures: [signPayload(rotationPayloadType, statement, privateKeyPem)],
  };
}

export function serialiseEnvelope(envelope: IndexEnvelope): Uint8Array {
  return Buffer.from(`${JSON.stringify(envelope, undefined, 1)}\n`);
}

/** Reads an envelope; throws DATABASE_SIGNATURE when it is not one. */
export function parseEnvelope(bytes: Uint8Array, name: string): IndexEnvelope {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    throw untrustedDatabase(`${name}: the signature is not JSON`, error);
  }
  const object = asObject(document);
  if (asString(object?.['payloadType']) !== indexPayloadType)
    throw untrustedDatabase(`${name}: the signature is of something else`);
  const rotations = asArray(object?.['rotations']).map((item) => ({
    statement: asString(asObject(item)?.['statement']) ?? '',
    signatures: parseSignatures(asObject(item)?.['signatures']),
  }));
  if (rotations.length > maximumRotations) throw untrustedDatabase(`${name}: more than ${maximumRotations} rotations`);
  return { payloadType: indexPayloadType, signatures: parseSignatures(object?.['signatures']), rotations };
}

function parseSignatures(value: unknown): Signature[] {
  return asArray(value)
    .slice(0, maximumSignatures)
    .map((item) => ({
      keyId: asString(asObject(item)?.['keyId']) ?? '',
      signature: asString(asObject(item)?.['signature']) ?? '',
    }));
}

/**
 * Checks that a trusted key signed exactly these bytes, after the envelope's rotations were applied in order.
 * Throws DATABASE_SIGNATURE.
 */
export function verifyIndex(index: Uint8Array, envelope: IndexEnvelope, trusted: TrustRoot): VerifiedIndex {
  let { keys, rotation: version } = trusted;
  for (const signed of envelope.rotations) {
    const statement = Buffer.from(signed.statement, 'base64');
    const rotation = parseRotation(statement);
    if (rotation.version <= trusted.rotation) continue;
    const signer = signerOf(rotationPayloadType, statement, signed.signatures, keys);
    if (signer === undefined)
      throw untrustedDatabase(`key rotation ${rotation.version} is not signed by a trusted key`);
    if (rotation.version <= version)
      throw untrustedDatabase(`key rotation ${rotation.version} comes after rotation ${version}`);
    version = rotation.version;
    const gone = new Set([...rotation.remove, ...rotation.add.map((key) => key.id)]);
    // A key hands on no more than it has: one of a mirror's owner cannot make a release key.
    const added =
      signer.role === 'release' ? rotation.add : rotation.add.map((key): TrustedKey => ({ ...key, role: 'local' }));
    keys = [...keys.filter((key) => !gone.has(key.id)), ...added];
  }
  const key = signerOf(indexPayloadType, index, envelope.signatures, keys);
  if (key === undefined) {
    const named = envelope.signatures
      .map((signature) => signature.keyId)
      .filter((id) => keys.some((known) => known.id === id));
    const reason = named.length > 0 ? 'was changed after it was signed' : 'is not signed by a trusted key';
    throw untrustedDatabase(`the index of the advisory database ${reason}`);
  }
  return { key, rotation: version };
}

/** The first trusted key with a good signature. */
function signerOf(
  payloadType: string,
  payload: Uint8Array,
  signatures: readonly Signature[],
  keys: readonly TrustedKey[],
): TrustedKey | undefined {
  const message = preAuthenticationEncoding(payloadType, payload);
  for (const { keyId, signature } of signatures) {
    const key = keys.find((candidate) => candidate.id === keyId);
    // oxlint-disable-next-line unicorn/no-null -- as in signPayload
    if (key !== undefined && verify(null, message, loadKey(key), Buffer.from(signature, 'base64'))) return key;
  }
  return undefined;
}

function parseRotation(statement: Buffer): Rotation {
  let document: unknown;
  try {
    document = JSON.parse(statement.toString('utf8'));
  } catch (error) {
    throw untrustedDatabase('a key rotation is not JSON', error);
  }
  const object = asObject(document);
  const version = object?.['version'];
  if (typeof version !== 'number' || !Number.isSafeInteger(version))
    throw untrustedDatabase('a key rotation has no version');
  const add = asArray(object?.['add']).map((item): TrustedKey => {
    const key = asObject(item);
    const trusted: TrustedKey = {
      id: asString(key?.['id']) ?? '',
      role: key?.['role'] === 'release' ? 'release' : 'local',
      publicKey: asString(key?.['publicKey']) ?? '',
    };
    loadKey(trusted);
    return trusted;
  });
  return { version, add, remove: asArray(object?.['remove']).filter((item) => typeof item === 'string') };
}
