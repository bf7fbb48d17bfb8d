// SPDX-License-Identifier: Apache-2.0
// Templates of KubeLinter about objects of any kind: labels and annotations, namespaces, API versions, the order of keys, expressions, schemas.

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestFault } from '../manifest-check.ts';
import { byBytes, quoted } from './go-text.ts';
import { groupOf, isOfKind, versionOf } from './object-kinds.ts';
import type { TemplateParameters } from './template.ts';
import { defineTemplate, fault } from './template.ts';

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
