// SPDX-License-Identifier: Apache-2.0
// Which params a binding finds, on a real API server and in our evaluator: by name and by selector, in the namespace of the request or another, and what
// follows when there are none. Service accounts are the params, because no other test of the same server uses them for that.
import type { JsonObject } from '../../src/formats/document.ts';
import { asObject } from '../../src/formats/document.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { evaluateAdmission } from '../../src/policy/admission-policy/evaluate.ts';
import { compileAdmissionPolicies } from '../../src/policy/admission-policy/policy-set.ts';
import {
  askServer,
  createRequest,
  eachOf,
  nameOf,
  waitForPolicies,
  withLabels,
} from '../support/admission-comparison.ts';
import type { CornerResult } from './policy-comparison.ts';

const group = 'admissionregistration.k8s.io/v1';
const namespaces = ['params-a', 'params-b'] as const;
const mark = 'e2e-params';

const references: readonly (JsonObject | undefined)[] = [
  { name: 'one' },
  { name: 'one', namespace: 'params-b' },
  { name: 'absent', parameterNotFoundAction: 'Allow' },
  { name: 'absent' },
  { selector: { matchLabels: { tier: 'a' } } },
  { selector: { matchLabels: { tier: 'z' } } },
  { selector: { matchLabels: { tier: 'z' } }, parameterNotFoundAction: 'Allow' },
  { selector: { matchExpressions: [{ key: 'max', operator: 'Exists' }] }, namespace: 'params-b' },
  undefined,
];

export async function compareParams(client: KubeClient): Promise<CornerResult> {
  for (const name of namespaces)
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'e2e' });
  const params = [account('one', 'params-a', '1'), account('two', 'params-a', '1'), account('one', 'params-b', '9')];
  for (const object of params) await client.apply(object, { fieldManager: 'e2e' });
  const prepared = references.map((paramRef, index) => policyWith(paramRef, `params-${index}`));
  const objects = prepared.flatMap(({ policy, binding }) => [policy, binding]);
  const differences: string[] = [];
  for (const object of objects) {
    const change = await client.create(object);
    if (change.kind !== 'done') differences.push(`${nameOf(object)}: ${JSON.stringify(change)}`);
  }
  await waitForPolicies(client, 'params');
  // The server begins to watch a kind when the first policy takes it for params.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const asked = prepared.flatMap((test) => namespaces.map((namespace) => ({ ...test, namespace })));
  await eachOf(asked, async ({ name, namespace, policy, binding }) => {
    const pod = podIn(namespace);
    const plain = await askServer(client, pod);
    const theirs = await askServer(client, withLabels(pod, { [mark]: name }));
    const set = compileAdmissionPolicies(
      [policy, binding].map((object) => ({ object, locateValue: () => ({ path: 'policy' }) })),
    );
    const { denials } = evaluateAdmission(set, createRequest(withLabels(plain.object ?? pod, { [mark]: name })), {
      objects: ({ kind }) => (kind === 'ServiceAccount' ? params : []),
      namespace: (wanted) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: wanted } }),
    });
    const ours = denials.map(
      (denial) =>
        `ValidatingAdmissionPolicy '${denial.policy}' with binding '${denial.binding}' denied request: ${denial.message}`,
    );
    const isSame = theirs.allowed ? ours.length === 0 : ours.includes(theirs.message);
    if (!isSame) differences.push(`${name} in ${namespace}\n  server ${theirs.message}\n  ours   ${ours.join(' | ')}`);
  });
  for (const object of objects.toReversed())
    await client.delete({ apiVersion: group, kind: String(object['kind']) }, nameOf(object));
  return { compared: asked.length, differences };
}

function account(name: string, namespace: string, max: string): JsonObject {
  const labels = { tier: namespace === 'params-a' ? 'a' : 'b', max };
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } };
}

function podIn(namespace: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace },
    spec: { containers: [{ name: 'web', image: 'web' }] },
  };
}

function policyWith(
  paramRef: JsonObject | undefined,
  name: string,
): { readonly name: string; readonly policy: JsonObject; readonly binding: JsonObject } {
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }];
  const policy = {
    apiVersion: group,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      paramKind: { apiVersion: 'v1', kind: 'ServiceAccount' },
      matchConstraints: { resourceRules: rules },
      validations: [
        {
          expression: "params.metadata.labels.max == '5'",
          messageExpression: "'max ' + string(params.metadata.labels.max) + ' in ' + params.metadata.namespace",
        },
      ],
    },
  };
  const reference =
    paramRef === undefined ? {} : { paramRef: { parameterNotFoundAction: 'Deny', ...asObject(paramRef) } };
  const matchResources = { objectSelector: { matchLabels: { [mark]: name } } };
  const binding = {
    apiVersion: group,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'], matchResources, ...reference },
  };
  return { name, policy, binding };
}
