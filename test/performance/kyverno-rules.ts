// SPDX-License-Identifier: Apache-2.0
// Rule evaluations in a second on one core, through the engine as admission calls it: matching, context, the rule itself, and its decision.
import { requestFor } from '../../src/policy/admission-policy/request.ts';
import { noData } from '../../src/policy/data-provider.ts';
import { kyvernoPolicyEngine } from '../../src/policy/kyverno/policy-engine.ts';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { celPolicy, documentOf, patternPolicy, podOf } from './kyverno-policies.ts';

const policies = 16;
const pods = 2_000;
const rounds = 7;

function ratesOf(make: (index: number) => ReturnType<typeof celPolicy>): {
  readonly rate: number;
  readonly copies: number;
  readonly failed: number;
} {
  const documents = Array.from({ length: policies }, (_, index) => documentOf(make(index)));
  const compiled = kyvernoPolicyEngine.compile(documents, { unbound: 'ignore' });
  if (compiled.policies.length !== policies)
    throw new Error(compiled.problems[0]?.message ?? 'a policy does not compile');
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const data = { cluster: { objects: () => [], namespace: () => namespace }, provider: noData };
  const requests = Array.from({ length: pods }, (_, index) => requestFor(podOf(index)));
  const times: number[] = [];
  const copies: number[] = [];
  let failed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    for (const request of requests)
      for (const { outcome } of compiled.judge(request, data).decisions) if (outcome === 'fail') failed += 1;
    times.push(performance.now() - start);
    const copied = performance.now();
    for (const { object } of requests) structuredClone(object);
    copies.push(performance.now() - copied);
  }
  return { rate: (policies * pods * 1_000) / median(times), copies: (pods * 1_000) / median(copies), failed };
}

function benchOf(name: string, what: string, make: (index: number) => ReturnType<typeof celPolicy>): Bench {
  return {
    name,
    title: `${what} rule evaluations a second, against JSON copies of the Pod`,
    run: () => {
      const { rate, copies, failed } = ratesOf(make);
      return Promise.resolve({
        unit: 'rules/s',
        value: Math.round(rate),
        baseline: Math.round(copies),
        detail: { policies, pods, failed },
      });
    },
  };
}

export const kyvernoPattern: Bench = benchOf('kyverno-pattern', 'pattern', patternPolicy);
export const kyvernoCel: Bench = benchOf('kyverno-cel', 'CEL', celPolicy);
