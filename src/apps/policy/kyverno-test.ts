// SPDX-License-Identifier: Apache-2.0
// Runs kyverno-test.yaml files as `kyverno test` does: policies on resources, and the results held against what the file expects. A resource that
// no rule is about passes whatever is expected, as upstream; it is reported as `excluded`, so that it hides nothing.
// Run so far: validate rules of ClusterPolicy and Policy, and ValidatingPolicies. Results of other policies are `unsupported`, which is not passed.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { restMapping } from '../../policy/admission-policy/rest-mapping.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import type { CelException } from '../../policy/kyverno/cel/exceptions.ts';
import { compileCelException, isCelException } from '../../policy/kyverno/cel/exceptions.ts';
import type { PolicyRequest } from '../../policy/kyverno/engine.ts';
import type { PolicyException } from '../../policy/kyverno/exceptions.ts';
import { compileException, isPolicyException } from '../../policy/kyverno/exceptions.ts';
import { Queries } from '../../policy/kyverno/queries.ts';
import type { RuleOutcome } from '../../policy/kyverno/rule.ts';
import { testData } from './kyverno-test-data.ts';
import type { ExpectedResult, KyvernoTest } from './kyverno-test-files.ts';
import { readKyvernoTests } from './kyverno-test-files.ts';
import type { TestPolicy } from './kyverno-test-policies.ts';
import { loadPolicy } from './kyverno-test-policies.ts';
import { readManifests } from './manifest-files.ts';

export interface TestRow {
  readonly policy: string;
  readonly rule: string;
  readonly resource: string;
  readonly expected: string;
  /** `excluded`: no rule was about the resource, which counts as passed. `unsupported`: the policy could not be run. */
  readonly outcome: 'passed' | 'excluded' | 'failed' | 'unsupported';
  readonly message: string;
}

export interface TestReport {
  readonly name: string;
  readonly file: string;
  readonly rows: readonly TestRow[];
  readonly problems: readonly string[];
}

export interface TestOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: (below: number) => number;
}

/** One report for each document of a test file. */
export function runKyvernoTests(file: string, options: TestOptions): readonly TestReport[] {
  return readKyvernoTests(file).map((test) => runTest(test, options));
}

/** What one policy said of one resource. */
interface Response {
  readonly policy: TestPolicy;
  readonly resource: JsonObject;
  readonly operation: string;
  readonly outcomes: readonly RuleOutcome[];
}

interface LoadedTest {
  readonly policies: readonly TestPolicy[];
  /** By name: why a policy cannot be run. */
  readonly unusable: ReadonlyMap<string, string>;
  readonly exceptions: readonly PolicyException[];
  readonly celExceptions: readonly CelException[];
  readonly resources: readonly JsonObject[];
  readonly queries: Queries;
  readonly problems: readonly string[];
}

function runTest(test: KyvernoTest, options: TestOptions): TestReport {
  const data = testData(test);
  const loaded = load(test, options, data);
  const responses = loaded.resources.flatMap((resource) =>
    loaded.policies.map((policy) => respond(policy, resource, { test, loaded, data, operation: undefined })),
  );
  const rows = test.results.flatMap((expected) => {
    const asked =
      expected.operation === undefined
        ? responses
        : loaded.resources.flatMap((resource) =>
            loaded.policies.map((policy) =>
              respond(policy, resource, { test, loaded, data, operation: expected.operation }),
            ),
          );
    return check(expected, asked, loaded.unusable);
  });
  return { name: test.name, file: test.file, rows, problems: [...test.problems, ...loaded.problems] };
}

function load(test: KyvernoTest, { now, random }: TestOptions, data: DataProvider): LoadedTest {
  const problems: string[] = [];
  const unusable = new Map<string, string>();
  const policies: TestPolicy[] = [];
  const queries = new Queries({ now, random, addressesOf: (host) => data.addressesOf(host) });
  for (const path of test.policies) {
    const reading = readManifests(path);
    problems.push(...reading.problems.map(({ message }) => message));
    for (const resource of reading.resources) {
      const loaded = loadPolicy(resource, queries);
      if (loaded.kind === 'policy') policies.push(loaded.policy);
      else unusable.set(loaded.name, loaded.reason);
    }
  }
  const resources = test.resources.flatMap((path) => {
    const reading = readManifests(path);
    problems.push(...reading.problems.map(({ message }) => message));
    return reading.resources.map(({ object }) => withNamespace(object));
  });
  return {
    policies,
    unusable,
    ...loadExceptions(test, problems),
    resources: withoutDuplicates(resources),
    queries,
    problems,
  };
}

function loadExceptions(test: KyvernoTest, problems: string[]): Pick<LoadedTest, 'exceptions' | 'celExceptions'> {
  const exceptions: PolicyException[] = [];
  const celExceptions: CelException[] = [];
  for (const { object } of test.exceptions.flatMap((path) => readManifests(path).resources)) {
    if (isPolicyException(object)) {
      const compiled = compileException(object);
      if (compiled.kind === 'exception') exceptions.push(compiled.exception);
      else problems.push(compiled.message);
    } else if (isCelException(object)) {
      const compiled = compileCelException(object);
      if (compiled.kind === 'exception') celExceptions.push(compiled.exception);
      else problems.push(compiled.message);
    }
  }
  return { exceptions, celExceptions };
}

function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['name']) ?? '';
}

function namespaceOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['namespace']) ?? '';
}

/** Objects of namespaced kinds without a namespace are in `default`, as the command line of Kyverno has it. */
function withNamespace(object: JsonObject): JsonObject {
  const apiVersion = asString(object['apiVersion']) ?? '';
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const { scope } = restMapping(group, asString(object['kind']) ?? '');
  if (namespaceOf(object) !== '' || scope === 'Cluster') return object;
  return { ...object, metadata: { ...asObject(object['metadata']), namespace: 'default' } };
}

function withoutDuplicates(objects: readonly JsonObject[]): readonly JsonObject[] {
  const seen = new Set<string>();
  return objects.filter((object) => {
    const key = [object['apiVersion'], object['kind'], namespaceOf(object), nameOf(object)].join(',');
    if (seen.has(key) && nameOf(object) !== '') return false;
    seen.add(key);
    return true;
  });
}

interface Run {
  readonly test: KyvernoTest;
  readonly loaded: LoadedTest;
  readonly data: DataProvider;
  readonly operation: string | undefined;
}

function respond(policy: TestPolicy, resource: JsonObject, { test, loaded, data, operation }: Run): Response {
  const values = valuesFor(test, policy, resource);
  const asked = operation ?? asString(values['request.operation']) ?? 'CREATE';
  const request = requestOf(resource, asked, test);
  const options = {
    queries: loaded.queries,
    data,
    exceptions: loaded.exceptions,
    values: { ...values, 'request.operation': asked },
    ruleValues: (rule: string) => ruleValues(test, policy.name, rule),
  };
  const outcomes = policy.run({ request, options, data, celExceptions: loaded.celExceptions });
  return { policy, resource, operation: asked, outcomes };
}

function valuesFor({ values }: KyvernoTest, policy: TestPolicy, resource: JsonObject): JsonObject {
  const own = values.policies
    .filter(({ name }) => name === policy.name)
    .flatMap(({ resources }) => resources.filter(({ name }) => name === nameOf(resource)));
  return Object.assign({}, values.global, ...own.map((entry) => entry.values)) as JsonObject;
}

function ruleValues({ values }: KyvernoTest, policy: string, rule: string): JsonObject | undefined {
  const rules = values.policies.filter(({ name }) => name === policy).flatMap((entry) => entry.rules);
  const found = rules.find(({ name }) => isRuleOf(rule, name));
  if (found === undefined) return undefined;
  const first = Object.entries(found.foreachValues).map(([key, list]) => [
    key,
    Array.isArray(list) ? (list[0] as unknown) : list,
  ]);
  return { ...found.values, ...(Object.fromEntries(first) as JsonObject) };
}

/** A rule is also meant where those made from it are. */
function isRuleOf(name: string, rule: string): boolean {
  return name === rule || name === `autogen-${rule}` || name === `autogen-cronjob-${rule}`;
}

function requestOf(resource: JsonObject, operation: string, test: KyvernoTest): PolicyRequest {
  const namespace = namespaceOf(resource);
  const found = test.values.namespaces.find((object) => nameOf(object) === namespace);
  const ownLabels = asObject(asObject(found?.['metadata'])?.['labels']);
  return {
    operation,
    object: operation === 'DELETE' ? undefined : resource,
    oldObject: operation === 'UPDATE' || operation === 'DELETE' ? resource : undefined,
    namespaceLabels: test.values.namespaceLabels[namespace] ?? ownLabels ?? {},
    namespace: found,
    ...subresourceOf(resource, test),
    ...(test.userInfo === undefined ? {} : test.userInfo),
  };
}

/** Objects of subresources (a Scale, say) are matched by the kind of their parent. */
function subresourceOf(resource: JsonObject, { values }: KyvernoTest): Partial<PolicyRequest> {
  const apiVersion = asString(resource['apiVersion']) ?? '';
  for (const entry of values.subresources) {
    const sub = asObject(entry['subresource']) ?? {};
    const parent = asObject(entry['parentResource']) ?? {};
    const group = asString(sub['group']) ?? '';
    const own = group === '' ? asString(sub['version']) : `${group}/${asString(sub['version']) ?? ''}`;
    if (own !== apiVersion || sub['kind'] !== resource['kind']) continue;
    return {
      subresource: (asString(sub['name']) ?? '').split('/')[1] ?? '',
      parent: {
        group: asString(parent['group']) ?? '',
        version: asString(parent['version']) ?? '',
        kind: asString(parent['kind']) ?? '',
      },
    };
  }
  return {};
}

/** A row for each resource an expected result names; one for all when it names none. */
function check(
  expected: ExpectedResult,
  responses: readonly Response[],
  unusable: ReadonlyMap<string, string>,
): readonly TestRow[] {
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
    return {
      ...base,
      ...judge(
        expected,
        ours.filter((response) => isNamed(response.resource, resource)),
      ),
    };
  });
}

function specName(spec: JsonObject): string {
  const namespace = asString(spec['namespace']);
  const name = asString(spec['name']) ?? '';
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function isNamed(object: JsonObject, wanted: string): boolean {
  if (wanted === '') return true;
  const name = nameOf(object);
  return wanted === name || wanted === `${namespaceOf(object)}/${name}`;
}

type Verdict = Pick<TestRow, 'outcome' | 'message'>;

function judge({ rule, result }: ExpectedResult, responses: readonly Response[]): Verdict {
  if (responses.length === 0) return { outcome: 'failed', message: 'Not found' };
  const outcomes = responses.flatMap((response) =>
    response.outcomes
      .filter(({ rule: name }) => rule === undefined || !response.policy.hasRules || isRuleOf(name, rule))
      .map((outcome) => ({ ...outcome, status: reported(response.policy, outcome) })),
  );
  if (outcomes.length === 0) return { outcome: 'excluded', message: 'Excluded' };
  const wrong = outcomes.find(({ status }) => status !== result);
  if (wrong === undefined) return { outcome: 'passed', message: outcomes[0]?.message ?? '' };
  return { outcome: 'failed', message: `Want ${result}, got ${wrong.status}: ${wrong.rule}: ${wrong.message}` };
}

/** A policy that is not scored only warns. */
function reported({ annotations }: TestPolicy, { status }: RuleOutcome): RuleOutcome['status'] {
  return status === 'fail' && annotations['policies.kyverno.io/scored'] === 'false' ? 'warn' : status;
}
