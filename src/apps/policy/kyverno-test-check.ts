// SPDX-License-Identifier: Apache-2.0
// Holds what policies said against the expected results of a Kyverno test, as `kyverno test` compares them.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import type { RuleOutcome } from '../../policy/kyverno/rule.ts';
import { equalJson } from '../../policy/patch/json-members.ts';
import type { ExpectedResult, KyvernoTest } from './kyverno-test-files.ts';
import { nameOf, namespaceOf, readObjects, withNamespace } from './kyverno-test-objects.ts';
import type { TestPolicy } from './kyverno-test-policies.ts';
import { isRuleOf } from './kyverno-values.ts';

export interface TestRow {
  readonly policy: string;
  readonly rule: string;
  readonly resource: string;
  readonly expected: string;
  /** `excluded`: no rule was about the resource, which counts as passed. `unsupported`: the policy could not be run. */
  readonly outcome: 'passed' | 'excluded' | 'failed' | 'unsupported';
  readonly message: string;
}

/** What one policy said of one resource. */
export interface Response {
  readonly policy: TestPolicy;
  /** Of the resource, or the file of a payload. */
  readonly name: string;
  readonly namespace: string;
  readonly outcomes: readonly RuleOutcome[];
  /** The resource after the policy. */
  readonly resource: JsonObject;
}

export interface Answers {
  readonly test: KyvernoTest;
  readonly responses: readonly Response[];
  /** By name: why a policy cannot be run. */
  readonly unusable: ReadonlyMap<string, string>;
}

/** A row for each resource an expected result names; one for all when it names none. */
export function checkResult(expected: ExpectedResult, { test, responses, unusable }: Answers): readonly TestRow[] {
  const [, bare = expected.policy] = expected.policy.split('/');
  const ours = responses.filter(({ policy }) => {
    const full = policy.namespace === '' ? policy.name : `${policy.namespace}/${policy.name}`;
    return full === expected.policy || (!expected.policy.includes('/') && policy.name === expected.policy);
  });
  const named = expected.resources.length > 0 ? expected.resources : expected.resourceSpecs.map(specName);
  const wanted = named.length > 0 ? named : [''];
  return wanted.map((resource) => {
    const base = { policy: expected.policy, rule: expected.rule ?? '', resource, expected: expected.result };
    const reason = unusable.get(bare);
    if (ours.length === 0 && reason !== undefined) return { ...base, outcome: 'unsupported', message: reason };
    const about = ours.filter((response) => isNamed(response, resource));
    return { ...base, ...judge(expected, about, test) };
  });
}

function specName(spec: JsonObject): string {
  const namespace = asString(spec['namespace']);
  const name = asString(spec['name']) ?? '';
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function isNamed({ name, namespace }: Response, wanted: string): boolean {
  return wanted === '' || wanted === name || wanted === `${namespace}/${name}`;
}

type Verdict = Pick<TestRow, 'outcome' | 'message'>;

function judge(expected: ExpectedResult, responses: readonly Response[], test: KyvernoTest): Verdict {
  const { rule, result } = expected;
  if (responses.length === 0) return { outcome: 'failed', message: 'the test has no such policy, or no such resource' };
  let message: string | undefined;
  for (const { policy, outcomes, resource } of responses) {
    const about = outcomes.filter(({ rule: name }) => rule === undefined || !policy.hasRules || isRuleOf(name, rule));
    for (const outcome of about) {
      const difference = differenceOf(outcome, { resource, expected, test });
      if (difference === notListed) continue;
      // Mutation never fails: to expect that is to expect another object.
      if (difference !== undefined)
        return { outcome: result === 'fail' ? 'passed' : 'failed', message: `Resource diff: ${difference}` };
      const status = reported(policy, outcome);
      if (status !== result)
        return { outcome: 'failed', message: `Want ${result}, got ${status}: ${outcome.rule}: ${outcome.message}` };
      message ??= outcome.message;
    }
  }
  return message === undefined
    ? { outcome: 'excluded', message: 'no rule is about it, so any result would pass' }
    : { outcome: 'passed', message };
}

/** A policy that is not scored only warns. */
function reported({ annotations }: TestPolicy, { status }: RuleOutcome): RuleOutcome['status'] {
  return status === 'fail' && annotations['policies.kyverno.io/scored'] === 'false' ? 'warn' : status;
}

/** The expected file has no such object: such a result is passed over, as upstream does. */
const notListed = 'not found in manifest';

interface Comparison {
  readonly resource: JsonObject;
  readonly expected: ExpectedResult;
  readonly test: KyvernoTest;
}

/** How what a rule made differs from the files of the test. */
function differenceOf(outcome: RuleOutcome, { resource, expected, test }: Comparison): string | undefined {
  const { patchedResources, generatedResource } = expected;
  if (outcome.type === 'mutate' && patchedResources !== undefined)
    return differenceFrom(resource, patchedResources, test);
  if (outcome.generated === undefined || generatedResource === undefined) return undefined;
  for (const object of outcome.generated) {
    const difference = differenceFrom(withNamespace(object), generatedResource, test);
    if (difference !== undefined && difference !== notListed) return difference;
  }
  return undefined;
}

/** How the resource differs from the one in the expected file of the same kind and name; undefined: not at all. */
function differenceFrom(resource: JsonObject, path: string, test: KyvernoTest): string | undefined {
  const reading = readObjects(test, path);
  const expected = reading.find(
    (object) =>
      object['kind'] === resource['kind'] &&
      nameOf(object) === nameOf(resource) &&
      namespaceOf(object) === namespaceOf(resource),
  );
  if (expected === undefined) return notListed;
  const left = comparable(expected);
  const right = comparable(resource);
  return equalJson(left, right) ? undefined : firstDifference(left, right, '');
}

const generatedLabels = 'generate.kyverno.io/';

function comparable(object: JsonObject): unknown {
  const metadata = asObject(object['metadata']) ?? {};
  const labels = entriesOf(metadata['labels']).filter(([key]) => !key.startsWith(generatedLabels));
  return tidy({
    ...object,
    metadata: { ...metadata, labels: { ...Object.fromEntries(labels), 'app.kubernetes.io/managed-by': 'kyverno' } },
  });
}

/** Without nulls and without what is empty then. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(tidy).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  const object = asObject(value);
  if (object === undefined) return value ?? undefined;
  const entries = Object.entries(object)
    .map(([key, item]) => [key, tidy(item)] as const)
    .filter(([, item]) => item !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function firstDifference(left: unknown, right: unknown, path: string): string {
  const [one, other] = [asObject(left), asObject(right)];
  if (one !== undefined && other !== undefined)
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
      if (!equalJson(one[key], other[key])) return firstDifference(one[key], other[key], `${path}.${key}`);
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length)
    for (const [index, item] of left.entries())
      if (!equalJson(item, right[index])) return firstDifference(item, right[index], `${path}[${index}]`);
  return `${path}: want ${JSON.stringify(left) ?? 'nothing'}, got ${JSON.stringify(right) ?? 'nothing'}`;
}
