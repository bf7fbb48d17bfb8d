// SPDX-License-Identifier: Apache-2.0
// Runs matchPackages over packages of a row, with advisories in memory or those that ship with the program.

import { fileURLToPath } from 'node:url';
import { type OpenDatabase, openDatabase } from '../../../src/advisories/database/open.ts';
import { pinnedTrust } from '../../../src/advisories/database/trusted-keys.ts';
import type { AdvisoryLookup } from '../../../src/advisories/lookup.ts';
import { type MatchResult, matchPackages } from '../../../src/advisories/match.ts';
import { storedFolder } from '../../../src/io/stored-files.ts';
import type { Distribution, Package } from '../../../src/model/package.ts';

const snapshotFolder = fileURLToPath(new URL('../../../data/advisories', import.meta.url));
let snapshot: OpenDatabase | undefined;

/** The database that ships with the program. */
export function shipped(): AdvisoryLookup {
  snapshot ??= openDatabase([{ kind: 'published', folder: storedFolder(snapshotFolder) }], {
    now: '2026-09-01T00:00:00Z',
    trust: pinnedTrust,
  });
  return snapshot;
}

export function match(items: readonly Package[], lookup: AdvisoryLookup, distribution?: Distribution): MatchResult {
  const list = {
    cataloger: 'grype',
    path: 'rows',
    ecosystem: 'x',
    kind: 'installed' as const,
    packages: items,
    ...(distribution === undefined ? {} : { distribution }),
  };
  return matchPackages([{ list, subjectOf: ({ id }) => id }], lookup);
}

/** Ids of all advisories that matched. */
export function advisoryIds(result: MatchResult): readonly string[] {
  return [...new Set(result.findings.flatMap((finding) => finding.matches.map((one) => one.advisory)))];
}
