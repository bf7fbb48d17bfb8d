// SPDX-License-Identifier: Apache-2.0
// The policies of rules/policies and their good and bad examples, on a real API server and in our evaluator.
import { readdirSync, readFileSync } from 'node:fs';
import type { JsonObject } from '../../src/formats/document.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../src/formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { evaluateAdmission } from '../../src/policy/admission-policy/evaluate.ts';
import { compileAdmissionPolicies } from '../../src/policy/admission-policy/policy-set.ts';
import { askServer, createRequest, nameOf, namespaceOf, waitForPolicies } from '../support/admission-comparison.ts';

export interface ShippedResult {
  readonly policies: number;
  /** Policies of other dialects than the API server's. */
  readonly others: readonly string[];
  readonly compared: number;
  readonly denied: number;
  readonly notTaken: readonly string[];
  readonly differences: readonly string[];
}

const folder = new URL('../../rules/policies/', import.meta.url);

export async function compareShippedPolicies(client: KubeClient): Promise<ShippedResult> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const documents = files.flatMap(read);
  const own = documents.filter(({ object }) =>
    String(object['apiVersion']).startsWith('admissionregistration.k8s.io/'),
  );
  const others = documents.filter((document) => !own.includes(document)).map(({ object }) => nameOf(object));
  const examples = [
    read('examples/good.yaml'),
    ...readdirSync(new URL('examples/bad/', folder)).map((name) => read(`examples/bad/${name}`)),
  ]
    .flat()
    .map(({ object }) => object);
  for (const name of new Set(examples.map((object) => namespaceOf(object) ?? 'default')))
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'e2e' });
  // The params of the policies are among the good examples.
  const params = examples.filter(({ kind }) => kind === 'ConfigMap');
  for (const object of params) await written(client, object);
  const before = [];
  for (const object of examples) before.push(await askServer(client, object));
  for (const { object } of own) await written(client, object);
  await waitForPolicies(client, 'shipped');
  const set = compileAdmissionPolicies(own);
  const notTaken: string[] = [];
  const differences: string[] = set.problems.map(({ message }) => message);
  let [compared, denied] = [0, 0];
  for (const [index, object] of examples.entries()) {
    const plain = before[index];
    if (plain?.object === undefined) {
      notTaken.push(`${String(object['kind'])} ${nameOf(object)}: ${plain?.message}`);
      continue;
    }
    compared += 1;
    const answer = await askServer(client, object);
    const namespaces = await namespacesOf(client, object);
    const outcome = evaluateAdmission(set, createRequest(plain.object), {
      objects: ({ kind }) => (kind === 'ConfigMap' ? params : []),
      namespace: () => namespaces,
    });
    // Which of several denials the server names is chance: it walks a map.
    const ours = outcome.denials.map(
      ({ policy, binding, message }) =>
        `ValidatingAdmissionPolicy '${policy}' with binding '${binding}' denied request: ${message}`,
    );
    if (!answer.allowed) denied += 1;
    const warned = outcome.warnings.map(
      ({ policy, binding, message }) =>
        `Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${binding}': ${message}`,
    );
    const warnings = answer.warnings.filter((text) => text.includes('ValidatingAdmissionPolicy'));
    const isSame =
      answer.allowed === outcome.allowed &&
      (answer.allowed || ours.includes(answer.message)) &&
      warnings.toSorted().join() === warned.toSorted().join();
    if (!isSame)
      differences.push(
        `${String(object['kind'])} ${nameOf(object)}\n  server ${answer.allowed} ${answer.message} ${warnings.join()}\n  ours   ${outcome.allowed} ${ours.join(' | ')} ${warned.join()}`,
      );
  }
  for (const { object } of own)
    await client.delete({ apiVersion: String(object['apiVersion']), kind: String(object['kind']) }, nameOf(object));
  return { policies: own.length / 2, others, compared, denied, notTaken, differences };
}

function read(path: string): readonly KubernetesResource[] {
  return resourcesOf(parseKubernetesYaml(readFileSync(new URL(path, folder), 'utf8'), path)).resources;
}

async function written(client: KubeClient, object: JsonObject): Promise<void> {
  const change = await client.apply(object, { fieldManager: 'e2e', fieldValidation: 'Strict' });
  if (change.kind !== 'done')
    throw new Error(`${nameOf(object)}: ${change.kind === 'refused' ? change.message : change.reason}`);
}

async function namespacesOf(client: KubeClient, object: JsonObject): Promise<JsonObject | undefined> {
  const found = await client.get({ apiVersion: 'v1', kind: 'Namespace' }, namespaceOf(object) ?? 'default');
  return found.kind === 'found' ? found.value : undefined;
}
