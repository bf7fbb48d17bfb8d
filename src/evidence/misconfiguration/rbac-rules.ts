// SPDX-License-Identifier: Apache-2.0
// Rules of Roles and ClusterRoles, and subjects of their bindings, for the checks that look for dangerous rights.

import type { DocumentPath } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { ManifestFault } from './manifest-check.ts';

export const roleKinds: readonly string[] = ['Role', 'ClusterRole'];
export const bindingKinds: readonly string[] = ['RoleBinding', 'ClusterRoleBinding'];
export const rbacGoodPractices = 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/';

/** Verbs that change something. */
export const writeVerbs: readonly string[] = ['create', 'update', 'patch', 'delete', 'deletecollection', 'impersonate'];
export const allVerbs: readonly string[] = ['get', 'list', 'watch', ...writeVerbs];

export interface RbacRule {
  readonly at: DocumentPath;
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames: readonly string[];
}

export interface RightsWanted {
  /** Any of them; a rule names one literally. Without it every group. */
  readonly apiGroups?: readonly string[];
  readonly resources: readonly string[];
  /** Any of them; `*` in the rule stands for all. */
  readonly verbs: readonly string[];
}

export function rulesOf(resource: KubernetesResource): readonly RbacRule[] {
  return asArray(resource.object['rules']).flatMap((item, index): RbacRule[] => {
    const rule = asObject(item);
    if (rule === undefined) return [];
    return [
      {
        at: ['rules', index],
        apiGroups: texts(rule['apiGroups']),
        resources: texts(rule['resources']),
        verbs: texts(rule['verbs']),
        resourceNames: texts(rule['resourceNames']),
      },
    ];
  });
}

function texts(value: unknown): readonly string[] {
  return asArray(value).filter((item) => typeof item === 'string');
}

/** A right that a rule gives, or undefined: the first resource and verb that match. */
export function grantedBy(
  rule: RbacRule,
  wanted: RightsWanted,
): { readonly resource: string; readonly verb: string } | undefined {
  if (wanted.apiGroups !== undefined && !wanted.apiGroups.some((group) => rule.apiGroups.includes(group)))
    return undefined;
  const resource = rule.resources.find((name) => wanted.resources.includes(name));
  const verb = rule.verbs.find((name) => name === '*' || wanted.verbs.includes(name));
  return resource === undefined || verb === undefined ? undefined : { resource, verb };
}

/** A fault for each rule that gives one of the rights: `allows delete on pods/log`. */
export function faultsOfRules(resource: KubernetesResource, wanted: RightsWanted): readonly ManifestFault[] {
  return rulesOf(resource).flatMap((rule): ManifestFault[] => {
    const right = grantedBy(rule, wanted);
    if (right === undefined) return [];
    const verb = right.verb === '*' ? 'every verb' : right.verb;
    const on = right.resource === '*' ? 'every resource' : right.resource;
    return [{ message: `a rule allows ${verb} on ${on}`, at: rule.at }];
  });
}

/** May bind roles and create bindings of a kind: together that is every right. At most one fault. */
export function bindingFaults(resource: KubernetesResource, bindings: string): readonly ManifestFault[] {
  const rules = rulesOf(resource);
  const group = ['rbac.authorization.k8s.io', '*'];
  const creates = rules.find((rule) => grantedBy(rule, { apiGroups: group, resources: [bindings], verbs: ['create'] }));
  const binds = rules.some(
    (rule) =>
      (rule.resourceNames.length === 0 || rule.resourceNames.includes('*')) &&
      grantedBy(rule, { apiGroups: group, resources: ['roles', 'clusterroles'], verbs: ['bind'] }) !== undefined,
  );
  if (creates === undefined || !binds) return [];
  return [{ message: `rules allow to create ${bindings} and to bind every role with them`, at: creates.at }];
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly at: DocumentPath;
}

export function subjectsOf(resource: KubernetesResource): readonly Subject[] {
  return asArray(resource.object['subjects']).flatMap((item, index): Subject[] => {
    const subject = asObject(item);
    const name = asString(subject?.['name']);
    if (name === undefined) return [];
    return [{ kind: asString(subject?.['kind']) ?? '', name, at: ['subjects', index] }];
  });
}

/** At most one fault for a binding that has one of the subjects. */
export function subjectFaults(resource: KubernetesResource, names: readonly string[]): readonly ManifestFault[] {
  const found = subjectsOf(resource).find(({ name }) => names.includes(name));
  if (found === undefined) return [];
  const role = asString(asObject(resource.object['roleRef'])?.['name']) ?? '(no name)';
  return [{ message: `the role ${role} is bound to ${found.name}`, at: found.at }];
}
