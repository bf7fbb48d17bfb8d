// SPDX-License-Identifier: Apache-2.0
// For tests: runs one cataloger over a tree that is given as text, through the same `CatalogRun` that a scan uses.
import { CatalogRun } from '../src/evidence/packages/catalog.ts';
import type { Cataloger } from '../src/evidence/packages/cataloger.ts';
import type { Distribution, Package } from '../src/model/package.ts';
import type { Problem } from '../src/model/problem.ts';

export interface CatalogedText {
  readonly packages: readonly Package[];
  readonly problems: readonly Problem[];
  readonly distribution: Distribution | undefined;
  /** `name@version` of each package, sorted. */
  readonly names: readonly string[];
  /** The package of that name; an error when there is none, so that a test fails with a sentence. */
  readonly get: (name: string) => Package;
}

/** Content by path; text is encoded as UTF-8. */
export function catalogText(cataloger: Cataloger, files: Readonly<Record<string, string | Uint8Array>>): CatalogedText {
  const run = new CatalogRun([cataloger]);
  for (const [path, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    if (run.wants(path) || run.wantsExecutable(path)) run.take({ path, bytes });
  }
  const { lists, problems } = run.finish();
  const packages = lists.flatMap((list) => list.packages);
  return {
    packages,
    problems,
    distribution: lists.find((list) => list.distribution !== undefined)?.distribution,
    names: packages.map((item) => `${item.name}@${item.version}`).sort(),
    get: (name) => {
      const found = packages.find((item) => item.name === name);
      if (found === undefined)
        throw new Error(`no package ${name}; there are ${packages.map((item) => item.name).join(', ')}`);
      return found;
    },
  };
}
