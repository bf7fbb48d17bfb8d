// SPDX-License-Identifier: Apache-2.0
// What is verified, and what is shown for it. A Sigstore bundle is a proof as it stands; the older Cosign layout brings its payload along.
import { hash } from 'node:crypto';
import type { HashName } from '../../formats/rekor-entry.ts';
import type { BundleContent, BundleMaterial, LogEntry } from '../../formats/sigstore-bundle.ts';
import { type Digest, parseDigest } from '../../model/digest.ts';

/** The artifact: what is known of it. Digests of weaker algorithms than SHA-256 are not looked at. */
export interface Artifact {
  readonly digests: readonly Digest[];
  readonly bytes?: Uint8Array;
  /** A revision of a source instead of bytes: statements name it by its commit (in-toto digest `gitCommit`). */
  readonly commit?: string;
}

export type ProofContent =
  | BundleContent
  /** `payload` was signed and names the image. */
  | { readonly kind: 'simple-signing'; readonly payload: Buffer; readonly signature: Buffer };

export interface Proof {
  readonly material: BundleMaterial;
  readonly content: ProofContent;
  readonly logEntries: readonly LogEntry[];
  /** RFC 3161 responses in DER. */
  readonly timestamps: readonly Buffer[];
}

/** An artifact of which the bytes are at hand. */
export function artifactOf(bytes: Uint8Array): Artifact {
  const digest = parseDigest(`sha256:${hash('sha256', bytes)}`);
  return { digests: digest === undefined ? [] : [digest], bytes };
}

/** Digest of the artifact by an algorithm; undefined when neither it nor the bytes are known. */
export function artifactDigest(artifact: Artifact, algorithm: HashName): Buffer | undefined {
  const known = artifact.digests.find((digest) => digest.startsWith(`${algorithm}:`));
  if (known !== undefined) return Buffer.from(known.slice(algorithm.length + 1), 'hex');
  return artifact.bytes === undefined ? undefined : hash(algorithm, artifact.bytes, 'buffer');
}
