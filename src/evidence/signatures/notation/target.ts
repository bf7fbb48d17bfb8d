// SPDX-License-Identifier: Apache-2.0
// Whether a signed payload is about the artifact at hand: digest, size and media type, and the annotations that were asked for.
import { hash } from 'node:crypto';
import type { TargetArtifact } from '../../../formats/notation/payload.ts';
import type { Digest } from '../../../model/digest.ts';
import type { Refusal } from '../refusal.ts';
import { refuse } from '../refusal.ts';

/** What is verified. Of a file the bytes are at hand, and its media type when the user states one. */
export type NotationArtifact =
  | { readonly kind: 'manifest'; readonly mediaType: string; readonly digest: Digest; readonly size: number }
  | { readonly kind: 'blob'; readonly bytes: Uint8Array; readonly mediaType: string | undefined };

/** Undefined when the payload is about the artifact. `hashName` is that of the signing key: files are named by it. */
export function checkTarget(
  target: TargetArtifact,
  artifact: NotationArtifact,
  hashName: 'sha256' | 'sha384' | 'sha512',
): Refusal | undefined {
  const isBlob = artifact.kind === 'blob';
  const digest = isBlob ? `${hashName}:${hash(hashName, artifact.bytes)}` : artifact.digest;
  const size = isBlob ? artifact.bytes.length : artifact.size;
  if (target.digest !== digest)
    return refuse('ARTIFACT_MISMATCH', `the signature is about ${target.digest}, this is ${digest}`);
  if (target.size !== size)
    return refuse('ARTIFACT_MISMATCH', `the signature is about ${target.size} bytes, these are ${size}`);
  if (artifact.mediaType !== undefined && target.mediaType !== artifact.mediaType)
    return refuse('ARTIFACT_MISMATCH', `the signature is about a ${target.mediaType}, this is a ${artifact.mediaType}`);
  return undefined;
}

/** Undefined when every annotation that was asked for is signed with that value. */
export function checkAnnotations(
  target: TargetArtifact,
  wanted: Readonly<Record<string, string>>,
): Refusal | undefined {
  for (const [name, value] of Object.entries(wanted)) {
    const signed = target.annotations.get(name);
    if (signed !== value)
      return refuse(
        'ANNOTATION_MISMATCH',
        signed === undefined ? `${name} is not signed` : `${name} is signed as "${signed}", not as "${value}"`,
      );
  }
  return undefined;
}
