// SPDX-License-Identifier: Apache-2.0
// Templates of KubeLinter about roles and their bindings.

import type { RE2JS } from 're2js';
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { selectorOfLabels, selects } from '../label-selector.ts';
import type { ManifestFault, ManifestSet } from '../manifest-check.ts';
import { printedList, quoted } from './go-text.ts';
import { isOfKind } from './object-kinds.ts';
import { objectsIn } from './pods.ts';
import { defineTemplate, fault, matchesAny } from './template.ts';

interface RuleView {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly at: DocumentPath;
}

function rulesOf(role: KubernetesResource): readonly RuleView[] {
  return objectsIn(role.object['rules'], ['rules']).map(({ value, at }) => ({
    resources: asArray(value['resources']).map(String),
    verbs: asArray(value['verbs']).map(String),
    at,
  }));
}

export const wildcardRulesTemplate = defineTemplate({
  name: 'wildcard-in-rules',
  kinds: ['Role', 'ClusterRole'],
  parameters: [],
  instantiate: () => (resource) => {
    if (!isOfKind(resource, ['Role', 'ClusterRole'])) return [];
    return rulesOf(resource).flatMap(({ resources, verbs, at }) => [
      ...resources
        .filter((item) => item === '*')
        .map(() => fault([...at, 'resources'], 'wildcard "*" in resource specification')),
      ...verbs.filter((item) => item === '*').map(() => fault([...at, 'verbs'], 'wildcard "*" in verb specification')),
    ]);
  },
});

export const clusterAdminBindingTemplate = defineTemplate({
  name: 'cluster-admin-role-binding',
  kinds: ['ClusterRoleBinding'],
  parameters: [],
  instantiate: () => (resource) => {
    if (!isOfKind(resource, ['ClusterRoleBinding'])) return [];
    const role = asObject(resource.object['roleRef']);
    if (role?.['name'] !== 'cluster-admin' || role['kind'] !== 'ClusterRole') return [];
    const subjects = asArray(resource.object['subjects']).map((item) => subjectAsJson(asObject(item) ?? {}));
    const printed = Array.isArray(resource.object['subjects']) ? `[${subjects.join(',')}]` : 'null';
    return [
      fault(
        ['roleRef'],
        `cluster-admin role is bound to ${printed}`,
        'gives the role cluster-admin, which may do everything',
      ),
    ];
  },
});

/** A Subject as encoding/json prints the struct: members in their order, empty ones left out. */
function subjectAsJson(subject: JsonObject): string {
  const text = (member: string): string => asString(subject[member]) ?? '';
  const optional = (member: string) => (text(member) === '' ? {} : { [member]: text(member) });
  return JSON.stringify({
    kind: text('kind'),
    ...optional('apiGroup'),
    name: text('name'),
    ...optional('namespace'),
  });
}

interface Access {
  readonly resources: readonly RE2JS[];
  readonly verbs: readonly RE2JS[];
  readonly isMissingWrong: boolean;
}

export const resourceAccessTemplate = defineTemplate({
  name: 'access-to-resources',
  kinds: ['Role', 'ClusterRole', 'ClusterRoleBinding', 'RoleBinding'],
  parameters: [
    { name: 'flagRolesNotFound', type: 'flag' },
    { name: 'resources', type: 'texts' },
    { name: 'verbs', type: 'texts' },
  ],
  instantiate: (parameters) => {
    const access: Access = {
      resources: parameters.patterns('resources'),
      verbs: parameters.patterns('verbs'),
      isMissingWrong: parameters.isSet('flagRolesNotFound'),
    };
    return (resource, set) => {
      const name = asString(asObject(resource.object['roleRef'])?.['name']) ?? '';
      if (isOfKind(resource, ['RoleBinding'])) return roleAccess(name, resource, { access, set });
      return isOfKind(resource, ['ClusterRoleBinding']) ? clusterRoleAccess(name, { access, set }) : [];
    };
  },
});

interface AccessContext {
  readonly access: Access;
  readonly set: ManifestSet;
}

const roleRef: DocumentPath = ['roleRef'];

function roleAccess(
  name: string,
  binding: KubernetesResource,
  { access, set }: AccessContext,
): readonly ManifestFault[] {
  const namespace = orDefault(binding.namespace);
  const roles = set.ofKind('Role').filter((role) => role.name === name && orDefault(role.namespace) === namespace);
  if (roles.length === 0 && access.isMissingWrong)
    return [fault(roleRef, `role ${quoted(name)} in namespace ${quoted(namespace)} not found`)];
  return roles.flatMap((role) => {
    const accesses = accessesOf(role, access);
    if (accesses.length === 0) return [];
    return [fault(roleRef, `binding to ${quoted(name)} role that has ${accesses.join(', ')}`)];
  });
}

function orDefault(namespace: string | undefined): string {
  return namespace === undefined || namespace === '' ? 'default' : namespace;
}

function clusterRoleAccess(name: string, { access, set }: AccessContext): readonly ManifestFault[] {
  const known = set.ofKind('ClusterRole');
  const named = known.filter((role) => role.name === name);
  if (named.length === 0 && access.isMissingWrong) return [fault(roleRef, `clusterrole ${quoted(name)} not found`)];
  return named.flatMap((role) => {
    const accesses = accessesOf(role, access);
    const own =
      accesses.length === 0
        ? []
        : [fault(roleRef, `binding to ${quoted(name)} clusterrole that has ${accesses.join(', ')}`)];
    const selectors = asArray(asObject(role.object['aggregationRule'])?.['clusterRoleSelectors']);
    const aggregated = selectors.flatMap((item) => {
      const selector = selectorOfLabels(asObject(asObject(item)?.['matchLabels']) ?? {});
      return known
        .filter((other) => selects(selector, asObject(asObject(other.object['metadata'])?.['labels']) ?? {}))
        .flatMap((other) => {
          const theirs = accessesOf(other, access);
          if (theirs.length === 0) return [];
          const who = `binding via aggregationRule to ${quoted(other.name ?? '')} clusterrole that has`;
          return [fault(roleRef, `${who} ${theirs.join(', ')}`)];
        });
    });
    return [...own, ...aggregated];
  });
}

function accessesOf(role: KubernetesResource, access: Access): readonly string[] {
  return rulesOf(role).flatMap((rule) => {
    const resources = rule.resources.filter((name) => isMeant(access.resources, name));
    const verbs = rule.verbs.filter((name) => isMeant(access.verbs, name));
    if (resources.length === 0 || verbs.length === 0) return [];
    return [`${printedList(verbs)} access to ${printedList(resources)}`];
  });
}

function isMeant(patterns: readonly RE2JS[], name: string): boolean {
  return patterns.length > 0 && (name === '*' || matchesAny(patterns, name));
}
