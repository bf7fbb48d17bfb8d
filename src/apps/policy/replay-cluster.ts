// SPDX-License-Identifier: Apache-2.0
// A cluster in memory with admission by policies: stores what they let through, and what they write in the background. Of what an API server completes
// it completes what policies commonly look at (replay-defaults.ts), and checks nothing.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { AdmissionRequest } from '../../policy/admission-policy/request.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { restMapping } from '../../policy/admission-policy/rest-mapping.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import type { EngineSurroundings, PolicyWrite } from '../../policy/engine.ts';
import { policyEngines } from '../../policy/engines.ts';
import { equalJson } from '../../policy/patch/json-members.ts';
import { applyJsonMergePatch } from '../../policy/patch/json-merge-patch.ts';
import type { PolicySet, SetOutcome } from '../../policy/policy-set.ts';
import { compilePolicySet } from '../../policy/policy-set.ts';
import { knownObjectsProvider } from './known-objects.ts';
import { withDefaults } from './replay-defaults.ts';

const admin: JsonObject = {
  username: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:masters', 'system:authenticated'],
};

/** Where the objects of a test go that name no namespace. */
const ownNamespace = 'chainsaw';
/** Kyverno's resourceFilters as installed. */
const unseenNamespaces: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'kyverno'];

function metadataOf(object: JsonObject): JsonObject {
  return asObject(object['metadata']) ?? {};
}

/** Clock and chance of what is replayed. */
export class ReplayCluster {
  readonly #objects = new Map<string, JsonObject>();
  readonly #policies = new Map<string, KubernetesResource>();
  readonly #surroundings: EngineSurroundings;
  #set: PolicySet;
  readonly #data: DataProvider = {
    ...knownObjectsProvider({ objects: () => this.#objects.values(), knowledge: 'complete' }),
    rolesOf: () => ({ roles: [], clusterRoles: ['cluster-admin'] }),
  };

  constructor(surroundings: EngineSurroundings) {
    this.#surroundings = surroundings;
    this.#set = this.#compiled();
  }

  /** Why the write is refused; undefined: it is not. */
  write(resource: KubernetesResource, how: 'apply' | 'patch'): string | undefined {
    const desired = complete(resource.object);
    const key = keyOf(desired);
    const old = this.#objects.get(key);
    if (how === 'patch' && old === undefined) return 'not found';
    const merged = old === undefined ? desired : (asObject(applyJsonMergePatch(old, desired)) ?? desired);
    const object = old === undefined ? withDefaults(merged, this.#objects.size + 1) : merged;
    const isPolicy = policyEngines.some((engine) => engine.accepts({ ...resource, object }));
    if (isPolicy) return this.#install(key, { ...resource, object });
    if (/kyverno\.io\//.test(asString(object['apiVersion']) ?? '') && resource.kind.endsWith('Policy'))
      return `policies of kind ${resource.kind} are not supported yet`;
    const request = requestFor(object, old === undefined ? 'CREATE' : 'UPDATE');
    const outcome = this.#judge({ ...request, ...(old === undefined ? {} : { oldObject: old }) }, object);
    const denial = outcome?.decisions.find(
      ({ outcome: said, effect }) => effect === 'deny' && (said === 'fail' || said === 'error'),
    );
    if (denial !== undefined) return `${denial.policy}/${denial.rule}: ${denial.outcome}: ${denial.message}`;
    this.#objects.set(key, outcome?.object ?? object);
    this.#writeLater(outcome?.writes ?? [], 0);
    return undefined;
  }

  #judge(request: AdmissionRequest, object: JsonObject): SetOutcome | undefined {
    if (!this.#isSeen(object)) return undefined;
    return this.#set.judge(
      { ...request, userInfo: admin },
      {
        cluster: {
          objects: ({ apiVersion, kind }) =>
            [...this.#objects.values()].filter((each) => each['apiVersion'] === apiVersion && each['kind'] === kind),
          namespace: (name) => this.#namespace(name),
        },
        provider: this.#data,
        writes: 'wanted',
      },
    );
  }

  /** What policies write in the background goes through them again, as in a cluster; only so deep, since two may write for each other. */
  #writeLater(writes: readonly PolicyWrite[], depth: number): void {
    if (depth > deepestWrite) return;
    for (const { object: written } of writes) {
      const object = complete(written);
      const key = keyOf(object);
      const old = this.#objects.get(key);
      if (old !== undefined && equalJson(old, object)) continue;
      const request = requestFor(object, old === undefined ? 'CREATE' : 'UPDATE');
      const outcome = this.#judge({ ...request, ...(old === undefined ? {} : { oldObject: old }) }, object);
      this.#objects.set(key, outcome?.object ?? object);
      this.#writeLater(outcome?.writes ?? [], depth + 1);
    }
  }

  /** A new policy also writes for what is there already, where it says so. */
  #writeForExisting(): void {
    for (const object of this.#objects.values()) {
      const kind = asString(object['kind']) ?? '';
      if (kind.endsWith('Policy') && /kyverno\.io\//.test(asString(object['apiVersion']) ?? '')) continue;
      const outcome = this.#judge({ ...requestFor(object, 'UPDATE'), oldObject: object }, object);
      this.#writeLater(outcome?.writes ?? [], 0);
    }
  }

  remove(object: JsonObject): void {
    const key = keyOf(complete(object));
    this.#objects.delete(key);
    if (this.#policies.delete(key)) this.#compile();
  }

  /** Whether an object holds all that `wanted` says. Without a name any object of the kind will do. */
  has(wanted: JsonObject): boolean {
    const completed = complete(wanted);
    if (metadataOf(wanted)['name'] !== undefined) return holds(this.#objects.get(keyOf(completed)), completed);
    return [...this.#objects.values()].some((object) => holds(object, completed));
  }

  #install(key: string, resource: KubernetesResource): string | undefined {
    const before = this.#policies.get(key);
    this.#policies.set(key, resource);
    this.#compile();
    const problem = this.#set.problems.find(({ hidesFindings }) => hidesFindings);
    if (problem === undefined) {
      this.#objects.set(key, resource.object);
      if (writesForExisting(resource.object)) this.#writeForExisting();
      return undefined;
    }
    if (before === undefined) this.#policies.delete(key);
    else this.#policies.set(key, before);
    this.#compile();
    return problem.message;
  }

  #compile(): void {
    this.#set = this.#compiled();
  }

  #compiled(): PolicySet {
    const options = { unbound: 'ignore', surroundings: this.#surroundings } as const;
    return compilePolicySet([...this.#policies.values()], policyEngines, options);
  }

  #isSeen(object: JsonObject): boolean {
    return !unseenNamespaces.includes(asString(metadataOf(object)['namespace']) ?? '');
  }

  #namespace(name: string): JsonObject {
    const stored = this.#objects.get(keyOf({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    return stored ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: {} } };
  }
}

const deepestWrite = 10;

function writesForExisting(policy: JsonObject): boolean {
  return /"(?:mutateExistingOnPolicyUpdate|generateExisting)":true|"(?:mutateExisting|generateExisting)":\{"enabled":true/.test(
    JSON.stringify(policy['spec'] ?? {}),
  );
}

/** With the namespace of the test, and the label that namespaces get. */
function complete(object: JsonObject): JsonObject {
  const apiVersion = asString(object['apiVersion']) ?? '';
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const metadata = metadataOf(object);
  const kind = asString(object['kind']) ?? '';
  if (kind === 'Namespace') {
    const labels = { 'kubernetes.io/metadata.name': metadata['name'], ...asObject(metadata['labels']) };
    return { ...object, metadata: { ...metadata, labels } };
  }
  if (metadata['namespace'] !== undefined || restMapping(group, kind).scope === 'Cluster' || kind === 'ClusterPolicy')
    return object;
  return { ...object, metadata: { ...metadata, namespace: ownNamespace } };
}

function keyOf(object: JsonObject): string {
  const { name, namespace } = metadataOf(object);
  // The versions of a group are views of the same objects.
  const group = (asString(object['apiVersion']) ?? '').split('/').slice(0, -1);
  return JSON.stringify([group, object['kind'], namespace ?? '', name ?? '']);
}

function holds(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const items = asArray(actual);
    return items.length === wanted.length && wanted.every((item, index) => holds(items[index], item));
  }
  const members = asObject(wanted);
  if (members === undefined) return actual === wanted;
  const object = asObject(actual);
  return object !== undefined && Object.entries(members).every(([key, value]) => holds(object[key], value));
}
