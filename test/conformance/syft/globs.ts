// SPDX-License-Identifier: Apache-2.0
// globs/globs.json: of all files of a tree, which ones the mapped catalogers ask for.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import { CatalogerSelector } from '../../../src/evidence/packages/selector.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectSameSet, failed } from '../pack.ts';
import type { Row } from './fixture.ts';
import { catalogersNamed, fixturesOf, readFixture, readRows, shortId } from './fixture.ts';
import { mappedBy } from './mapping.ts';
import { globMapping } from './mapping-globs.ts';

/** Case ids are `globs/<ecosystem>/<test file>#<test>`. */
export function cases(root: string): ConformanceCase[] {
  return readRows(join(root, 'globs', 'globs.json')).map((row) => ({
    id: `globs/${shortId(row.id)}`,
    run: () => runRow(row, root),
  }));
}

function runRow(row: Row, root: string): CaseResult {
  const ids = mappedBy(globMapping, shortId(row.id));
  if (ids === undefined) return failed('catalogers for this test', 'not mapped');
  const fixtures = fixturesOf(row, root);
  const missing = fixtures.filter((path) => !existsSync(path));
  if (missing.length > 0)
    return { outcome: 'skipped', reason: `the fixture is not in the pack: ${missing.join(', ')}` };
  const selected = catalogersNamed(ids);
  if (typeof selected === 'string') return failed('catalogers for this test', selected);
  const hasLists = selected.every((cataloger) => cataloger.ownershipFiles !== undefined);
  const selector = new CatalogerSelector(selected);
  const paths = fixtures.flatMap((path) => readFixture(path)).map((file) => file.path);
  const expected = Array.isArray(row['expected']) ? row['expected'] : [];
  // Rows of databases whose entries lie in several files list all of them: what is read beside the database, in a run that asks for files.
  const run = new CatalogRun(selected, { files: 'owned' });
  const isWanted = (path: string): boolean => selector.parsersOf(path).length > 0 || (hasLists && run.wants(path));
  return expectSameSet([...new Set(expected)], paths.filter(isWanted));
}
