// SPDX-License-Identifier: Apache-2.0
// Folders whose names make them packages (the Nix store), noted while the paths of their files go by.
import type { CatalogedFile } from '../packages/catalog.ts';
import type { Cataloger } from '../packages/cataloger.ts';

export class FolderNames {
  readonly #folders: readonly { readonly cataloger: string; readonly start: string; readonly met: Set<string> }[];

  constructor(catalogers: readonly Cataloger[]) {
    this.#folders = catalogers.flatMap((cataloger) =>
      (cataloger.folders ?? []).map((glob) => ({
        cataloger: cataloger.id,
        start: glob.slice(0, -1),
        met: new Set<string>(),
      })),
    );
  }

  /** The folder that `path` names up to `end`, or one above it, may be one that its name makes a package. */
  note(path: string, end = path.length): void {
    for (const { start, met } of this.#folders) {
      if (!path.startsWith(start) || end <= start.length) continue;
      const slash = path.indexOf('/', start.length);
      met.add(path.slice(0, slash === -1 || slash > end ? end : slash));
    }
  }

  /** What was met since the last call, each as a file without bytes that waits for its cataloger. */
  take(): readonly CatalogedFile[] {
    const found = this.#folders.flatMap(({ cataloger, met }) =>
      [...met].map((path): CatalogedFile => {
        const waiting = { catalogers: [cataloger], file: { path, bytes: new Uint8Array() } };
        return { path, lists: [], problems: [], kept: [], waiting };
      }),
    );
    for (const { met } of this.#folders) met.clear();
    return found;
  }
}
