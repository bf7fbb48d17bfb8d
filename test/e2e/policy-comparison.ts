// SPDX-License-Identifier: Apache-2.0
// Our own corner cases (policy-cases/), all at once, on a real API server and in our evaluator.
import type { JsonObject } from '../../src/formats/document.ts';
import { asObject } from '../../src/formats/document.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import type { KubeChange } from '../../src/io/kube/outcome.ts';
import { evaluateAdmission } from '../../src/policy/admission-policy/evaluate.ts';
import { mutateAdmission } from '../../src/policy/admission-policy/mutate.ts';
import type { AdmissionPolicySet } from '../../src/policy/admission-policy/policy-set.ts';
import { compileAdmissionPolicies } from '../../src/policy/admission-policy/policy-set.ts';
import type { AdmissionAnswer } from '../support/admission-comparison.ts';
import {
  askServer,
  createRequest,
  differencesOf,
  eachOf,
  nameOf,
  waitForPolicies,
  withLabels,
} from '../support/admission-comparison.ts';
import type { MutationCase } from './mutation-cases.ts';
import { mutationCases } from './mutation-cases.ts';
import type { ChangeCase } from './policy-cases/changes.ts';
import { changeCases } from './policy-cases/changes.ts';
import type { PolicyCase } from './policy-cases/creations.ts';
import { policyCases } from './policy-cases/creations.ts';
import { settings, usualPod } from './policy-cases/objects.ts';
import { writtenPolicies } from './policy-cases/written-policies.ts';

export interface CornerResult {
  readonly compared: number;
  readonly differences: readonly string[];
}

const group = 'admissionregistration.k8s.io/v1';
const usualRules = {
  resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods', 'configmaps'] }],
};
const markLabel = 'e2e-corner';

const world = {
  objects: () => [],
  namespace: (name: string) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  }),
  // The administrator may do everything.
  authorize: () => ({ decision: 'allow', reason: '' }) as const,
};

interface Prepared {
  readonly name: string;
  readonly policy: JsonObject;
  readonly binding: JsonObject;
  readonly object: JsonObject;
}

export async function comparePolicyCases(client: KubeClient): Promise<CornerResult> {
  const prepared = policyCases.map((test, index) =>
    prepare('Validating', test, { mark: `v${index}`, actions: test.actions ?? ['Deny'] }),
  );
  const plain = await eachOf(prepared, ({ object }) => askServer(client, object));
  const refused = await writeAll(client, prepared);
  await waitForPolicies(client, 'corner');
  const answers = await eachOf(prepared, ({ object }) => askServer(client, object));
  await removeAll(client, prepared);
  const differences: string[] = [...refused];
  for (const [index, test] of prepared.entries()) {
    const [before, answer] = [plain[index], answers[index]];
    if (before?.object === undefined || answer === undefined) {
      differences.push(`${test.name}: the server does not take the object: ${before?.message}`);
      continue;
    }
    const set = compile(test);
    const outcome = evaluateAdmission(set, createRequest(before.object), world);
    const [denial] = outcome.denials;
    const ours: AdmissionAnswer = {
      allowed: outcome.allowed,
      message:
        denial === undefined
          ? ''
          : `ValidatingAdmissionPolicy '${denial.policy}' with binding '${denial.binding}' denied request: ${denial.message}`,
      warnings: outcome.warnings.map(
        ({ policy, binding, message }) =>
          `Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${binding}': ${message}`,
      ),
      object: undefined,
    };
    differences.push(...differ(test.name, wordsOf(answer), wordsOf(ours)));
    differences.push(...set.problems.map(({ message }) => `${test.name}: ours does not compile: ${message}`));
  }
  return { compared: prepared.length, differences };
}

/** Whether both take a policy when it is written. */
export async function compareWrittenPolicies(client: KubeClient): Promise<CornerResult> {
  const differences: string[] = [];
  for (const [name, spec] of Object.entries(writtenPolicies)) {
    const test = prepare('Validating', { name, spec }, { mark: 'written', actions: ['Deny'] });
    const change = await client.create(test.policy, { dryRun: true });
    const set = compile(test);
    const [theirs, ours] = [
      change.kind === 'done' ? 'taken' : 'refused',
      set.problems.length === 0 ? 'taken' : 'refused',
    ];
    if (theirs === ours) continue;
    const said = change.kind === 'refused' ? change.message : set.problems.map(({ message }) => message).join('; ');
    differences.push(`${name}: server ${theirs}, ours ${ours}: ${said}`);
  }
  return { compared: Object.keys(writtenPolicies).length, differences };
}

export async function compareMutations(client: KubeClient): Promise<CornerResult> {
  const prepared = mutationCases.map((test, index) => prepare('Mutating', test, { mark: `m${index}` }));
  const plain = await eachOf(prepared, ({ object }) => askServer(client, object));
  const refused = await writeAll(client, prepared);
  // Policies that change objects are told by informers of their own; the same time is enough for them.
  await waitForPolicies(client, 'mutating');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const answers = await eachOf(prepared, ({ object }) => askServer(client, object));
  await removeAll(client, prepared);
  const differences: string[] = [...refused];
  for (const [index, test] of prepared.entries()) {
    const [before, answer] = [plain[index], answers[index]];
    if (before?.object === undefined || answer === undefined) continue;
    const outcome = mutateAdmission(compile(test), createRequest(withoutServerFields(before.object)), { data: world });
    const [denial] = outcome.denials;
    if (outcome.allowed !== answer.allowed || (denial !== undefined && !isSaidIn(answer.message, denial.message))) {
      differences.push(
        `${test.name}\n  server ${answer.allowed} ${answer.message}\n  ours   ${outcome.allowed} ${denial?.message ?? ''}`,
      );
      continue;
    }
    if (answer.object === undefined || outcome.object === undefined) continue;
    const changes = differencesOf(withoutServerFields(answer.object), withoutServerFields(outcome.object));
    // What the server fills in for a container that was just added is no matter of policies.
    const own = changes.filter(
      (text) => !/terminationMessage|imagePullPolicy|resources: \{\} and undefined/.test(text),
    );
    if (own.length > 0) differences.push(`${test.name}\n  ${own.join('\n  ')}`);
  }
  return { compared: prepared.length, differences };
}

/** Why a patch cannot be applied is said in words of our own. */
function isSaidIn(theirs: string, ours: string): boolean {
  return theirs.includes(ours) || (theirs.includes(': JSON Patch: ') && ours.startsWith('JSON Patch: '));
}

/** UPDATE and DELETE, as dry runs on objects that are there. */
export async function compareChanges(client: KubeClient): Promise<CornerResult> {
  const prepared = changeCases.map((test, index): Prepared & { readonly test: ChangeCase } => {
    const operations = test.operations ?? [test.operation];
    const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations, resources: ['configmaps'] }];
    const spec = { ...test.spec, matchConstraints: { resourceRules: rules } };
    const object = { ...settings, metadata: { name: `changed-${index}`, namespace: 'default' } };
    return {
      ...prepare('Validating', { name: test.name, spec, object }, { mark: `c${index}`, actions: ['Deny'] }),
      test,
    };
  });
  const stored = await eachOf(prepared, async ({ object }) => {
    const change = await client.apply(object, { fieldManager: 'e2e' });
    if (change.kind !== 'done') throw new Error(`${nameOf(object)} cannot be created`);
    return change.value;
  });
  const change = (test: Prepared & { readonly test: ChangeCase }): Promise<KubeChange<JsonObject>> =>
    test.test.operation === 'DELETE'
      ? client.delete({ apiVersion: 'v1', kind: 'ConfigMap' }, nameOf(test.object), { dryRun: true })
      : client.update({ ...test.object, data: { ...asObject(test.object['data']), level: '8' } }, { dryRun: true });
  const plain = await eachOf(prepared, change);
  const refused = await writeAll(client, prepared);
  await waitForPolicies(client, 'change');
  const answers = await eachOf(prepared, change);
  await removeAll(client, prepared);
  const differences: string[] = [...refused];
  for (const [index, test] of prepared.entries()) {
    const [before, answer, oldObject] = [plain[index], answers[index], stored[index]];
    if (before?.kind !== 'done' || answer === undefined || answer.kind === 'unknown' || oldObject === undefined) {
      differences.push(`${test.name}: no answer`);
      continue;
    }
    const { operation } = test.test;
    const { object: _object, ...request } = createRequest(before.value);
    const kind = operation === 'UPDATE' ? 'UpdateOptions' : 'DeleteOptions';
    const { denials } = evaluateAdmission(
      compile(test),
      {
        ...request,
        operation,
        name: nameOf(test.object),
        namespace: 'default',
        kind: { group: '', version: 'v1', kind: 'ConfigMap' },
        resource: { group: '', version: 'v1', resource: 'configmaps' },
        oldObject,
        options: { apiVersion: 'meta.k8s.io/v1', kind, dryRun: ['All'] },
        ...(operation === 'UPDATE' ? { object: before.value } : {}),
      },
      world,
    );
    const theirs = answer.kind === 'refused' ? answer.message.replace(/^\S+ "[^"]*" is forbidden: /, '') : 'allowed';
    const [denial] = denials;
    const ours =
      denial === undefined
        ? 'allowed'
        : `ValidatingAdmissionPolicy '${denial.policy}' with binding '${denial.binding}' denied request: ${denial.message}`;
    differences.push(...differ(test.name, theirs, ours));
  }
  return { compared: prepared.length, differences };
}

interface Marked {
  readonly mark: string;
  readonly actions?: readonly string[];
}

function prepare(
  type: 'Validating' | 'Mutating',
  test: PolicyCase | MutationCase,
  { mark, actions }: Marked,
): Prepared {
  const name = `corner-${mark}`;
  return {
    name: test.name,
    object: withLabels(test.object ?? usualPod, { [markLabel]: mark }),
    policy: {
      apiVersion: group,
      kind: `${type}AdmissionPolicy`,
      metadata: { name },
      spec: {
        matchConstraints: usualRules,
        ...(type === 'Mutating' ? { failurePolicy: 'Fail', reinvocationPolicy: 'Never' } : {}),
        ...test.spec,
      },
    },
    binding: {
      apiVersion: group,
      kind: `${type}AdmissionPolicyBinding`,
      metadata: { name },
      spec: {
        policyName: name,
        ...(actions === undefined ? {} : { validationActions: actions }),
        matchResources: { objectSelector: { matchLabels: { [markLabel]: mark } } },
      },
    },
  };
}

function compile({ policy, binding }: Prepared): AdmissionPolicySet {
  return compileAdmissionPolicies(
    [policy, binding].map((object) => ({ object, locateValue: () => ({ path: 'policy' }) })),
  );
}

/** What the server does not take. */
async function writeAll(client: KubeClient, prepared: readonly Prepared[]): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const { name, policy, binding } of prepared)
    for (const object of [policy, binding]) {
      const change = await client.create(object);
      if (change.kind !== 'done')
        refused.push(`${name}: ${change.kind === 'refused' ? change.message : change.reason}`);
    }
  return refused;
}

async function removeAll(client: KubeClient, prepared: readonly Prepared[]): Promise<void> {
  for (const { policy, binding } of prepared)
    for (const object of [binding, policy])
      await client.delete({ apiVersion: group, kind: String(object['kind']) }, nameOf(object));
}

function wordsOf({ allowed, message, warnings }: AdmissionAnswer): string {
  return JSON.stringify({ allowed, message, warnings });
}

function differ(name: string, theirs: string, ours: string): readonly string[] {
  return theirs === ours ? [] : [`${name}\n  server ${theirs}\n  ours   ${ours}`];
}

/** What the server adds after its policies have changed the object. */
function withoutServerFields(object: JsonObject): JsonObject {
  const {
    uid: _uid,
    creationTimestamp: _time,
    managedFields: _managed,
    ...metadata
  } = asObject(object['metadata']) ?? {};
  return { ...object, metadata };
}
