// SPDX-License-Identifier: Apache-2.0
// Kyverno: tables of its unit tests (`units/`), and its kyverno-test files (`test/`). The replayed admission tests are to come as `replay/`.
import type { TupleCounts } from './kyverno/cases.ts';
import { tupleCases } from './kyverno/cases.ts';
import { unitCases } from './kyverno/units.ts';
import type { ConformanceCase, ConformancePack } from './pack.ts';

let counts: (() => TupleCounts) | undefined;
const units = { total: 0, passed: 0 };

export const kyvernoPack: ConformancePack = {
  name: 'kyverno',
  cases: (root) => {
    const tuples = tupleCases(root);
    counts = tuples.counts;
    return [...unitCases(root).map(counted), ...tuples.cases];
  },
  detail: () => ({ units, tuples: counts?.() }),
};

function counted(test: ConformanceCase): ConformanceCase {
  return {
    id: test.id,
    run: async () => {
      const result = await test.run();
      units.total += 1;
      if (result.outcome === 'passed') units.passed += 1;
      return result;
    },
  };
}
