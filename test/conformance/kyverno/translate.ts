// SPDX-License-Identifier: Apache-2.0
// ClusterPolicies of the pack carried over to CEL: each is a case, passed when all its rules are carried over and judge the resources of all its tests,
// and objects made from these, as the original does.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { requestOf } from '../../../src/apps/policy/kyverno-test.ts';
import { testData } from '../../../src/apps/policy/kyverno-test-data.ts';
import type { KyvernoTest } from '../../../src/apps/policy/kyverno-test-files.ts';
import { readKyvernoTests } from '../../../src/apps/policy/kyverno-test-files.ts';
import { nameOf, withNamespace } from '../../../src/apps/policy/kyverno-test-objects.ts';
import { ruleValues, valuesFor } from '../../../src/apps/policy/kyverno-values.ts';
import { readManifests } from '../../../src/apps/policy/manifest-files.ts';
import type { ProofCase } from '../../../src/apps/policy/translation-proof.ts';
import { translationDifferences } from '../../../src/apps/policy/translation-proof.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asString } from '../../../src/formats/document.ts';
import type { KubernetesResource } from '../../../src/formats/kubernetes-yaml/resources.ts';
import { isKyvernoPolicy } from '../../../src/policy/kyverno/policy.ts';
import { Queries } from '../../../src/policy/kyverno/queries.ts';
import { translatePolicy } from '../../../src/policy/kyverno/translate/translate-policy.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { failed, passed } from '../pack.ts';
import { neighboursOf } from './mutated-objects.ts';

interface Subject {
  readonly policy: KubernetesResource;
  readonly tests: KyvernoTest[];
}

export function translationCases(root: string): readonly ConformanceCase[] {
  const index = join(root, 'cases.json');
  if (!existsSync(index)) return [];
  const files = (JSON.parse(readFileSync(index, 'utf8')) as { readonly cases: readonly { readonly test: string }[] })
    .cases;
  const subjects = new Map<string, Subject>();
  for (const { test: path } of files)
    for (const test of readKyvernoTests(join(root, path)))
      for (const policy of test.policies
        .flatMap((name) => readManifests(name).resources)
        .filter(({ object }) => isKyvernoPolicy(object))) {
        const id = `translate/${relative(root, policy.locate([]).path)}/${nameOf(policy.object)}`;
        const subject = subjects.get(id) ?? { policy, tests: [] };
        subject.tests.push(test);
        subjects.set(id, subject);
      }
  return [...subjects].map(([id, subject]) => ({ id, run: () => judge(subject) }));
}

function judge({ policy, tests }: Subject): CaseResult {
  const translation = translatePolicy(policy.object);
  const [refusal] = translation.refusals;
  if (refusal !== undefined) return failed('carried over', `${refusal.rule}: ${refusal.reason}`);
  const name = nameOf(policy.object);
  for (const test of tests) {
    const queries = new Queries({ now: () => 0, random: () => 0, addressesOf: () => undefined });
    const objects = test.resources
      .flatMap((path) => readManifests(path).resources)
      .map(({ object }) => withNamespace(object));
    for (const object of objects) {
      const [difference] = translationDifferences(policy, translation, {
        cases: [
          { ...caseOf(object, test, name), isGenerated: !isExpected(object, test) },
          ...neighboursOf(object).map((each) => ({ ...caseOf(each, test, name), isGenerated: true })),
        ],
        queries,
        data: testData(test, 0),
        ruleValues: (rule) => ruleValues(test.values, name, rule),
      });
      if (difference !== undefined) return failed(difference.original, difference);
    }
  }
  return passed;
}

/** Whether a result is about the object; others are judged by nobody but us. */
function isExpected(object: JsonObject, { results }: KyvernoTest): boolean {
  return results.some(
    ({ resources }) => resources.length === 0 || resources.some((name) => name.endsWith(nameOf(object))),
  );
}

function caseOf(object: JsonObject, test: KyvernoTest, name: string): ProofCase {
  const values = valuesFor(test.values, name, nameOf(object));
  const operation = asString(values['request.operation']) ?? 'CREATE';
  return { request: requestOf(object, operation, test), values: { ...values, 'request.operation': operation } };
}
