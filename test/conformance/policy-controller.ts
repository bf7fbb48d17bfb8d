// SPDX-License-Identifier: Apache-2.0
// The manifests of policy-controller: valid ones, examples and those of its end-to-end tests must be accepted, invalid ones refused with a place.
// Those of the end-to-end tests and the examples are applied to images as well (policy-controller/applied.ts).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import { parseImagePolicy } from '../../src/policy/image-policy/parse.ts';
import { parseTrustRootResource } from '../../src/policy/image-policy/trust-root-resource.ts';
import { type CaseResult, type ConformanceCase, type ConformancePack, failed, passed } from './pack.ts';
import { applyPolicyFile, filledIn } from './policy-controller/applied.ts';

const folders: readonly (readonly [string, 'accepted' | 'refused'])[] = [
  ['test/testdata/policy-controller/valid', 'accepted'],
  ['test/testdata/policy-controller/invalid', 'refused'],
  ['test/testdata/policy-controller/e2e', 'accepted'],
  ['test/testdata/policy-controller/tester', 'accepted'],
  ['test/testdata/trustroot/valid', 'accepted'],
  ['test/testdata/trustroot/invalid', 'refused'],
  ['examples/policies', 'accepted'],
];

/** Not applied: the valid ones and the invalid ones are about reading only. */
const applied = ['test/testdata/policy-controller/e2e', 'test/testdata/policy-controller/tester', 'examples/policies'];

function run(path: string, expected: 'accepted' | 'refused'): CaseResult {
  const documents = parseKubernetesYaml(filledIn(readFileSync(path, 'utf8')), path);
  const read = documents.map((document) => parseImagePolicy(document) ?? parseTrustRootResource(document));
  const found = read.filter((item) => item !== undefined);
  if (found.length === 0) return failed(expected, 'neither a ClusterImagePolicy nor a TrustRoot');
  const problems = found.flatMap((item) => item.problems);
  const actual = problems.length === 0 ? 'accepted' : 'refused';
  return actual === expected
    ? passed
    : failed(
        expected,
        problems.map(({ message }) => message),
      );
}

function manifests(root: string, folder: string): readonly string[] {
  const files = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
  return files.filter((file) => /\.ya?ml$/.test(file)).sort();
}

export const policyControllerPack: ConformancePack = {
  name: 'policy-controller',
  cases: (root) => [
    ...folders.flatMap(([folder, expected]) =>
      manifests(root, folder).map(
        (file): ConformanceCase => ({ id: `${folder}/${file}`, run: () => run(join(root, folder, file), expected) }),
      ),
    ),
    ...applied.flatMap((folder) =>
      manifests(root, folder).map(
        (file): ConformanceCase => ({
          id: `applied/${folder}/${file}`,
          run: () => applyPolicyFile(root, join(root, folder, file)),
        }),
      ),
    ),
  ],
};
