// SPDX-License-Identifier: Apache-2.0
// What an operand of the provenance commands stands for: a file, a digest, a commit, an image by digest, or an image layout on disk. Files are read
// once, in pieces, however large they are.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Artifact } from '../../evidence/signatures/proof.ts';
import { parseReference } from '../../formats/oci/reference.ts';
import { localDisk } from '../../io/disk.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf, parseDigest } from '../../model/digest.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';

export type ProvenanceOperand =
  | { readonly kind: 'file' | 'commit'; readonly name: string; readonly artifact: Artifact }
  /** Bytes that are known by digest only. */
  | { readonly kind: 'digest'; readonly name: string; readonly artifact: Artifact }
  /** `digest` is undefined for an image that is named by a tag, and for the image of a layout. */
  | { readonly kind: 'image'; readonly name: string; readonly place: string; readonly digest: Digest | undefined };

const imageScheme = /^(?:image:|oci:\/\/|oci-dir:|oci-archive:)/;

/** Reads an operand. Throws USAGE, TARGET_NOT_FOUND, INPUT_UNREADABLE. */
export async function openOperand(operand: string, cwd: string): Promise<ProvenanceOperand> {
  if (imageScheme.test(operand)) return imageOperand(operand);
  const commit = /^(?:gitCommit|commit):([0-9a-f]{40}|[0-9a-f]{64})$/.exec(operand)?.[1];
  if (commit !== undefined) return { kind: 'commit', name: operand, artifact: { digests: [], commit } };
  const digest = parseDigest(operand);
  if (digest !== undefined && /^sha(?:256|384|512):/.test(digest))
    return { kind: 'digest', name: operand, artifact: { digests: [digest] } };
  const path = operand.startsWith('file:') ? operand.slice('file:'.length) : operand;
  const absolute = resolve(cwd, path);
  const kind = localDisk.kindOf(absolute);
  if (kind === 'file') return { kind: 'file', name: path, artifact: { digests: await fileDigests(absolute, path) } };
  if (kind === 'directory')
    throw new LandwaiterError({
      code: 'TARGET_NOT_FOUND',
      message: `${path} is a folder; provenance is about files and images`,
      hint: `an image layout is named oci-dir:${path}`,
    });
  if (parseReference(operand).kind === 'reference' && /@sha256:[0-9a-f]{64}$/.test(operand))
    return imageOperand(`image:${operand}`);
  throw new LandwaiterError({
    code: 'TARGET_NOT_FOUND',
    message: `there is no file ${path}`,
    hint: 'an image is named image:REGISTRY/NAME@sha256:…, a digest sha256:…',
  });
}

function imageOperand(operand: string): ProvenanceOperand {
  const place = operand.replace(/^oci:\/\//, 'image:');
  if (!place.startsWith('image:')) return { kind: 'image', name: operand, place, digest: undefined };
  const name = place.slice('image:'.length);
  const parsed = parseReference(name);
  if (parsed.kind === 'invalid')
    throw new LandwaiterError({ code: 'USAGE', message: `"${name}" is no image name: ${parsed.reason}` });
  return { kind: 'image', name, place, digest: parsed.reference.digest };
}

async function fileDigests(absolute: string, path: string): Promise<Digest[]> {
  const hashes = (['sha256', 'sha512'] as const).map((algorithm) => ({ algorithm, hash: createHash(algorithm) }));
  try {
    for await (const chunk of createReadStream(absolute, { highWaterMark: 1024 * 1024 }))
      for (const { hash } of hashes) hash.update(chunk as Buffer);
  } catch (cause) {
    throw new LandwaiterError({
      code: 'INPUT_UNREADABLE',
      message: `could not read ${path}: ${messageOf(cause)}`,
      cause,
    });
  }
  return hashes
    .map(({ algorithm, hash }) => digestOf(algorithm, hash.digest('hex')))
    .filter((item) => item !== undefined);
}
