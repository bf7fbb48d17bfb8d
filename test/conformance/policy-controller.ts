// SPDX-License-Identifier: Apache-2.0
// Reads the manifests of policy-controller: valid ones and those of its end-to-end tests must be accepted, invalid ones refused with a place.
// What CUE and Rego in them would decide is not compared: such policies load and then give errors.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import { parseImagePolicy } from '../../src/policy/image-policy/parse.ts';
import { type CaseResult, type ConformanceCase, type ConformancePack, failed, passed } from './pack.ts';

const folders: readonly (readonly [string, 'accepted' | 'refused'])[] = [
  ['test/testdata/policy-controller/valid', 'accepted'],
  ['test/testdata/policy-controller/invalid', 'refused'],
  ['test/testdata/policy-controller/e2e', 'accepted'],
  ['test/testdata/policy-controller/tester', 'accepted'],
  ['test/testdata/trustroot/valid', 'accepted'],
  ['test/testdata/trustroot/invalid', 'refused'],
  ['examples/policies', 'accepted'],
];

function run(path: string, expected: 'accepted' | 'refused'): CaseResult {
  const results = parseKubernetesYaml(readFileSync(path, 'utf8'), path).map(parseImagePolicy);
  const policies = results.filter((item) => item !== undefined);
  if (policies.length === 0) return failed(expected, 'no ClusterImagePolicy');
  const problems = policies.flatMap((item) => item.problems);
  const actual = problems.length === 0 ? 'accepted' : 'refused';
  return actual === expected
    ? passed
    : failed(
        expected,
        problems.map(({ message }) => message),
      );
}

export const policyControllerPack: ConformancePack = {
  name: 'policy-controller',
  cases: (root) =>
    folders.flatMap(([folder, expected]) =>
      (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [])
        .filter((file) => /\.ya?ml$/.test(file))
        .sort()
        .map(
          (file): ConformanceCase => ({ id: `${folder}/${file}`, run: () => run(join(root, folder, file), expected) }),
        ),
    ),
};
