// SPDX-License-Identifier: Apache-2.0
// What the benchmark vap-set measures, as a process of its own: the memory is that of compiling and judging, and not of what started the benchmark.
// Prints its figures as JSON.
import type { JsonObject } from '../../src/formats/document.ts';
import type { PolicyDocument } from '../../src/policy/admission-policy/compiled-policy.ts';
import { evaluateAdmission } from '../../src/policy/admission-policy/evaluate.ts';
import { compileAdmissionPolicies } from '../../src/policy/admission-policy/policy-set.ts';
import { requestFor } from '../../src/policy/admission-policy/request.ts';

const policies = 43;
const pods = 1_000;
const rounds = 5;

const validations: readonly string[] = [
  'variables.containers.all(c, !has(c.securityContext) || c.securityContext.?privileged.orValue(false) != true)',
  'variables.containers.all(c, !c.image.endsWith(":latest") && c.image.findAll("[a-z]+").size() > 0)',
  'variables.containers.all(c, !has(c.resources) || quantity(c.resources.limits.memory).isLessThan(quantity("64Gi")))',
  '!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath))',
  'variables.containers.all(c, c.name.matches("^[a-z][a-z0-9-]{0,62}$"))',
];

const documents = Array.from({ length: policies }, (_, index) => index).flatMap(documentsOf);
const objects = Array.from({ length: pods }, (_, index) => pod(index));
const ours: number[] = [];
const copies: number[] = [];
let denials = 0;
// Of one pass, as a process that judges a folder once would have.
let memory = 0;
for (let round = 0; round < rounds; round += 1) {
  const start = performance.now();
  const set = compileAdmissionPolicies(documents);
  if (set.problems.length > 0) throw new Error(set.problems[0]?.message ?? 'a policy does not compile');
  for (const object of objects) denials += evaluateAdmission(set, requestFor(object)).denials.length;
  ours.push(performance.now() - start);
  if (round === 0) memory = process.resourceUsage().maxRSS / 1024;
  const copied = performance.now();
  for (const object of objects) structuredClone(object);
  copies.push(performance.now() - copied);
}
console.log(JSON.stringify({ policies, pods, denials, ours, copies, 'rss MB': Math.round(memory) }));

function documentsOf(index: number): PolicyDocument[] {
  const name = `policy-${index}`;
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  const policy: JsonObject = {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: { resourceRules: [rule] },
      variables: [
        { name: 'containers', expression: 'object.spec.containers + object.spec.?initContainers.orValue([])' },
      ],
      validations: [
        { expression: validations[index % validations.length], messageExpression: 'string(object.metadata.name)' },
      ],
    },
  };
  const binding: JsonObject = {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
  return [policy, binding].map((object) => ({ object, locateValue: () => ({ path: 'policies.yaml' }) }));
}

function pod(index: number): JsonObject {
  const limits = { cpu: '1', memory: '512Mi' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${index}` },
    spec: {
      containers: [
        { name: 'app', image: 'registry.example/app:1.2', resources: { limits } },
        { name: 'proxy', image: 'registry.example/proxy:3', securityContext: { privileged: index % 10 === 0 } },
      ],
    },
  };
}
