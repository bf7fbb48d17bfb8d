// SPDX-License-Identifier: Apache-2.0
// What the update asks of the world, handed in by the caller, and the checks that every fetched file has to pass whatever is in it: names,
// lengths and digests.
import { hash } from 'node:crypto';
import type { TufFileFacts } from '../../formats/tuf.ts';
import type { TrustUpdateFailure } from './failure.ts';
import { fail } from './failure.ts';

/** `absent`: the mirror says that it has no such file. Anything else that goes wrong is thrown: it proves nothing. */
export type Fetched =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'absent' }
  | { readonly kind: 'too-large' };

export interface TufMirror {
  /** `name` is a file name in which everything but letters, digits, `.`, `_`, `-` and `%` is percent-encoded. */
  metadata(name: string, maximum: number): Promise<Fetched>;
  /** `path` has slashes; its parts are encoded alike. */
  target(path: string, maximum: number): Promise<Fetched>;
}

/** Where trusted files are kept between runs. Names are encoded as those of a mirror. */
export interface TufStore {
  read(name: string): Uint8Array | undefined;
  write(name: string, bytes: Uint8Array): void;
  remove(name: string): void;
}

const hashNames = ['sha256', 'sha384', 'sha512'] as const;

/** Undefined when the bytes are what the facts state. A digest of an unknown kind cannot be checked and so is not met. */
export function checkFile(bytes: Uint8Array, facts: TufFileFacts, name: string): string | undefined {
  if (facts.length !== undefined && facts.length !== bytes.length)
    return `${name} has ${bytes.length} bytes instead of ${facts.length}`;
  for (const [algorithm, wanted] of facts.hashes) {
    const known = hashNames.find((item) => item === algorithm);
    if (known === undefined) return `${name} has a digest of the unknown kind ${algorithm.slice(0, 40)}`;
    if (hash(known, bytes) !== wanted.toLowerCase()) return `${name} has another ${known} digest than is stated`;
  }
  return undefined;
}

/** Role names may hold anything (`../x`, `a/b`, `?`): encoded, they are one part of a path and stay in their folder. */
export function encodedName(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The bytes, or why there are none. */
export function bytesOf(fetched: Fetched, name: string): Uint8Array | TrustUpdateFailure {
  if (fetched.kind === 'bytes') return fetched.bytes;
  return fetched.kind === 'absent'
    ? fail('METADATA_MISSING', `the repository has no ${name}`)
    : fail('LIMIT_EXCEEDED', `${name} is larger than it may be`);
}
