// SPDX-License-Identifier: Apache-2.0
// What several of Polaris' checks of security have in common: settings that the Pod may make for its containers, capabilities, rules of roles.

import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestFault, ManifestSet } from '../manifest-check.ts';
import type { PolarisContainer, PolarisView } from './view.ts';
import { relatedOf } from './view.ts';

/** What a securityContext says about one concern; a setting that is absent is neither. */
export interface SettingRule {
  readonly isGood: (context: JsonObject) => boolean;
  /** Says nothing against it. */
  readonly isNotBad: (context: JsonObject) => boolean;
}

/** Good in the container; or good in the Pod and not taken back by the container. */
export function isSetWell({ isGood, isNotBad }: SettingRule, container: PolarisContainer, view: PolarisView): boolean {
  if (isGood(container.securityContext)) return true;
  return isGood(asObject(view.spec['securityContext']) ?? {}) && isNotBad(container.securityContext);
}

/** A member that must have one value. */
export function exactly(member: string, value: boolean): SettingRule {
  return {
    isGood: (context) => context[member] === value,
    isNotBad: (context) => context[member] === undefined || context[member] === value,
  };
}

export function capabilityNames(container: PolarisContainer, list: 'add' | 'drop'): readonly string[] {
  return asArray(asObject(container.securityContext['capabilities'])?.[list]).map((name) => String(name).toUpperCase());
}

const nameOfCalico = 'gce:podsecuritypolicy:calico-sa';

/** Objects that Kubernetes or a provider brings. */
export function isDefaultName(name: string, others: readonly string[] = []): boolean {
  return name.startsWith('system:') || name === nameOfCalico || others.includes(name);
}

export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Rules of a role; undefined when it has none, which is no role that Polaris accepts. */
export function roleRules(role: KubernetesResource): readonly RoleRule[] | undefined {
  if (!Array.isArray(role.object['rules'])) return undefined;
  return role.object['rules'].map((item) => {
    const rule = asObject(item) ?? {};
    const texts = (member: string): readonly string[] => asArray(rule[member]).map(String);
    return { apiGroups: texts('apiGroups'), resources: texts('resources'), verbs: texts('verbs') };
  });
}

/** May run commands in Pods. An exec is also possible by `get`, through a web socket. */
export function allowsExec({ apiGroups, resources, verbs }: RoleRule): boolean {
  return (
    ['', '*'].some((group) => apiGroups.includes(group)) &&
    ['*', 'pods/exec', 'pods/attach'].some((resource) => resources.includes(resource)) &&
    ['*', 'get', 'create'].some((verb) => verbs.includes(verb))
  );
}

const sevenVerbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/** May do everything: wildcards, or all seven verbs by name. */
export function allowsEverything({ apiGroups, resources, verbs }: RoleRule): boolean {
  if (!apiGroups.includes('*') || !resources.includes('*')) return false;
  if (new Set(verbs).size !== verbs.length) return false;
  return verbs.includes('*') || (verbs.length >= 7 && verbs.every((verb) => sevenVerbs.includes(verb)));
}

export interface RoleReference {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

export function roleReferenceOf(binding: KubernetesResource): RoleReference {
  const reference = asObject(binding.object['roleRef']) ?? {};
  const text = (member: string): string => asString(reference[member]) ?? '';
  return { apiGroup: text('apiGroup'), kind: text('kind'), name: text('name') };
}

export interface BindingConcern {
  /** What a rule must not do. */
  readonly isUnwanted: (rule: RoleRule) => boolean;
  /** Words for it: `allows to run commands in Pods`. */
  readonly words: string;
}

/** Whether the role that a binding names is there and harmless; a role that is not there cannot be judged and so is a fault. */
export function boundRoleFaults(
  binding: KubernetesResource,
  set: ManifestSet,
  { isUnwanted, words }: BindingConcern,
): readonly ManifestFault[] {
  const { kind, name } = roleReferenceOf(binding);
  const roles = relatedOf(kind, binding, set).filter((role) => role.name === name && roleRules(role) !== undefined);
  if (roles.some((role) => roleRules(role)?.some(isUnwanted) === false)) return [];
  const what = roles.length === 0 ? 'is not among these manifests' : words;
  return [{ message: `binds the ${kind} ${name}, which ${what}`, at: ['roleRef'] }];
}

/** Whether a reference has all that Polaris asks for. */
export function isCompleteReference({ apiGroup, name }: RoleReference): boolean {
  return apiGroup === 'rbac.authorization.k8s.io' && name !== '';
}

const sensitiveNames =
  /^AWS_SECRET_ACCESS_KEY$|^GOOGLE_APPLICATION_CREDENTIALS$|^AZURE_.+KEY$|^OCI_CLI_KEY_CONTENT$|password|token|bearer|secret/i;

/** A name that promises a credential. */
export function isSensitiveName(name: string): boolean {
  return sensitiveNames.test(name.slice(0, 1000));
}

/** Text that holds a private key in PEM form. */
export function holdsPrivateKey(text: string): boolean {
  return text.split('\n').some((line) => {
    const upper = line.slice(0, 10_000).toUpperCase();
    const begin = /-BEGIN\s/.exec(upper);
    return begin !== null && upper.includes('PRIVATE KEY-', begin.index + begin[0].length);
  });
}
