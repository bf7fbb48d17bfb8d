// SPDX-License-Identifier: Apache-2.0
// A resolver that knows what a lock file holds: which commit a tag or branch stood for when somebody looked. About everything else it says that it
// does not know, which is not the same as no.
import type { PinLock } from '../../../formats/pin-lock.ts';
import type { ActionRepository, ActionResolver, Resolved } from './action-resolver.ts';

const unknown: Resolved<never> = { kind: 'unknown', reason: 'the lock file does not say it' };

export function lockResolver(lock: PinLock): ActionResolver {
  const tags = new Map<string, string[]>();
  for (const [key, commit] of lock.actions) {
    const at = key.lastIndexOf('@');
    const owner = `${key.slice(0, at)}@${commit}`;
    const known = tags.get(owner);
    if (known === undefined) tags.set(owner, [key.slice(at + 1)]);
    else known.push(key.slice(at + 1));
  }
  return {
    commitOf: (repository, ref) => answer(lock.actions.get(`${slugOf(repository)}@${ref}`)),
    // The longest name says most: v4.1.2 before v4.
    tagsOf: (repository, commit) =>
      answer(tags.get(`${slugOf(repository)}@${commit}`)?.toSorted((first, second) => second.length - first.length)),
    kindsOf: () => Promise.resolve(unknown),
    contains: () => Promise.resolve(unknown),
  };
}

function answer<T>(value: T | undefined): Promise<Resolved<T>> {
  return Promise.resolve(value === undefined ? unknown : { kind: 'found', value });
}

function slugOf({ owner, repository }: ActionRepository): string {
  return `${owner}/${repository}`.toLowerCase();
}
