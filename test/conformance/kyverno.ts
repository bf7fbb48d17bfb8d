// SPDX-License-Identifier: Apache-2.0
// Kyverno: tables of its unit tests (`units/`), its kyverno-test files (`test/`), its chainsaw tests replayed (`replay/`), and its
// ClusterPolicies carried over to CEL (`translate/`).
import type { TupleCounts } from './kyverno/cases.ts';
import { tupleCases } from './kyverno/cases.ts';
import { replayCases } from './kyverno/replay.ts';
import { translationCases } from './kyverno/translate.ts';
import { unitCases } from './kyverno/units.ts';
import type { ConformanceCase, ConformancePack } from './pack.ts';

let counts: (() => TupleCounts) | undefined;
interface Count {
  total: number;
  passed: number;
}
const units: Count = { total: 0, passed: 0 };
const replays: Count = { total: 0, passed: 0 };
const translations: Count = { total: 0, passed: 0 };

export const kyvernoPack: ConformancePack = {
  name: 'kyverno',
  cases: (root) => {
    const tuples = tupleCases(root);
    counts = tuples.counts;
    return [
      ...unitCases(root).map((test) => counted(test, units)),
      ...tuples.cases,
      ...replayCases(root).map((test) => counted(test, replays)),
      ...translationCases(root).map((test) => counted(test, translations)),
    ];
  },
  detail: () => ({ units, tuples: counts?.(), replays, translations }),
};

function counted(test: ConformanceCase, count: Count): ConformanceCase {
  return {
    id: test.id,
    run: async () => {
      const result = await test.run();
      count.total += 1;
      if (result.outcome === 'passed') count.passed += 1;
      return result;
    },
  };
}
