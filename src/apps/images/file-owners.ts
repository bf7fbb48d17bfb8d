// SPDX-License-Identifier: Apache-2.0
// Which package brought a file of an image: paths as package managers list them, brought to where links in folders lead (a list says
// `/bin/su` where `bin` is a link to `usr/bin`).
import { systemTypes } from '../../formats/purl-package.ts';
import type { Package, PackageList } from '../../model/package.ts';

export interface FileOwners {
  /** Files that some package says are its own. */
  readonly size: number;
  /** The package of the file at this place of the image; one of the operating system before one of a language. */
  ownerOf(path: string): Package | undefined;
}

/** `resolve` follows the links in the folders of a path. */
export function fileOwners(lists: readonly PackageList[], resolve: (path: string) => string): FileOwners {
  const owners = new Map<string, Package>();
  const isSystem = (item: Package): boolean => systemTypes.has(item.type);
  for (const item of lists.flatMap((list) => list.packages)) {
    for (const file of item.files ?? []) {
      const path = resolve(file.path);
      const known = owners.get(path);
      if (known === undefined || (!isSystem(known) && isSystem(item))) owners.set(path, item);
    }
  }
  return { size: owners.size, ownerOf: (path) => owners.get(resolve(path)) };
}

/** The lists without files: they outnumber packages a hundredfold, and no report shows them. */
export function withoutFiles(lists: readonly PackageList[]): readonly PackageList[] {
  return lists.map((list) =>
    list.packages.every((item) => item.files === undefined)
      ? list
      : {
          ...list,
          packages: list.packages.map((item) => {
            const kept = { ...item };
            delete kept.files;
            return kept;
          }),
        },
  );
}
