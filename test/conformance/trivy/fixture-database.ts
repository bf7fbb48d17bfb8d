// SPDX-License-Identifier: Apache-2.0
// The database that all integration tests of Trivy share, read once.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TrivyDatabase } from './trivy-db.ts';
import { readTrivyDatabase } from './trivy-db.ts';

const read = new Map<string, TrivyDatabase>();

export function fixtureDatabase(root: string): TrivyDatabase {
  const known = read.get(root);
  if (known !== undefined) return known;
  const folder = join(root, 'inputs/integration/testdata/fixtures/db');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name));
  const database = readTrivyDatabase(files);
  read.set(root, database);
  return database;
}
