// SPDX-License-Identifier: Apache-2.0
// Writes what Cosign's older layout holds: the simple-signing payload, and the annotations that carry the proof (cosign specs/SIGNATURE_SPEC.md).
// cosign-signature.ts and cosign-simple-signing.ts read it back.

import type { Digest } from '../model/digest.ts';
import { decodeBase64 } from './base64.ts';
import { cosignAnnotationNames as names } from './cosign-signature.ts';
import { asObject, asString } from './document.ts';
import { formatPem } from './pem.ts';
import type { LogEntryJson } from './sigstore-bundle-print.ts';

export interface SimpleSigningDraft {
  /** `registry/repository`; a remark that nobody should believe. */
  readonly reference: string;
  readonly digest: Digest;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The payload, in the order of members that Cosign writes. */
export function formatSimpleSigning({ reference, digest, annotations }: SimpleSigningDraft): Buffer {
  const optional = Object.keys(annotations).length === 0 ? null : annotations;
  return Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': reference },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional,
    }),
  );
}

export interface LayerProof {
  /** Of the simple-signing payload; an attestation has its own in the envelope. */
  readonly signature: Uint8Array | undefined;
  /** Leaf first, DER. */
  readonly chain: readonly Uint8Array[];
  /** Version 1 entries only: the layout has no place for others. */
  readonly logEntry: LogEntryJson | undefined;
  readonly timestamp: Uint8Array | undefined;
}

export function layerAnnotations({
  signature,
  chain,
  logEntry,
  timestamp,
}: LayerProof): Readonly<Record<string, string>> {
  const [leaf, ...others] = chain.map((bytes) => formatPem({ label: 'CERTIFICATE', bytes: Buffer.from(bytes) }));
  return {
    // Attestations carry an empty one, as Cosign writes it.
    [names.signature]: signature === undefined ? '' : Buffer.from(signature).toString('base64'),
    ...(leaf === undefined ? {} : { [names.certificate]: leaf }),
    ...(others.length === 0 ? {} : { [names.chain]: others.join('') }),
    ...(logEntry === undefined ? {} : { [names.bundle]: JSON.stringify(rekorBundle(logEntry)) }),
    ...(timestamp === undefined
      ? {}
      : { [names.timestamp]: JSON.stringify({ SignedRFC3161Timestamp: Buffer.from(timestamp).toString('base64') }) }),
  };
}

/** `{SignedEntryTimestamp, Payload}`: the promise of the log, without its proof. */
export function rekorBundle(entry: LogEntryJson): unknown {
  return {
    SignedEntryTimestamp: asString(asObject(entry['inclusionPromise'])?.['signedEntryTimestamp']),
    Payload: {
      body: entry['canonicalizedBody'],
      integratedTime: Number(entry['integratedTime']),
      logIndex: Number(entry['logIndex']),
      logID: decodeBase64(asString(asObject(entry['logId'])?.['keyId']) ?? '')?.toString('hex'),
    },
  };
}
