// SPDX-License-Identifier: Apache-2.0
// Runs kyverno-test.yaml files as `kyverno test` does: policies on resources, and the results held against what the file expects. A resource that
// no rule is about passes whatever is expected, as upstream; it is reported as `excluded`, so that it hides nothing.
// Results of policies that cannot be run are `unsupported`, which is not passed.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { AdmissionData } from '../../policy/admission-policy/params.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import type { CelException } from '../../policy/kyverno/cel/exceptions.ts';
import { compileCelException, isCelException } from '../../policy/kyverno/cel/exceptions.ts';
import type { PolicyRequest } from '../../policy/kyverno/engine.ts';
import type { PolicyException } from '../../policy/kyverno/exceptions.ts';
import { compileException, isPolicyException } from '../../policy/kyverno/exceptions.ts';
import type { PolicySettings } from '../../policy/kyverno/policy.ts';
import { Queries } from '../../policy/kyverno/queries.ts';
import type { Response, TestRow } from './kyverno-test-check.ts';
import { checkResult } from './kyverno-test-check.ts';
import { testData } from './kyverno-test-data.ts';
import type { KyvernoTest } from './kyverno-test-files.ts';
import { readKyvernoTests } from './kyverno-test-files.ts';
import { nameOf, namespaceOf, withNamespace, withoutDuplicates } from './kyverno-test-objects.ts';
import type { Phase, TestPolicy } from './kyverno-test-policies.ts';
import { loadPolicy, phases } from './kyverno-test-policies.ts';
import { ruleValues, subresourceOf, valuesFor } from './kyverno-values.ts';
import { readManifests } from './manifest-files.ts';

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
  /** Whether policies are judged as Kyverno does, or without the places where that lets more through than they seem to say; `parity` when absent. */
  readonly hardening?: PolicySettings['hardening'];
}

/** One report for each document of a test file. */
export function runKyvernoTests(file: string, options: TestOptions): readonly TestReport[] {
  return readKyvernoTests(file).map((test) => runTest(test, options));
}

interface LoadedTest {
  readonly policies: readonly TestPolicy[];
  /** By name: why a policy cannot be run. */
  readonly unusable: ReadonlyMap<string, string>;
  readonly exceptions: readonly PolicyException[];
  readonly celExceptions: readonly CelException[];
  readonly resources: readonly JsonObject[];
  readonly admissionData: AdmissionData;
  readonly queries: Queries;
  readonly problems: readonly string[];
}

function runTest(test: KyvernoTest, options: TestOptions): TestReport {
  const data = testData(test, options.now());
  const loaded = load(test, options, data);
  const run = { test, loaded, data };
  const responses = respondAll({ ...run, operation: undefined });
  const rows = test.results.flatMap((expected) => {
    const { operation } = expected;
    const asked = operation === undefined ? responses : respondAll({ ...run, operation });
    return checkResult(expected, { test, responses: asked, unusable: loaded.unusable });
  });
  const judged = options.hardening === 'strict' ? rows.map(withoutLuck) : rows;
  return { name: test.name, file: test.file, rows: judged, problems: [...test.problems, ...loaded.problems] };
}

/** Strict: what nobody judged is no pass. That a resource is skipped may be expected of it. */
function withoutLuck(row: TestRow): TestRow {
  return row.outcome === 'excluded' && row.expected !== 'skip' ? { ...row, outcome: 'failed' } : row;
}

function load(test: KyvernoTest, { now, random, hardening = 'parity' }: TestOptions, data: DataProvider): LoadedTest {
  const problems: string[] = [];
  const unusable = new Map<string, string>();
  const policies: TestPolicy[] = [];
  const queries = new Queries({ now, random, addressesOf: (host) => data.addressesOf(host) });
  const resourcesIn = (paths: readonly string[]): readonly KubernetesResource[] =>
    paths.flatMap((path) => {
      const reading = readManifests(path);
      problems.push(...reading.problems.map(({ message }) => message));
      return reading.resources;
    });
  const documents = resourcesIn(test.policies);
  for (const resource of documents) {
    const loaded = loadPolicy(resource, { others: documents, queries, hardening });
    if (loaded?.kind === 'policy') policies.push(loaded.policy);
    else if (loaded !== undefined) unusable.set(loaded.name, loaded.reason);
  }
  const resources = resourcesIn(test.resources).map(({ object }) => withNamespace(object));
  const params = resourcesIn(test.paramResources).map(({ object }) => withNamespace(object));
  return {
    policies,
    unusable,
    ...loadExceptions(test, problems),
    resources: withoutDuplicates(resources),
    admissionData: {
      objects: ({ apiVersion, kind }) =>
        params.filter((object) => object['apiVersion'] === apiVersion && object['kind'] === kind),
      namespace: (name) =>
        test.values.namespaces.find((object) => nameOf(object) === name) ?? {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...test.values.namespaceLabels[name] } },
        },
    },
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

interface Run {
  readonly test: KyvernoTest;
  readonly loaded: LoadedTest;
  readonly data: DataProvider;
  readonly operation: string | undefined;
}

/** Every policy on every resource: all mutate, each what the one before it made, then all validate. */
function respondAll(run: Run): readonly Response[] {
  const { policies, resources } = run.loaded;
  const responses: Response[] = [];
  for (const resource of resources) {
    let current = resource;
    for (const phase of phases)
      for (const policy of policies.filter(({ isOfPayloads }) => !isOfPayloads)) {
        const response = respond(policy, { resource: current, name: nameOf(resource), phase }, run);
        responses.push({ ...response, namespace: namespaceOf(resource) }, ...targetsOf(response));
        current = response.resource;
      }
  }
  for (const { name, object } of run.test.payloads)
    for (const policy of policies.filter(({ isOfPayloads }) => isOfPayloads))
      responses.push(respond(policy, { resource: object, name, phase: 'validate' }, run));
  return responses;
}

/** Results may name the objects that a rule changed besides the request's. */
function targetsOf(response: Response): readonly Response[] {
  return response.outcomes.flatMap((outcome) =>
    (outcome.targets ?? []).map((resource) => ({
      ...response,
      name: nameOf(resource),
      namespace: namespaceOf(resource),
      outcomes: [outcome],
      resource,
    })),
  );
}

function respond(
  policy: TestPolicy,
  { resource, name, phase }: { readonly resource: JsonObject; readonly name: string; readonly phase: Phase },
  { test, loaded, data, operation }: Run,
): Response {
  const values = valuesFor(test.values, policy.name, nameOf(resource));
  const asked = operation ?? asString(values['request.operation']) ?? 'CREATE';
  const request = requestOf(resource, asked, test);
  const options = {
    queries: loaded.queries,
    data,
    exceptions: loaded.exceptions,
    values: { ...values, 'request.operation': asked },
    ruleValues: (rule: string) => ruleValues(test.values, policy.name, rule),
  };
  const { admissionData, celExceptions } = loaded;
  const outcomes = policy.run({ request, options, data, admissionData, celExceptions, phase });
  const patched = outcomes.findLast((outcome) => outcome.patched !== undefined)?.patched;
  return { policy, name, namespace: '', outcomes, resource: patched ?? resource };
}

/** The request that a resource of a test comes with. */
export function requestOf(resource: JsonObject, operation: string, test: KyvernoTest): PolicyRequest {
  const namespace = namespaceOf(resource);
  const found = test.values.namespaces.find((object) => nameOf(object) === namespace);
  const sub = subresourceOf(test.values, resource);
  const ownLabels = asObject(asObject(found?.['metadata'])?.['labels']);
  return {
    operation,
    object: operation === 'DELETE' ? undefined : resource,
    oldObject: operation === 'UPDATE' || operation === 'DELETE' ? resource : undefined,
    namespaceLabels: test.values.namespaceLabels[namespace] ?? ownLabels ?? {},
    namespace: found,
    ...(sub === undefined ? {} : { subresource: sub.name, parent: sub.parent }),
    ...(test.userInfo === undefined ? {} : test.userInfo),
  };
}
