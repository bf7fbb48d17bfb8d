// SPDX-License-Identifier: Apache-2.0
// Roles that allow too much, and bindings that give them to somebody, as Polaris judges them.

import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestCheck, ManifestFault, ManifestSet } from '../manifest-check.ts';
import { relatedOf } from './view.ts';

const nameOfCalico = 'gce:podsecuritypolicy:calico-sa';

/** Objects that Kubernetes or a provider brings. */
function isDefaultName(name: string, others: readonly string[] = []): boolean {
  return name.startsWith('system:') || name === nameOfCalico || others.includes(name);
}

interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Rules of a role; undefined when it has none, which is no role that Polaris accepts. */
function roleRules(role: KubernetesResource): readonly RoleRule[] | undefined {
  if (!Array.isArray(role.object['rules'])) return undefined;
  return role.object['rules'].map((item) => {
    const rule = asObject(item) ?? {};
    const texts = (member: string): readonly string[] => asArray(rule[member]).map(String);
    return { apiGroups: texts('apiGroups'), resources: texts('resources'), verbs: texts('verbs') };
  });
}

/** May run commands in Pods. An exec is also possible by `get`, through a web socket. */
function allowsExec({ apiGroups, resources, verbs }: RoleRule): boolean {
  return (
    ['', '*'].some((group) => apiGroups.includes(group)) &&
    ['*', 'pods/exec', 'pods/attach'].some((resource) => resources.includes(resource)) &&
    ['*', 'get', 'create'].some((verb) => verbs.includes(verb))
  );
}

const sevenVerbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/** May do everything: wildcards, or all seven verbs by name. */
function allowsEverything({ apiGroups, resources, verbs }: RoleRule): boolean {
  if (!apiGroups.includes('*') || !resources.includes('*')) return false;
  if (new Set(verbs).size !== verbs.length) return false;
  return verbs.includes('*') || (verbs.length >= 7 && verbs.every((verb) => sevenVerbs.includes(verb)));
}

/** A right that no role should give. */
export interface UnwantedRight {
  readonly isIn: (rule: RoleRule) => boolean;
  /** What a role with it does: `allows to run commands in Pods`. */
  readonly words: string;
  /** The ClusterRole of Kubernetes that has it and need not be among the manifests. */
  readonly clusterRole?: string;
}

export const everyRight: UnwantedRight = {
  isIn: allowsEverything,
  words: 'allows everything',
  clusterRole: 'cluster-admin',
};

export const execInPods: UnwantedRight = { isIn: allowsExec, words: 'allows to run commands in Pods' };

/** Roles with a rule that gives the right, besides roles of the given names. */
export function roleWithRight(right: UnwantedRight, exempt: readonly string[] = []): ManifestCheck['run'] {
  return (role) => {
    if (isDefaultName(role.name ?? '', exempt)) return [];
    const rules = roleRules(role);
    if (rules === undefined) return [{ message: 'the role has no rules that could be judged', at: ['rules'] }];
    const index = rules.findIndex(right.isIn);
    return index === -1 ? [] : [{ message: `a rule ${right.words}`, at: ['rules', index] }];
  };
}

/** ClusterRoleBindings of a role that gives the right. */
export function clusterRoleBindingOf(right: UnwantedRight): ManifestCheck['run'] {
  return (binding, set) => {
    if (isDefaultName(binding.name ?? '', ['cluster-admin']) || roleReferenceOf(binding).name === 'view') return [];
    return boundRoleFaults(binding, set, { kind: 'ClusterRole', right });
  };
}

/** RoleBindings of a Role, or of a ClusterRole, that gives the right; bindings of the other kind are for the other check. */
export function roleBindingOf(kind: 'Role' | 'ClusterRole', right: UnwantedRight): ManifestCheck['run'] {
  const otherKind = kind === 'Role' ? 'ClusterRole' : 'Role';
  return (binding, set) => {
    if (isDefaultName(binding.name ?? '') || roleReferenceOf(binding).kind === otherKind) return [];
    return boundRoleFaults(binding, set, { kind, right });
  };
}

/** Whether the role that a binding names is there and harmless; a role that is not there cannot be judged and so is a fault. */
function boundRoleFaults(
  binding: KubernetesResource,
  set: ManifestSet,
  unwanted: { readonly kind: 'Role' | 'ClusterRole'; readonly right: UnwantedRight },
): readonly ManifestFault[] {
  const { right } = unwanted;
  const { apiGroup, kind, name } = roleReferenceOf(binding);
  const at = ['roleRef'];
  if (apiGroup !== 'rbac.authorization.k8s.io' || name === '' || kind !== unwanted.kind)
    return [{ message: 'the role that is bound cannot be told', at }];
  if (kind === 'ClusterRole' && name === right.clusterRole)
    return [{ message: `binds ${name}, which may do everything`, at }];
  const roles = relatedOf(kind, binding, set).filter((role) => role.name === name && roleRules(role) !== undefined);
  if (roles.some((role) => roleRules(role)?.some(right.isIn) === false)) return [];
  const what = roles.length === 0 ? 'is not among these manifests' : right.words;
  return [{ message: `binds the ${kind} ${name}, which ${what}`, at }];
}

interface RoleReference {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

function roleReferenceOf(binding: KubernetesResource): RoleReference {
  const reference = asObject(binding.object['roleRef']) ?? {};
  const text = (member: string): string => asString(reference[member]) ?? '';
  return { apiGroup: text('apiGroup'), kind: text('kind'), name: text('name') };
}
