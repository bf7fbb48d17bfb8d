// SPDX-License-Identifier: Apache-2.0
// Writes Sigstore bundles 0.3 (sigstore_bundle.proto, proto3 JSON). What is written is read back by sigstore-bundle.ts before it is shown to anybody.
import { hash } from 'node:crypto';
import type { HashName } from './rekor-entry.ts';

/** A `TransparencyLogEntry` in proto3 JSON. */
export type LogEntryJson = Readonly<Record<string, unknown>>;

export interface BundleParts {
  readonly material:
    | { readonly kind: 'certificate'; readonly encoded: Uint8Array }
    /** A chain needs version 0.2 or an own PKI; sigstore_bundle.proto has single certificates in 0.3. */
    | { readonly kind: 'key'; readonly publicKey: Uint8Array };
  readonly content:
    | {
        readonly kind: 'message';
        readonly algorithm: HashName;
        readonly digest: Uint8Array;
        readonly signature: Uint8Array;
      }
    | {
        readonly kind: 'envelope';
        readonly payloadType: string;
        readonly payload: Uint8Array;
        readonly signature: Uint8Array;
      };
  readonly logEntries: readonly LogEntryJson[];
  /** RFC 3161 responses in DER. */
  readonly timestamps: readonly Uint8Array[];
}

const hashNames = { sha256: 'SHA2_256', sha384: 'SHA2_384', sha512: 'SHA2_512' } as const;

/** JSON text of the bundle, without line breaks. */
export function formatSigstoreBundle({ material, content, logEntries, timestamps }: BundleParts): string {
  const signed =
    content.kind === 'message'
      ? {
          messageSignature: {
            messageDigest: { algorithm: hashNames[content.algorithm], digest: base64(content.digest) },
            signature: base64(content.signature),
          },
        }
      : {
          dsseEnvelope: {
            payload: base64(content.payload),
            payloadType: content.payloadType,
            signatures: [{ sig: base64(content.signature) }],
          },
        };
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      ...(material.kind === 'certificate'
        ? { certificate: { rawBytes: base64(material.encoded) } }
        : { publicKey: { hint: keyHint(material.publicKey) } }),
      ...(logEntries.length === 0 ? {} : { tlogEntries: logEntries }),
      ...(timestamps.length === 0
        ? {}
        : {
            timestampVerificationData: {
              rfc3161Timestamps: timestamps.map((stamp) => ({ signedTimestamp: base64(stamp) })),
            },
          }),
    },
    ...signed,
  });
}

/** Helps a reader to choose among keys; nothing else (matches cosign, whose hint is the SHA-256 of the key in base64). */
function keyHint(publicKey: Uint8Array): string {
  return hash('sha256', publicKey, 'base64');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
