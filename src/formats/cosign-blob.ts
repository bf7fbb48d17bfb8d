// SPDX-License-Identifier: Apache-2.0
// Proofs about files as older versions of Cosign leave them: `--bundle` files of their own form, and signature, certificate and timestamp in files
// of their own (cosign doc: verify-blob).
import { defaultLimits } from '../model/limits.ts';
import { decodeBase64 } from './base64.ts';
import type { CosignSignature } from './cosign-signature.ts';
import { readCertificates, readLogPromise } from './cosign-signature.ts';
import { readDsseEnvelope } from './dsse.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import type { BundleContent, BundleMaterial, LogEntry } from './sigstore-bundle.ts';
import { MemberReader, parseStrictJson } from './strict-json.ts';

/** What the signature is over: the file, or a statement about it. */
export type BlobClaim = 'artifact' | 'statement';

export interface BlobProof {
  readonly material: BundleMaterial;
  readonly content: BundleContent;
  readonly logEntries: readonly LogEntry[];
  readonly timestamps: CosignSignature['timestamps'];
}

const limits = { bytes: defaultLimits.attestationBytes, depth: 32 };

/** `{base64Signature, cert, rekorBundle}`, which `cosign sign-blob --bundle` wrote before version 3. */
export function parseCosignBlobBundle(bytes: Uint8Array, claim: BlobClaim): Parsed<BlobProof> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'bundle'));
    const promise = root.optionalMember('rekorBundle');
    return {
      material: materialOf(root.optionalText('cert')),
      content: contentOf(root.bytes('base64Signature'), claim),
      logEntries: promise === undefined ? [] : [readLogPromise(promise)],
      timestamps: [],
    };
  });
}

export interface BlobParts {
  /** The signature as base64 or as it is; for a statement the envelope as JSON. */
  readonly signature: Uint8Array;
  /** PEM, or base64 of it. */
  readonly certificate?: string;
  /** RFC 3161 response in DER, or JSON or base64 of it. */
  readonly timestamp?: Uint8Array;
}

/** Parts that came one by one. */
export function parseBlobParts({ signature, certificate, timestamp }: BlobParts, claim: BlobClaim): Parsed<BlobProof> {
  return parsing(() => ({
    material: materialOf(certificate),
    content: contentOf(claim === 'artifact' ? decoded(signature) : Buffer.from(signature), claim),
    logEntries: [],
    timestamps: timestamp === undefined ? [] : [timestampOf(timestamp)],
  }));
}

/** Files hold signatures as base64, with a line break behind, or raw. */
function decoded(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes).toString('latin1').trim();
  return decodeBase64(text) ?? Buffer.from(bytes);
}

function materialOf(certificate: string | undefined): BundleMaterial {
  if (certificate === undefined || certificate.trim() === '') return { kind: 'key', hint: '' };
  const pem = certificate.includes('-----BEGIN') ? certificate : decodeBase64(certificate.trim())?.toString('latin1');
  const [leaf, ...others] = readCertificates(pem ?? malformed('certificate: PEM, or base64 of it, is required'));
  if (leaf === undefined) return malformed('certificate: a certificate is required');
  return { kind: 'certificate', form: 'chain', certificates: [leaf, ...others] };
}

function contentOf(signature: Buffer, claim: BlobClaim): BundleContent {
  if (claim === 'artifact') return { kind: 'message', digest: undefined, signature };
  const envelope = readDsseEnvelope(new MemberReader(required(parseStrictJson(signature, limits), 'envelope')));
  return { kind: 'envelope', envelope, stored: signature };
}

function timestampOf(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes).toString('latin1').trim();
  if (!text.startsWith('{')) return decodeBase64(text) ?? Buffer.from(bytes);
  return new MemberReader(required(parseStrictJson(bytes, limits), 'timestamp')).bytes('SignedRFC3161Timestamp');
}
