// SPDX-License-Identifier: Apache-2.0
// Signatures and attestations in Cosign's older layout (cosign specs/SIGNATURE_SPEC.md): one image layer each, the signed bytes as its blob and
// the proof in its annotations. Annotations are not signed: they are read as proof material and believed in nothing else.
import { defaultLimits } from '../model/limits.ts';
import { decodeBase64 } from './base64.ts';
import type { DsseEnvelope } from './dsse.ts';
import { readDsseEnvelope } from './dsse.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { parsePem } from './pem.ts';
import { parseRekorEntry } from './rekor-entry.ts';
import type { BundleMaterial, LogEntry } from './sigstore-bundle.ts';
import { MemberReader, parseStrictJson } from './strict-json.ts';
import type { Certificate } from './x509.ts';
import { parseCertificate } from './x509.ts';

export interface CosignLayer {
  readonly mediaType: string;
  readonly blob: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface CosignSignature {
  readonly material: BundleMaterial;
  readonly content:
    | { readonly kind: 'simple-signing'; readonly payload: Buffer; readonly signature: Buffer }
    | { readonly kind: 'envelope'; readonly envelope: DsseEnvelope; readonly stored: Buffer };
  readonly logEntries: readonly LogEntry[];
  readonly timestamps: readonly Buffer[];
}

export const cosignMediaTypes = {
  signature: 'application/vnd.dev.cosign.simplesigning.v1+json',
  attestation: 'application/vnd.dsse.envelope.v1+json',
} as const;

/** Annotations of a layer; cosign-layer-print.ts writes them. */
export const cosignAnnotationNames = {
  signature: 'dev.cosignproject.cosign/signature',
  certificate: 'dev.sigstore.cosign/certificate',
  chain: 'dev.sigstore.cosign/chain',
  bundle: 'dev.sigstore.cosign/bundle',
  timestamp: 'dev.sigstore.cosign/rfc3161timestamp',
} as const;

const limits = { bytes: defaultLimits.attestationBytes, depth: 32 };

/** Reads one layer. */
export function parseCosignLayer(layer: CosignLayer): Parsed<CosignSignature> {
  return parsing(() => ({
    material: readMaterial(layer),
    content: readContent(layer),
    logEntries: readLogEntries(layer),
    timestamps: readTimestamps(layer),
  }));
}

function annotation({ annotations }: CosignLayer, name: keyof typeof cosignAnnotationNames): string | undefined {
  const key = cosignAnnotationNames[name];
  const value = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
  return value === '' ? undefined : value;
}

function readContent(layer: CosignLayer): CosignSignature['content'] {
  if (layer.mediaType === cosignMediaTypes.attestation) {
    const envelope = readDsseEnvelope(new MemberReader(required(parseStrictJson(layer.blob, limits), 'envelope')));
    return { kind: 'envelope', envelope, stored: layer.blob };
  }
  if (layer.mediaType !== cosignMediaTypes.signature)
    return malformed(`layer of the type ${layer.mediaType.slice(0, 100)}`);
  const signature = decodeBase64(annotation(layer, 'signature') ?? '');
  if (signature === undefined || signature.length === 0)
    return malformed('annotation with the signature: base64 is required');
  return { kind: 'simple-signing', payload: layer.blob, signature };
}

function readMaterial(layer: CosignLayer): BundleMaterial {
  const certificate = annotation(layer, 'certificate');
  if (certificate === undefined) return { kind: 'key', hint: '' };
  const [leaf, ...others] = [...readCertificates(certificate), ...readCertificates(annotation(layer, 'chain'))];
  if (leaf === undefined) return malformed('annotation with the certificate: a certificate is required');
  if (others.length >= defaultLimits.certificateChain) malformed('too many certificates');
  return { kind: 'certificate', form: 'chain', certificates: [leaf, ...others] };
}

/** Certificates of a PEM text, for use in `parsing`. */
export function readCertificates(pem: string | undefined): Certificate[] {
  if (pem === undefined) return [];
  const blocks = required(parsePem(pem), 'annotation with certificates');
  if (blocks.length > defaultLimits.certificateChain) malformed('too many certificates');
  return blocks.map(({ label, bytes }) =>
    label === 'CERTIFICATE' ? required(parseCertificate(bytes), 'certificate') : malformed(`PEM block ${label}`),
  );
}

function readJson(text: string, what: string): MemberReader {
  return new MemberReader(required(parseStrictJson(Buffer.from(text, 'utf8'), limits), what));
}

function readLogEntries(layer: CosignLayer): LogEntry[] {
  const text = annotation(layer, 'bundle');
  return text === undefined ? [] : [readLogPromise(readJson(text, 'annotation with the log entry'))];
}

/** `{SignedEntryTimestamp, Payload: {body, integratedTime, logIndex, logID}}`: a promise of the log, without a proof. For use in `parsing`. */
export function readLogPromise(bundle: MemberReader): LogEntry {
  const payload = bundle.member('Payload');
  const logId = payload.text('logID');
  if (!/^[0-9a-f]{64}$/.test(logId)) payload.fail('logID', 'hex is required');
  const body = payload.bytes('body');
  return {
    logIndex: payload.count('logIndex'),
    logId: Buffer.from(logId, 'hex'),
    integratedTime: payload.count('integratedTime'),
    signedEntryTimestamp: bundle.bytes('SignedEntryTimestamp'),
    inclusionProof: undefined,
    body,
    entry: required(parseRekorEntry(body), 'log entry'),
  };
}

function readTimestamps(layer: CosignLayer): Buffer[] {
  const text = annotation(layer, 'timestamp');
  return text === undefined ? [] : [readJson(text, 'annotation with the timestamp').bytes('SignedRFC3161Timestamp')];
}
