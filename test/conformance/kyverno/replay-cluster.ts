// SPDX-License-Identifier: Apache-2.0
// A cluster in memory with admission by policies: stores what they let through. It completes and checks nothing as an API server would.
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { KubernetesResource } from '../../../src/formats/kubernetes-yaml/resources.ts';
import { requestFor } from '../../../src/policy/admission-policy/request.ts';
import { restMapping } from '../../../src/policy/admission-policy/rest-mapping.ts';
import type { DataProvider } from '../../../src/policy/data-provider.ts';
import { noData } from '../../../src/policy/data-provider.ts';
import { policyEngines } from '../../../src/policy/engines.ts';
import { kyvernoEngine } from '../../../src/policy/kyverno/policy-engine.ts';
import { applyJsonMergePatch } from '../../../src/policy/patch/json-merge-patch.ts';
import type { PolicySet } from '../../../src/policy/policy-set.ts';
import { compilePolicySet } from '../../../src/policy/policy-set.ts';
import { withDefaults } from './replay-defaults.ts';

const engines = [
  ...policyEngines.filter(({ id }) => id !== 'kyverno'),
  kyvernoEngine({ now: () => Date.now(), random: (below) => Math.floor(Math.random() * below) }),
];

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

export class ReplayCluster {
  readonly #objects = new Map<string, JsonObject>();
  readonly #policies = new Map<string, KubernetesResource>();
  #set: PolicySet = compilePolicySet([], engines, { unbound: 'ignore' });
  readonly #data: DataProvider = {
    ...noData,
    objects: (apiVersion, kind) => ({
      kind: 'found',
      value: [...this.#objects.values()].filter(
        (object) => object['apiVersion'] === apiVersion && object['kind'] === kind,
      ),
    }),
    rolesOf: () => ({ roles: [], clusterRoles: ['cluster-admin'] }),
    configMap: (namespace, name) => {
      const value = this.#objects.get(keyOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } }));
      return value === undefined ? { kind: 'absent' } : { kind: 'found', value };
    },
    apiCall: ({ urlPath = '' }) => ({ kind: 'found', value: this.#list(urlPath) }),
  };

  /** Why the write is refused; undefined: it is not. */
  write(resource: KubernetesResource, how: 'apply' | 'patch'): string | undefined {
    const desired = complete(resource.object);
    const key = keyOf(desired);
    const old = this.#objects.get(key);
    if (how === 'patch' && old === undefined) return 'not found';
    const merged = old === undefined ? desired : (asObject(applyJsonMergePatch(old, desired)) ?? desired);
    const object = old === undefined ? withDefaults(merged, this.#objects.size + 1) : merged;
    const isPolicy = engines.some((engine) => engine.accepts({ ...resource, object }));
    if (isPolicy) return this.#install(key, { ...resource, object });
    if (/kyverno\.io\//.test(asString(object['apiVersion']) ?? '') && resource.kind.endsWith('Policy'))
      return `policies of kind ${resource.kind} are not supported yet`;
    const request = requestFor(object, old === undefined ? 'CREATE' : 'UPDATE');
    const outcome = this.#isSeen(object)
      ? this.#set.judge(
          { ...request, ...(old === undefined ? {} : { oldObject: old }), userInfo: admin },
          { cluster: { objects: () => [], namespace: (name) => this.#namespace(name) }, provider: this.#data },
        )
      : undefined;
    const denial = outcome?.decisions.find(
      ({ outcome: said, effect }) => effect === 'deny' && (said === 'fail' || said === 'error'),
    );
    if (denial !== undefined) return `${denial.policy}/${denial.rule}: ${denial.outcome}: ${denial.message}`;
    this.#objects.set(key, outcome?.object ?? object);
    return undefined;
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
      return undefined;
    }
    if (before === undefined) this.#policies.delete(key);
    else this.#policies.set(key, before);
    this.#compile();
    return problem.message;
  }

  #compile(): void {
    this.#set = compilePolicySet([...this.#policies.values()], engines, { unbound: 'ignore' });
  }

  #isSeen(object: JsonObject): boolean {
    return !unseenNamespaces.includes(asString(metadataOf(object)['namespace']) ?? '');
  }

  #namespace(name: string): JsonObject {
    const stored = this.#objects.get(keyOf({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    return stored ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: {} } };
  }

  /** Answers of the API server: one object, or a list. */
  #list(path: string): unknown {
    const [bare = ''] = path.split('?');
    const parts = bare.split('/').filter((part) => part !== '');
    const isCore = parts[0] === 'api';
    const apiVersion = isCore ? (parts[1] ?? '') : `${parts[1] ?? ''}/${parts[2] ?? ''}`;
    const rest = parts.slice(isCore ? 2 : 3);
    const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined;
    const [plural, name] = namespace === undefined ? rest : rest.slice(2);
    const items = [...this.#objects.values()].filter(
      (object) =>
        object['apiVersion'] === apiVersion &&
        restMapping(isCore ? '' : (parts[1] ?? ''), asString(object['kind']) ?? '').resource === plural &&
        (namespace === undefined || metadataOf(object)['namespace'] === namespace),
    );
    return name === undefined
      ? { apiVersion, kind: 'List', items }
      : (items.find((object) => metadataOf(object)['name'] === name) ?? null);
  }
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
