// SPDX-License-Identifier: Apache-2.0
// ValidatingAdmissionPolicies with objects and expected verdicts: each case is one CREATE through compileAdmissionPolicies and evaluateAdmission.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/formats/document.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';
import type { PolicyDocument } from '../../src/policy/admission-policy/compiled-policy.ts';
import { evaluateAdmission } from '../../src/policy/admission-policy/evaluate.ts';
import { compileAdmissionPolicies } from '../../src/policy/admission-policy/policy-set.ts';
import type { Operation } from '../../src/policy/admission-policy/request.ts';
import { requestFor } from '../../src/policy/admission-policy/request.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { failed, passed } from './pack.ts';

interface VapCase {
  readonly name: string;
  readonly operation: Operation;
  readonly object: JsonObject;
  readonly params?: JsonObject;
  readonly binding: JsonObject;
  readonly expected: 'pass' | 'fail' | 'warn';
}

export const vapPack: ConformancePack = {
  name: 'vap',
  cases: (root) => {
    const folder = join(root, 'controls');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((id) => casesOf(id, join(folder, id)));
  },
};

function casesOf(id: string, folder: string): ConformanceCase[] {
  const file = join(folder, 'policy.yaml');
  const policies = resourcesOf(parseKubernetesYaml(readFileSync(file, 'utf8'), file)).resources;
  const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as readonly VapCase[];
  return cases.map((test) => ({ id: `${id}/${test.name}`, run: () => runCase(policies, test) }));
}

function runCase(policies: readonly PolicyDocument[], test: VapCase): CaseResult {
  const binding: PolicyDocument = { object: test.binding, locateValue: () => ({ path: 'binding' }) };
  const set = compileAdmissionPolicies([...policies, binding]);
  if (set.problems.length > 0) return failed(test.expected, set.problems);
  const outcome = evaluateAdmission(set, requestFor(test.object, test.operation), {
    objects: () => (test.params === undefined ? [] : [test.params]),
    namespace: (name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    }),
  });
  const verdict = outcome.allowed ? (outcome.warnings.length > 0 ? 'warn' : 'pass') : 'fail';
  return verdict === test.expected ? passed : failed(test.expected, { verdict, ...outcome });
}
