// SPDX-License-Identifier: Apache-2.0
// The manifest or index that an operand of the notation commands stands for.
import { parseManifest } from '../../formats/oci/manifest.ts';
import { invalidAnswer } from '../../io/registry/outcome.ts';
import type { SignedManifest } from '../signatures/notation-attachment.ts';
import type { ProofPlace } from './proof-place.ts';
import { orThrow } from './verify-images.ts';

/** Throws TARGET_NOT_FOUND for an image that does not exist, and what a registry's refusal comes to. */
export async function manifestOf({ images, manifest: wanted, name }: ProofPlace): Promise<SignedManifest> {
  const { digest, bytes, mediaType } = orThrow(await images.manifest(wanted), `there is no image ${name}`);
  const { manifest, problems } = parseManifest(bytes, { path: `${images.name}@${digest}`, mediaType });
  if (manifest === undefined) throw invalidAnswer(`${images.name}@${digest}: ${problems[0]?.message ?? 'no manifest'}`);
  return { digest, mediaType: mediaType === '' ? manifest.mediaType : mediaType, size: bytes.length };
}
