// SPDX-License-Identifier: Apache-2.0
// Bytes that are what their digest says, or an error: the check that every stream of content passes through.
import { createHash } from 'node:crypto';
import type { Digest } from '../../model/digest.ts';
import { invalidAnswer, RegistryError } from './outcome.ts';

export interface Expectation {
  /** What the content is called in messages. */
  readonly name: string;
  readonly digest: Digest;
  readonly size: number | undefined;
  /** Bytes after which content of unknown size is given up. */
  readonly maximum: number;
}

/** Throws REGISTRY_INVALID for another size or digest, LIMIT_EXCEEDED for too many bytes. */
export async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  { name, digest, size, maximum }: Expectation,
): AsyncGenerator<Uint8Array> {
  const hash = createHash(algorithmOf(digest));
  let received = 0;
  for await (const chunk of chunks) {
    received += chunk.length;
    if (size !== undefined && received > size)
      throw invalidAnswer(`${name}: has more than the ${size} bytes it should have`);
    if (received > maximum)
      throw new RegistryError({ code: 'LIMIT_EXCEEDED', reason: `${name}: has more than ${maximum} bytes` });
    hash.update(chunk);
    yield chunk;
  }
  if (size !== undefined && received !== size) throw invalidAnswer(`${name}: has ${received} bytes instead of ${size}`);
  const actual = `${algorithmOf(digest)}:${hash.digest('hex')}`;
  if (actual !== digest) throw invalidAnswer(`${name}: the content has the digest ${actual}`);
}

/** Digest of bytes, with the algorithm of `like`. */
export function digestLike(bytes: Uint8Array, like: Digest | undefined): Digest {
  const algorithm = like === undefined ? 'sha256' : algorithmOf(like);
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest;
}

function algorithmOf(digest: Digest): string {
  return digest.slice(0, digest.indexOf(':'));
}

/** All bytes of a stream that is known to be small. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
