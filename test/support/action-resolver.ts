// SPDX-License-Identifier: Apache-2.0
// A resolver of actions that knows what a test tells it, the same for every repository.
import type { ActionResolver, Resolved } from '../../src/evidence/pipelines/github/action-resolver.ts';

export interface KnownActions {
  /** Ref to commit. */
  readonly commits?: Readonly<Record<string, string>>;
  /** Commit to tags. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly kinds?: Readonly<Record<string, readonly ('branch' | 'tag')[]>>;
  /** Commits that belong to the repository. */
  readonly own?: readonly string[];
  /** Answers nothing. */
  readonly silent?: string;
}

export function knownResolver(known: KnownActions): ActionResolver {
  async function answer<T>(value: T | undefined): Promise<Resolved<T>> {
    if (known.silent !== undefined) return { kind: 'unknown', reason: known.silent };
    return value === undefined ? { kind: 'none' } : { kind: 'found', value };
  }
  return {
    commitOf: (_repository, ref) => answer(known.commits?.[ref]),
    tagsOf: (_repository, commit) => answer(known.tags?.[commit] ?? []),
    kindsOf: (_repository, ref) => answer(known.kinds?.[ref]),
    contains: (_repository, commit) => answer(known.own?.includes(commit) ?? false),
  };
}
