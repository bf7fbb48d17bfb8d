// SPDX-License-Identifier: Apache-2.0
// Runs the mapped catalogers over the input of a row, as a scan of a folder would.

import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import { catalogers } from '../../../src/evidence/packages/index.ts';
import { CatalogerSelector } from '../../../src/evidence/packages/selector.ts';
import type { SourceFile } from '../../../src/sources/source.ts';
import type { RowInput } from './inputs.ts';
import type { TrivyMapping } from './mapping.ts';
import type { Row } from './rows.ts';

export interface CatalogOfRow extends CatalogOutput {
  /** Name a file has in the test, by the name it was shown under. */
  readonly names: ReadonlyMap<string, string>;
}

/** Undefined when the mapping names a cataloger that does not exist. */
export function catalogInput(input: RowInput, mapping: TrivyMapping, row: Row): CatalogOfRow | undefined {
  const chosen = catalogers.filter((cataloger) => mapping.catalogers.includes(cataloger.id));
  if (chosen.length !== new Set(mapping.catalogers).size) return undefined;
  const selector = new CatalogerSelector(chosen);
  const names = new Map<string, string>();
  const files: SourceFile[] = [];
  for (const file of input.files) {
    const path = input.kind === 'folder' ? place(file.path, mapping, row) : rename(file.path, mapping, selector);
    if (path === undefined) continue;
    names.set(path, file.path);
    files.push({ ...file, path });
  }
  const run = new CatalogRun(chosen);
  for (const file of [...files, ...(input.alongside ?? []).filter(({ path }) => !names.has(path))]) {
    if (run.wants(file.path)) run.take(file);
  }
  const { lists, problems } = run.finish();
  return {
    lists: lists.filter((list) => names.has(list.path)),
    problems: problems.filter((problem) => names.has(problem.location.path)),
    names,
  };
}

function place(path: string, mapping: TrivyMapping, row: Row): string | undefined {
  return mapping.place === undefined ? path : mapping.place(path, row);
}

function rename(path: string, mapping: TrivyMapping, selector: CatalogerSelector): string {
  if (selector.parsersOf(path).length > 0 || mapping.name === undefined) return path;
  return typeof mapping.name === 'function' ? mapping.name(path) : mapping.name;
}

/** Do the mapped catalogers read a file of this path? */
export function wouldRead(path: string, mapping: TrivyMapping): boolean {
  const chosen = catalogers.filter((cataloger) => mapping.catalogers.includes(cataloger.id));
  return new CatalogerSelector(chosen).parsersOf(path.replace(/^\//, '')).length > 0;
}
