// SPDX-License-Identifier: Apache-2.0
// What the benchmark policy-set measures, as a process of its own, so that the memory is its own. Prints its figures as JSON.
import { requestFor } from '../../src/policy/admission-policy/request.ts';
import { noData } from '../../src/policy/data-provider.ts';
import { policyEngines } from '../../src/policy/engines.ts';
import { compilePolicySet } from '../../src/policy/policy-set.ts';
import { celPolicy, denyPolicy, documentOf, patternPolicy, podOf } from './kyverno-policies.ts';

const count = 300;
const pods = 1_000;
const makers = [patternPolicy, patternPolicy, denyPolicy, celPolicy, celPolicy];

const documents = Array.from({ length: count }, (_, index) =>
  documentOf((makers[index % makers.length] ?? celPolicy)(index)),
);
const requests = Array.from({ length: pods }, (_, index) => requestFor(podOf(index)));
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const data = { cluster: { objects: () => [], namespace: () => namespace }, provider: noData };

const start = performance.now();
const set = compilePolicySet(documents, policyEngines, { unbound: 'ignore' });
const compiled = performance.now() - start;
if (set.problems.length > 0) throw new Error(set.problems[0]?.message ?? 'a policy does not compile');
const judging = performance.now();
let failed = 0;
let decisions = 0;
for (const request of requests)
  for (const { outcome } of set.judge(request, data).decisions) {
    decisions += 1;
    if (outcome === 'fail') failed += 1;
  }
const judged = performance.now() - judging;
const copied = performance.now();
for (const { object } of requests) structuredClone(object);
const copies = performance.now() - copied;
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ policies: count, pods, decisions, failed, compiled, judged, copies, 'rss MB': memory }));
