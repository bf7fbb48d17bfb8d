// SPDX-License-Identifier: Apache-2.0
// The same admission question to a real API server and to our evaluator: an object that the server itself has defaulted, created as a dry run, and both
// verdicts in one form.
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../src/formats/document.ts';
import { asObject, asString } from '../../src/formats/document.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import type { KubeDone, KubeRefusal } from '../../src/io/kube/outcome.ts';
import type { AdmissionRequest } from '../../src/policy/admission-policy/request.ts';
import { requestFor } from '../../src/policy/admission-policy/request.ts';

/** What became of a request, in the API server's words. */
export interface AdmissionAnswer {
  readonly allowed: boolean;
  /** Of a denial, without the part that names the object. */
  readonly message: string;
  readonly warnings: readonly string[];
  /** As the server would have stored it. */
  readonly object: JsonObject | undefined;
}

/** The account that startControlPlane's administrator has. */
export const administrator: JsonObject = {
  username: 'administrator',
  uid: 'administrator',
  groups: ['system:masters', 'system:authenticated'],
};

/** Creates the object as a dry run. Throws when the server does not answer. */
export async function askServer(client: KubeClient, object: JsonObject): Promise<AdmissionAnswer> {
  const change = await client.create(object, { dryRun: true });
  if (change.kind === 'unknown') throw new Error(`${change.reason}\n${JSON.stringify(object)}`);
  return answerOf(change);
}

function answerOf(change: KubeDone<JsonObject> | KubeRefusal): AdmissionAnswer {
  const { warnings } = change;
  if (change.kind === 'done') return { allowed: true, message: '', warnings, object: change.value };
  return { allowed: false, message: withoutSubject(change.message), warnings, object: undefined };
}

/** `pods "web" is forbidden: MESSAGE`. */
function withoutSubject(message: string): string {
  return message.replace(/^\S+ "[^"]*" is forbidden: /, '');
}

/** The request of the administrator that our evaluator judges: CREATE of an object as the server has defaulted it. */
export function createRequest(object: JsonObject): AdmissionRequest {
  return {
    ...requestFor(object),
    userInfo: administrator,
    dryRun: true,
    options: { apiVersion: 'meta.k8s.io/v1', kind: 'CreateOptions', dryRun: ['All'] },
  };
}

export function withLabels(object: JsonObject, labels: Readonly<Record<string, string>>): JsonObject {
  const metadata = asObject(object['metadata']) ?? {};
  return { ...object, metadata: { ...metadata, labels: { ...asObject(metadata['labels']), ...labels } } };
}

export function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['name']) ?? '';
}

export function namespaceOf(object: JsonObject): string | undefined {
  return asString(asObject(object['metadata'])?.['namespace']);
}

/** What is different between two values that should be the same, as paths with both values. */
export function differencesOf(one: unknown, other: unknown, path = ''): readonly string[] {
  const [left, right] = [asObject(one), asObject(other)];
  if (left !== undefined && right !== undefined)
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
      differencesOf(left[key], right[key], `${path}.${key}`),
    );
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length)
    return one.flatMap((item, index) => differencesOf(item, other[index], `${path}[${index}]`));
  return JSON.stringify(one) === JSON.stringify(other)
    ? []
    : [`${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`];
}

/** Runs a task for each item, a few at a time, and gives the results in the order of the items. */
export async function eachOf<T, R>(items: readonly T[], task: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await task(item, index);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}

const probeName = 'landwaiter-probe';

/**
 * Waits until the API server applies all policies and bindings that were written before: one more policy is written, and asked until it denies. Their
 * informers give changes in order.
 */
export async function waitForPolicies(client: KubeClient, round: string): Promise<void> {
  const group = 'admissionregistration.k8s.io/v1';
  const name = `${probeName}-${round}-${randomBytes(4).toString('hex')}`;
  await client.apply(
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
        },
        validations: [{ expression: `object.metadata.name != '${name}'`, message: 'probe' }],
      },
    },
    { fieldManager: 'e2e' },
  );
  await client.apply(
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
    { fieldManager: 'e2e' },
  );
  const probe = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } };
  for (let waited = 0; waited < 60_000; waited += 100) {
    const answer = await askServer(client, probe);
    if (!answer.allowed && answer.message.includes('probe')) {
      for (const kind of ['ValidatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicy'])
        await client.delete({ apiVersion: group, kind }, name);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the API server does not apply new policies');
}
