// SPDX-License-Identifier: Apache-2.0
// Adapter of the pack `grype`: the test tables of a vulnerability scanner, run through our matching, feeds, readers and rules.
// Rows of functions that no sub-adapter runs are about the inside of Grype; grype.skips.yaml names each function and why.
import { cases as feeds } from './grype/feeds.ts';
import { cases as matching } from './grype/matching.ts';
import { cases as outcomes } from './grype/outcomes.ts';
import { cases as packages } from './grype/packages.ts';
import { cases as qualifiers } from './grype/qualifiers.ts';
import { cases as rebuilt } from './grype/rebuilt.ts';
import { allRows, functionOf, idOf } from './grype/rows.ts';
import { cases as rules } from './grype/rules.ts';
import { cases as systems } from './grype/systems.ts';
import { cases as values } from './grype/values.ts';
import type { ConformancePack } from './pack.ts';

const adapters = [feeds, matching, outcomes, packages, qualifiers, rebuilt, rules, systems, values];

export const grypePack: ConformancePack = {
  name: 'grype',
  cases(root) {
    const run = adapters.flatMap((cases) => cases(root));
    const known = new Set(run.map((one) => one.id));
    const groups = Map.groupBy(allRows(root), functionOf);
    const rest = [...groups.values()].flatMap((rows) =>
      rows
        .map((row, index) => idOf(row, rows, index))
        .filter((id) => !known.has(id))
        .map((id) => ({ id, run: () => ({ outcome: 'skipped' as const, reason: 'about the inside of Grype' }) })),
    );
    return [...run, ...rest];
  },
};
