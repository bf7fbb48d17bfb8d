// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { CatalogRun } from '../../evidence/packages/catalog.ts';
import type { Problem } from '../../model/problem.ts';
import { SharedWalk } from './shared-walk.ts';

test('a file that a scanner could not look at was known as clean in the next run', () => {
  const known = new Set<string>();
  const walk = new SharedWalk(new CatalogRun([]), [], {
    known: { has: () => false, add: (path) => known.add(path) },
    now: () => 0,
  });
  for (const path of ['too-much.yml', 'found.yml', 'clean.yml'])
    walk.take({ path, bytes: new Uint8Array(), signature: '1:2:3:4:5' });
  const problem: Problem = {
    kind: 'limit',
    message: 'more manifests than are kept',
    location: { path: 'too-much.yml' },
    hidesFindings: true,
  };
  walk.remember([{ notable: new Set(['found.yml']), problems: [problem] }]);

  expect([...known]).toEqual(['clean.yml']);
});
