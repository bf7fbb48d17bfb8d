// SPDX-License-Identifier: Apache-2.0
// Which installed rpm needs which: names that packages provide (other packages, libraries, files) against names they require.
import { posix } from 'node:path';
import type { RpmHeader } from '../../formats/rpmdb/header.ts';
import { rpmTags } from '../../formats/rpmdb/tags.ts';

/** Names that packages of a database require and provide, by package id. */
export class RpmDependencies {
  readonly #required = new Map<string, readonly string[]>();
  readonly #providers = new Map<string, string[]>();
  /** Files that something requires: base names by folder, so that paths need not be put together for every file of a system. */
  readonly #wantedFiles = new Map<string, Set<string>>();

  /** To be called once for every package. */
  add(id: string, name: string, header: RpmHeader): void {
    const required = requiredNames(header.strings(rpmTags.requireName));
    this.#required.set(id, required);
    for (const provided of new Set([name, ...header.strings(rpmTags.provideName)])) this.#provide(provided, id);
    for (const path of required.filter((text) => text.startsWith('/'))) {
      const folder = posix.dirname(path);
      const names = this.#wantedFiles.get(folder) ?? new Set();
      this.#wantedFiles.set(folder, names.add(posix.basename(path)));
    }
  }

  /** To be called for every package after the last `add`: packages own the files that others require (`/bin/sh`). */
  addFiles(id: string, header: RpmHeader): void {
    if (this.#wantedFiles.size === 0) return;
    const folders = header
      .strings(rpmTags.directoryNames)
      .map((text) => (text === '/' ? text : text.replace(/\/$/, '')));
    const wanted = folders.map((folder) => this.#wantedFiles.get(folder));
    if (wanted.every((names) => names === undefined)) return;
    const indexes = header.numbers(rpmTags.directoryIndexes);
    header.strings(rpmTags.baseNames).forEach((base, index) => {
      const folder = indexes[index] ?? -1;
      if (wanted[folder]?.has(base) === true) this.#provide(posix.join(folders[folder] ?? '', base), id);
    });
  }

  /** Ids of the packages that provide something the package requires, sorted. */
  of(id: string): readonly string[] {
    const found = new Set<string>();
    for (const name of this.#required.get(id) ?? []) {
      for (const provider of this.#providers.get(name) ?? []) if (provider !== id) found.add(provider);
    }
    return [...found].sort();
  }

  #provide(name: string, id: string): void {
    const known = this.#providers.get(name);
    if (known === undefined) this.#providers.set(name, [id]);
    else if (known.at(-1) !== id) known.push(id);
  }
}

/**
 * Requirements that a package or a file can meet. Those on features of rpm itself are left out, and so are boolean ones
 * (`(a if b)`): what they need depends on what else is installed.
 */
export function requiredNames(names: readonly string[]): readonly string[] {
  const trimmed = names.map((name) => name.trim());
  return [...new Set(trimmed.filter((name) => name !== '' && !name.startsWith('(') && !name.startsWith('rpmlib(')))];
}
