// SPDX-License-Identifier: Apache-2.0
// landwaiter.lock.yaml: which commit a tag of an action, and which digest a tag of an image, stood for when somebody looked. Fixes pin from it offline.
import type { Problem } from '../model/problem.ts';
import { asObject, asString, entriesOf } from './document.ts';
import { parseYamlDocument } from './yaml.ts';

export const pinLockName = 'landwaiter.lock.yaml';

export interface PinLock {
  /** `owner/repository@ref` in lower case but for the ref, to a commit of 40 or 64 digits. */
  readonly actions: ReadonlyMap<string, string>;
  /** The name as written (`node:22`), to `sha256:...`. */
  readonly images: ReadonlyMap<string, string>;
}

export interface PinLockReading {
  readonly lock: PinLock;
  readonly problems: readonly Problem[];
}

/** Entries that are no commit or digest are problems and left out: a wrong pin is worse than none. */
export function parsePinLock(text: string, path: string): PinLockReading {
  const document = parseYamlDocument(text, path, { resolver: 'strings' });
  const root = asObject(document.value);
  const problems: Problem[] = [...document.problems];
  const read = (key: string, pattern: RegExp): ReadonlyMap<string, string> => {
    const entries = new Map<string, string>();
    for (const [name, value] of entriesOf(root?.[key])) {
      const pin = asString(value);
      if (pin !== undefined && pattern.test(pin)) entries.set(name, pin);
      else
        problems.push({
          kind: 'schema',
          message: `${key}: ${name} is pinned to no ${key === 'images' ? 'digest' : 'commit'}`,
          location: document.locate([key, name]),
          hidesFindings: false,
        });
    }
    return entries;
  };
  const actions = read('actions', /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
  return { lock: { actions, images: read('images', /^sha256:[0-9a-f]{64}$/) }, problems };
}

/** Sorted, so that a new look changes only the lines that changed. */
export function printPinLock(lock: PinLock): string {
  const section = (name: string, entries: ReadonlyMap<string, string>): string =>
    entries.size === 0
      ? ''
      : `${name}:\n${[...entries]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => `  ${JSON.stringify(key)}: ${value}\n`)
          .join('')}`;
  return `# What tags stood for when landwaiter pipeline --pin looked. Read and kept by landwaiter; commit it.\nversion: 1\n${section('actions', lock.actions)}${section('images', lock.images)}`;
}
