// SPDX-License-Identifier: Apache-2.0
// What somebody has to answer who knows the repositories of actions: a lock file, or the forge itself. Checks never ask the network on their own.

/** `none`: there is no such thing; `unknown`: nobody could say, which is no answer. */
export type Resolved<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface ActionRepository {
  readonly owner: string;
  readonly repository: string;
}

export interface ActionResolver {
  /** Commit that a tag or branch points to; annotated tags peeled. */
  commitOf(repository: ActionRepository, ref: string): Promise<Resolved<string>>;
  /** Names of the tags on a commit, the most telling first (`v4.1.2` before `v4`). */
  tagsOf(repository: ActionRepository, commit: string): Promise<Resolved<readonly string[]>>;
  /** Whether a branch, a tag, or both have this name. */
  kindsOf(repository: ActionRepository, ref: string): Promise<Resolved<readonly ('branch' | 'tag')[]>>;
  /** Whether a commit belongs to the history of a branch or tag of the repository itself, and not only to that of a fork. */
  contains(repository: ActionRepository, commit: string): Promise<Resolved<boolean>>;
}
