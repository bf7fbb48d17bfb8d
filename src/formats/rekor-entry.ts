// SPDX-License-Identifier: Apache-2.0
// What an entry of the Rekor log says was signed: `hashedrekord`, `dsse` and `intoto`, in the versions that occur in the world (sigstore/rekor
// pkg/types/*, sigstore/rekor-tiles api/proto). One shape comes out, so that the comparison with a bundle stands in one place.

import { defaultLimits } from '../model/limits.ts';
import { decodeBase64 } from './base64.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { parsePem } from './pem.ts';
import { decodeUtf8, MemberReader, parseStrictJson } from './strict-json.ts';

/** A hash by the name that node:crypto uses. */
export type HashName = 'sha256' | 'sha384' | 'sha512';

export interface LoggedDigest {
  readonly algorithm: HashName;
  readonly value: Buffer;
}

/** DER of the certificate or of the public key (SubjectPublicKeyInfo) that the entry names as signer. */
export interface LoggedVerifier {
  readonly kind: 'certificate' | 'key';
  readonly encoded: Buffer;
}

export interface RekorEntry {
  readonly kind: string;
  readonly version: string;
  readonly verifier: LoggedVerifier;
  /** The signature; `intoto` 0.0.1 does not hold it. */
  readonly signature: Buffer | undefined;
  /** Digest of the bytes that were signed (`hashedrekord`). */
  readonly signedDigest: LoggedDigest | undefined;
  /** Digest of the payload of an envelope (`dsse`, `intoto`). */
  readonly payloadDigest: LoggedDigest | undefined;
  /** Digest of an envelope as it was sent to the log. */
  readonly envelopeDigest: LoggedDigest | undefined;
}

type EntryFacts = Omit<RekorEntry, 'kind' | 'version'>;

const readers: Readonly<Record<string, (spec: MemberReader) => EntryFacts>> = {
  'hashedrekord 0.0.1': readHashedRekord1,
  'hashedrekord 0.0.2': (spec) => readHashedRekord2(spec.member('hashedRekordV002')),
  'dsse 0.0.1': readDsse1,
  'dsse 0.0.2': (spec) => readDsse2(spec.member('dsseV002')),
  'intoto 0.0.1': readInToto1,
  'intoto 0.0.2': readInToto2,
};

/** Reads the canonicalised body of a log entry. */
export function parseRekorEntry(body: Uint8Array): Parsed<RekorEntry> {
  return parsing(() => {
    const limits = { bytes: defaultLimits.attestationBytes, depth: 32 };
    const root = new MemberReader(required(parseStrictJson(body, limits), 'log entry'));
    const kind = root.text('kind');
    const version = root.text('apiVersion');
    const key = `${kind} ${version}`;
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (read === undefined) return malformed(`log entry of an unknown kind: ${key.slice(0, 80)}`);
    return { kind, version, ...read(root.member('spec')) };
  });
}

const nothing = { signature: undefined, signedDigest: undefined, payloadDigest: undefined, envelopeDigest: undefined };

function readHashedRekord1(spec: MemberReader): EntryFacts {
  const signature = spec.member('signature');
  return {
    ...nothing,
    verifier: verifierOfPem(signature.member('publicKey').bytes('content')),
    signature: signature.bytes('content'),
    signedDigest: hexDigest(spec.member('data').member('hash')),
  };
}

function readHashedRekord2(spec: MemberReader): EntryFacts {
  const signature = spec.member('signature');
  return {
    ...nothing,
    verifier: rawVerifier(signature.member('verifier')),
    signature: signature.bytes('content'),
    signedDigest: rawDigest(spec.member('data')),
  };
}

function readDsse1(spec: MemberReader): EntryFacts {
  const signature = only(spec, 'signatures');
  return {
    ...nothing,
    verifier: verifierOfPem(signature.bytes('verifier')),
    signature: signature.bytes('signature'),
    payloadDigest: hexDigest(spec.member('payloadHash')),
    envelopeDigest: hexDigest(spec.member('envelopeHash')),
  };
}

function readDsse2(spec: MemberReader): EntryFacts {
  const signature = only(spec, 'signatures');
  return {
    ...nothing,
    verifier: rawVerifier(signature.member('verifier')),
    signature: signature.bytes('content'),
    payloadDigest: rawDigest(spec.member('payloadHash')),
  };
}

function readInToto1(spec: MemberReader): EntryFacts {
  const content = spec.member('content');
  const payloadHash = content.optionalMember('payloadHash');
  return {
    ...nothing,
    verifier: verifierOfPem(spec.bytes('publicKey')),
    payloadDigest: payloadHash === undefined ? undefined : hexDigest(payloadHash),
    envelopeDigest: hexDigest(content.member('hash')),
  };
}

function readInToto2(spec: MemberReader): EntryFacts {
  const content = spec.member('content');
  const signature = only(content.member('envelope'), 'signatures');
  // The log stores the text of the signature, so it is encoded twice.
  const text = decodeUtf8(signature.bytes('sig'));
  return {
    ...nothing,
    verifier: verifierOfPem(signature.bytes('publicKey')),
    signature: (text === undefined ? undefined : decodeBase64(text)) ?? signature.fail('sig', 'base64 is required'),
    payloadDigest: hexDigest(content.member('payloadHash')),
    envelopeDigest: hexDigest(content.member('hash')),
  };
}

function only(object: MemberReader, name: string): MemberReader {
  const members = object.members(name, 100);
  const [member] = members;
  return member !== undefined && members.length === 1 ? member : object.fail(name, 'exactly one is required');
}

function verifierOfPem(pem: Buffer): LoggedVerifier {
  const blocks = required(parsePem(pem.toString('latin1')), 'signer of the log entry');
  const [block] = blocks;
  if (block === undefined || blocks.length !== 1)
    return malformed('signer of the log entry: exactly one PEM block is required');
  if (block.label === 'CERTIFICATE') return { kind: 'certificate', encoded: block.bytes };
  if (block.label === 'PUBLIC KEY') return { kind: 'key', encoded: block.bytes };
  return malformed(`signer of the log entry: PEM block ${block.label}`);
}

function rawVerifier(verifier: MemberReader): LoggedVerifier {
  const certificate = verifier.optionalMember('x509Certificate');
  const key = verifier.optionalMember('publicKey');
  if (certificate !== undefined && key === undefined)
    return { kind: 'certificate', encoded: certificate.bytes('rawBytes') };
  if (key !== undefined && certificate === undefined) return { kind: 'key', encoded: key.bytes('rawBytes') };
  return malformed('signer of the log entry: either a certificate or a key is required');
}

const hashLengths: Readonly<Record<HashName, number>> = { sha256: 32, sha384: 48, sha512: 64 };
const rawNames: Readonly<Record<string, HashName>> = { SHA2_256: 'sha256', SHA2_384: 'sha384', SHA2_512: 'sha512' };

function hexDigest(hash: MemberReader): LoggedDigest {
  const algorithm = hash.text('algorithm');
  const hex = hash.text('value');
  if (algorithm !== 'sha256' && algorithm !== 'sha384' && algorithm !== 'sha512')
    return hash.fail('algorithm', 'unknown');
  if (hex.length !== 2 * hashLengths[algorithm] || !/^[0-9a-f]+$/.test(hex)) return hash.fail('value', 'not a digest');
  return { algorithm, value: Buffer.from(hex, 'hex') };
}

function rawDigest(hash: MemberReader): LoggedDigest {
  const algorithm = rawHashName(hash, 'algorithm');
  const value = hash.bytes('digest');
  return value.length === hashLengths[algorithm] ? { algorithm, value } : hash.fail('digest', 'not a digest');
}

/** A hash in the spelling of the protocol buffers (`SHA2_256`). */
export function rawHashName(object: MemberReader, name: string): HashName {
  const text = object.text(name);
  return (Object.hasOwn(rawNames, text) ? rawNames[text] : undefined) ?? object.fail(name, 'unknown');
}
