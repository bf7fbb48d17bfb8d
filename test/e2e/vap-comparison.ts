// SPDX-License-Identifier: Apache-2.0
// The cases of the vap pack, all at once, on a real API server and in our evaluator. Each case has its own binding, which selects a label that only the
// object of the case has, and its own params.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/formats/document.ts';
import { asObject } from '../../src/formats/document.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../src/formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { evaluateAdmission } from '../../src/policy/admission-policy/evaluate.ts';
import { compileAdmissionPolicies } from '../../src/policy/admission-policy/policy-set.ts';
import type { AdmissionAnswer } from '../support/admission-comparison.ts';
import {
  askServer,
  createRequest,
  eachOf,
  nameOf,
  namespaceOf,
  waitForPolicies,
  withLabels,
} from '../support/admission-comparison.ts';

interface PackCase {
  readonly name: string;
  readonly object: JsonObject;
  readonly params?: JsonObject;
  readonly binding: JsonObject;
  readonly expected: 'pass' | 'fail' | 'warn';
}

interface PreparedCase extends PackCase {
  readonly id: string;
  readonly policy: KubernetesResource;
}

export interface ComparisonResult {
  readonly compared: number;
  readonly denied: number;
  readonly warned: number;
  /** Cases whose object the server does not take even without policies. */
  readonly notTaken: readonly string[];
  /** What the pack expects and the server does not say. */
  readonly packDifferences: readonly string[];
  /** Where our evaluator and the server differ. */
  readonly differences: readonly string[];
}

/** Every `step`-th case. */
export async function compareVapPack(client: KubeClient, root: string, step: number): Promise<ComparisonResult> {
  const { policies, cases } = readPack(root, step);
  await install(client, resourcesIn(join(root, 'configuration')));
  for (const name of new Set(cases.map(({ object }) => namespaceOf(object) ?? 'default')))
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'e2e' });
  const plain = await eachOf(cases, ({ object }) => askServer(client, object));
  await waitForKinds(client, cases);
  const params = await eachOf(cases, async ({ params: wanted }) =>
    wanted === undefined ? undefined : stored(client, wanted),
  );
  await install(
    client,
    policies.map(({ object }) => object),
  );
  await install(
    client,
    cases.map(({ binding }) => binding),
  );
  await waitForPolicies(client, 'vap');
  const answers = await eachOf(cases, (test) => askUntilSynced(client, test.object));
  await eachOf([...policies.map(({ object }) => object), ...cases.map(({ binding }) => binding)], (object) =>
    client.delete({ apiVersion: 'admissionregistration.k8s.io/v1', kind: String(object['kind']) }, nameOf(object)),
  );
  const notTaken: string[] = [];
  const packDifferences: string[] = [];
  const differences: string[] = [];
  let [compared, denied, warned] = [0, 0, 0];
  for (const [index, test] of cases.entries()) {
    const [before, answer] = [plain[index], answers[index]];
    if (before === undefined || answer === undefined) continue;
    if (before.object === undefined) {
      notTaken.push(`${test.id}: ${before.message}`);
      continue;
    }
    compared += 1;
    const theirs = wordsOf(answer, before);
    if (theirs.verdict === 'fail') denied += 1;
    if (theirs.verdict === 'warn') warned += 1;
    if (theirs.verdict !== test.expected)
      packDifferences.push(`${test.id}: ${test.expected} expected, ${theirs.verdict}: ${theirs.text}`);
    const ours = judge(test, before.object, params[index]);
    if (ours.verdict !== theirs.verdict || ours.text !== theirs.text)
      differences.push(
        `${test.id}\n  server ${theirs.verdict}: ${theirs.text}\n  ours   ${ours.verdict}: ${ours.text}`,
      );
  }
  return { compared, denied, warned, notTaken, packDifferences, differences };
}

interface Words {
  readonly verdict: 'pass' | 'fail' | 'warn';
  readonly text: string;
}

/** Warnings that the server gives without policies as well (deprecations) are not theirs. */
function wordsOf(answer: AdmissionAnswer, before: AdmissionAnswer): Words {
  if (!answer.allowed) return { verdict: 'fail', text: answer.message };
  const warnings = answer.warnings.filter((warning) => !before.warnings.includes(warning));
  return warnings.length === 0 ? { verdict: 'pass', text: '' } : { verdict: 'warn', text: warnings.join('\n') };
}

function judge({ policy, binding }: PreparedCase, object: JsonObject, params: JsonObject | undefined): Words {
  const set = compileAdmissionPolicies([policy, { object: binding, locateValue: () => ({ path: 'binding' }) }]);
  if (set.problems.length > 0) return { verdict: 'fail', text: JSON.stringify(set.problems) };
  const outcome = evaluateAdmission(set, createRequest(object), {
    objects: () => (params === undefined ? [] : [params]),
    namespace: (name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    }),
  });
  const [denial] = outcome.denials;
  if (denial !== undefined)
    return {
      verdict: 'fail',
      text: `ValidatingAdmissionPolicy '${denial.policy}' with binding '${denial.binding}' denied request: ${denial.message}`,
    };
  if (outcome.warnings.length === 0) return { verdict: 'pass', text: '' };
  const texts = outcome.warnings.map(
    (finding) =>
      `Validation failed for ValidatingAdmissionPolicy '${finding.policy}' with binding '${finding.binding}': ${finding.message}`,
  );
  return { verdict: 'warn', text: texts.join('\n') };
}

function readPack(
  root: string,
  step: number,
): { policies: readonly KubernetesResource[]; cases: readonly PreparedCase[] } {
  const policies: KubernetesResource[] = [];
  const cases: PreparedCase[] = [];
  let seen = 0;
  for (const id of readdirSync(join(root, 'controls'))) {
    const folder = join(root, 'controls', id);
    const file = join(folder, 'policy.yaml');
    const [policy] = resourcesOf(parseKubernetesYaml(readFileSync(file, 'utf8'), file)).resources;
    if (policy === undefined) continue;
    policies.push(policy);
    for (const test of JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as readonly PackCase[]) {
      if (seen++ % step === 0) cases.push(prepare(test, policy, { id: `${id}/${test.name}`, mark: `case-${seen}` }));
    }
  }
  return { policies, cases };
}

interface Marking {
  readonly id: string;
  readonly mark: string;
}

const markLabel = 'e2e-case';

function prepare(test: PackCase, policy: KubernetesResource, { id, mark }: Marking): PreparedCase {
  const object = withLabels(test.object, { [markLabel]: mark });
  const spec = asObject(test.binding['spec']) ?? {};
  const matching = asObject(spec['matchResources']) ?? {};
  const selector = asObject(matching['objectSelector']) ?? {};
  const objectSelector = { ...selector, matchLabels: { ...asObject(selector['matchLabels']), [markLabel]: mark } };
  const paramRef = asObject(spec['paramRef']);
  const binding = {
    ...test.binding,
    metadata: { name: mark },
    spec: {
      ...spec,
      matchResources: { ...matching, objectSelector },
      ...(paramRef === undefined ? {} : { paramRef: { ...paramRef, name: mark } }),
    },
  };
  const params =
    test.params === undefined
      ? undefined
      : { ...test.params, metadata: { ...asObject(test.params['metadata']), name: mark } };
  return { ...test, id, policy, object, binding, ...(params === undefined ? {} : { params }) };
}

function resourcesIn(folder: string): readonly JsonObject[] {
  return readdirSync(folder).flatMap((file) =>
    resourcesOf(parseKubernetesYaml(readFileSync(join(folder, file), 'utf8'), file)).resources.map(
      ({ object }) => object,
    ),
  );
}

async function install(client: KubeClient, objects: readonly JsonObject[]): Promise<void> {
  await eachOf(objects, async (object) => void (await stored(client, object)));
}

async function stored(client: KubeClient, object: JsonObject): Promise<JsonObject> {
  const change = await client.apply(object, { fieldManager: 'e2e' });
  if (change.kind === 'done') return change.value;
  throw new Error(`${nameOf(object)}: ${change.kind === 'refused' ? change.message : change.reason}`);
}

/** A definition is served a moment after it was written. */
async function waitForKinds(client: KubeClient, cases: readonly PreparedCase[]): Promise<void> {
  const kinds = new Set(
    cases.flatMap(({ params }) =>
      params === undefined ? [] : [`${String(params['apiVersion'])} ${String(params['kind'])}`],
    ),
  );
  for (const text of kinds) {
    const [apiVersion = '', kind = ''] = text.split(' ');
    for (let waited = 0; waited < 30_000; waited += 200) {
      if ((await client.resourceOf({ apiVersion, kind })).kind === 'found') break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** The server looks for new kinds every 30 seconds, and begins to watch params when the first policy names their kind. */
async function askUntilSynced(client: KubeClient, object: JsonObject): Promise<AdmissionAnswer> {
  for (let waited = 0; ; waited += 200) {
    const answer = await askServer(client, object);
    if (waited > 60_000 || !/not yet synced|failed to find (?:param|resource)/.test(answer.message)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
