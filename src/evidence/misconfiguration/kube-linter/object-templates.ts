// SPDX-License-Identifier: Apache-2.0
// Templates of KubeLinter about objects of any kind: labels and annotations, namespaces, API versions, the order of keys, roles, expressions, schemas.

import type { RE2JS } from 're2js';
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { selectorOfLabels, selects } from '../label-selector.ts';
import type { ManifestFault, ManifestSet } from '../manifest-check.ts';
import { byBytes, printedList, quoted } from './go-text.ts';
import { groupOf, isOfKind, versionOf } from './object-kinds.ts';
import { objectsIn } from './pods.ts';
import type { TemplateParameters } from './template.ts';
import { defineTemplate, fault, matchesAny } from './template.ts';

type MetadataField = 'label' | 'annotation';

interface PairMatcher {
  readonly printed: string;
  isIn(resource: KubernetesResource): boolean;
}

function pairMatcher(parameters: TemplateParameters, field: MetadataField): PairMatcher {
  const matchesKey = parameters.matcher('key');
  const matchesValue = parameters.matcher('value');
  const value = parameters.text('value');
  return {
    printed: `${field} matching "${parameters.text('key')}=${value === '' ? '<any>' : value}" found`,
    isIn: (resource) =>
      Object.entries(asObject(asObject(resource.object['metadata'])?.[`${field}s`]) ?? {}).some(
        ([key, written]) => matchesKey(key) && matchesValue(String(written)),
      ),
  };
}

const pairParameters = [
  { name: 'key', type: 'text', required: true },
  { name: 'value', type: 'text' },
] as const;

function requiredPairTemplate(field: MetadataField) {
  return defineTemplate({
    name: `required-${field}`,
    kinds: ['Any'],
    parameters: pairParameters,
    instantiate: (parameters) => {
      const matcher = pairMatcher(parameters, field);
      return (resource) => (matcher.isIn(resource) ? [] : [fault(['metadata', `${field}s`], `no ${matcher.printed}`)]);
    },
  });
}

export const requiredLabelTemplate = requiredPairTemplate('label');
export const requiredAnnotationTemplate = requiredPairTemplate('annotation');

export const forbiddenAnnotationTemplate = defineTemplate({
  name: 'forbidden-annotation',
  kinds: ['Any'],
  parameters: pairParameters,
  instantiate: (parameters) => {
    const matcher = pairMatcher(parameters, 'annotation');
    return (resource) => (matcher.isIn(resource) ? [fault(['metadata', 'annotations'], matcher.printed)] : []);
  },
});

export const namespaceTemplate = defineTemplate({
  name: 'use-namespace',
  kinds: [
    'DeploymentLike',
    'HorizontalPodAutoscaler',
    'NetworkPolicy',
    'Role',
    'RoleBinding',
    'Service',
    'ServiceAccount',
  ],
  parameters: [],
  instantiate: () => (resource) => {
    const namespace = resource.namespace ?? '';
    if (namespace !== '' && namespace.toLowerCase() !== 'default') return [];
    return [fault(['metadata', 'namespace'], 'object in default namespace')];
  },
});

export const disallowedApiTemplate = defineTemplate({
  name: 'disallowed-api-obj',
  kinds: ['Any'],
  parameters: [
    { name: 'group', type: 'text' },
    { name: 'version', type: 'text' },
    { name: 'kind', type: 'text' },
  ],
  instantiate: (parameters) => {
    const matchesGroup = parameters.matcher('group');
    const matchesVersion = parameters.matcher('version');
    const matchesKind = parameters.matcher('kind');
    return (resource) => {
      const group = groupOf(resource);
      const version = versionOf(resource);
      if (!matchesGroup(group) || !matchesVersion(version) || !matchesKind(resource.kind)) return [];
      return [fault(['apiVersion'], `disallowed API object found: ${group}/${version}, Kind=${resource.kind}`)];
    };
  },
});

const deepest = 200;

export const sortedKeysTemplate = defineTemplate({
  name: 'sorted-keys',
  kinds: ['Any'],
  parameters: [{ name: 'recursive', type: 'flag' }],
  instantiate: (parameters) => {
    const isRecursive = parameters.isSet('recursive');
    return (resource) => unsortedIn(resource.object, { resource, at: [], words: '', isRecursive });
  },
});

interface KeyContext {
  readonly resource: KubernetesResource;
  readonly at: DocumentPath;
  readonly words: string;
  readonly isRecursive: boolean;
}

function unsortedIn(value: unknown, context: KeyContext): readonly ManifestFault[] {
  const { resource, at, words, isRecursive } = context;
  if (at.length > deepest) return [];
  if (Array.isArray(value)) {
    if (!isRecursive) return [];
    return value.flatMap((item, index) =>
      unsortedIn(item, { ...context, at: [...at, index], words: `${words}[${index}]` }),
    );
  }
  const object = asObject(value);
  if (object === undefined) return [];
  const keys = keysAsWritten(object, resource, at);
  const sorted = [...keys].sort(byBytes);
  const faults: ManifestFault[] = [];
  if (keys.some((key, index) => key !== sorted[index]))
    faults.push(
      fault(
        at,
        `Keys are not sorted at ${words === '' ? 'root' : words}. Expected order: [${sorted.join(', ')}], got: [${keys.join(', ')}]`,
      ),
    );
  if (!isRecursive) return faults;
  for (const key of keys) {
    const inside = { ...context, at: [...at, key], words: words === '' ? key : `${words}.${key}` };
    faults.push(...unsortedIn(object[key], inside));
  }
  return faults;
}

/** Keys in the order of the text: objects put keys that look like numbers first. */
function keysAsWritten(object: JsonObject, resource: KubernetesResource, at: DocumentPath): readonly string[] {
  const keys = Object.keys(object);
  if (!keys.some((key) => /^[0-9]{1,10}$/.test(key))) return keys;
  const places = new Map(keys.map((key) => [key, resource.locate([...at, key])]));
  const lineOf = (key: string): number => places.get(key)?.line ?? 0;
  const columnOf = (key: string): number => places.get(key)?.column ?? 0;
  return keys.sort((left, right) => lineOf(left) - lineOf(right) || columnOf(left) - columnOf(right));
}

export const forbiddenServiceTypesTemplate = defineTemplate({
  name: 'forbidden-service-types',
  kinds: ['Service'],
  parameters: [{ name: 'forbiddenServiceTypes', type: 'texts' }],
  instantiate: (parameters) => {
    const forbidden = parameters.texts('forbiddenServiceTypes');
    return (resource) => {
      if (!isOfKind(resource, ['Service'])) return [];
      const type = asString(asObject(resource.object['spec'])?.['type']) ?? '';
      return forbidden
        .filter((name) => name.toLowerCase() === type.toLowerCase())
        .map((name) => fault(['spec', 'type'], `${quoted(name)} service type is forbidden.`));
    };
  },
});

export const privilegedConstraintsTemplate = defineTemplate({
  name: 'scc-deny-privileged-container',
  kinds: ['SecurityContextConstraints'],
  parameters: [{ name: 'allowPrivilegedContainer', type: 'flag' }],
  instantiate: (parameters) => {
    const unwanted = parameters.isSet('allowPrivilegedContainer');
    return (resource) => {
      if (!isOfKind(resource, ['SecurityContextConstraints'])) return [];
      const state = resource.object['allowPrivilegedContainer'] === true;
      if (state !== unwanted) return [];
      return [fault(['allowPrivilegedContainer'], `SCC has allowPrivilegedContainer set to ${String(state)}`)];
    };
  },
});

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

export const expressionTemplate = defineTemplate({
  name: 'cel-expression',
  kinds: ['Any'],
  parameters: [{ name: 'check', type: 'text', required: true }],
  instantiate: (parameters, { expressions }) => {
    const program = expressions?.compile(parameters.text('check'));
    if (program === undefined) parameters.problems.push('expressions cannot be evaluated here');
    else if (program.fault !== undefined)
      parameters.problems.push(`the parameter "check" is no expression: ${program.fault}`);
    if (program === undefined || program.fault !== undefined) return () => [];
    return (resource, set) => {
      const result = program.evaluate(
        resource.object,
        set.resources.map(({ object }) => object),
      );
      if ('error' in result) return [fault([], `error evaluating CEL check expression: ${result.error}`)];
      return result.text === '' ? [] : [fault([], `CEL check expression returned: ${result.text}`)];
    };
  },
});

export const schemaTemplate = defineTemplate({
  name: 'kubeconform',
  kinds: ['Any'],
  parameters: [
    { name: 'strict', type: 'flag' },
    { name: 'ignoreMissingSchemas', type: 'flag' },
    { name: 'schemaLocations', type: 'texts' },
    { name: 'cache', type: 'text' },
    { name: 'rejectKinds', type: 'texts' },
    { name: 'skipKinds', type: 'texts' },
    { name: 'kubernetesVersion', type: 'text' },
  ],
  instantiate: (parameters, { schemas }) => {
    if (schemas === undefined) parameters.problems.push('schemas are not at hand here');
    const strictness = parameters.isSet('strict') ? 'strict' : 'lenient';
    const isMissingFine = parameters.isSet('ignoreMissingSchemas');
    const rejected = parameters.texts('rejectKinds');
    const skipped = parameters.texts('skipKinds');
    return (resource) => {
      if (schemas === undefined || skipped.includes(resource.kind)) return [];
      if (rejected.includes(resource.kind)) return [fault(['kind'], 'resource is not valid: prohibited resource kind')];
      const faults = schemas.validate(resource, strictness);
      if (faults === undefined) {
        return isMissingFine ? [] : [fault(['kind'], `could not find schema for ${resource.kind}`)];
      }
      const [first] = faults;
      if (first === undefined) return [];
      return [fault(first.at, `resource is not valid: ${faults.map(({ message }) => message).join('; ')}`)];
    };
  },
});
