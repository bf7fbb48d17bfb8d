// SPDX-License-Identifier: Apache-2.0
// The variables that expressions of admission policies see, with their types (apiserver pkg/admission/plugin/cel/compile.go), and the order in which
// evaluation hands over their values.

import type { CelVariable, TypeProvider } from '../cel/declarations.ts';
import { authorizerType, resourceCheckType } from '../cel/library/authorizer.ts';
import type { MessageDeclaration } from '../cel/message.ts';
import type { CelType } from '../cel/types.ts';
import { boolType, dynType, intType, listOf, mapOf, messageType, stringType, timestampType } from '../cel/types.ts';

const strings = listOf(stringType);
const labels = mapOf(stringType, stringType);

/** Fields by the name of their type. They are read from JSON as it is: what is absent is an error when it is read. */
const fields: Readonly<Record<string, Readonly<Record<string, CelType>>>> = {
  'kubernetes.GroupVersionKind': { group: stringType, version: stringType, kind: stringType },
  'kubernetes.GroupVersionResource': { group: stringType, version: stringType, resource: stringType },
  'kubernetes.UserInfo': { username: stringType, uid: stringType, groups: strings, extra: mapOf(stringType, strings) },
  'kubernetes.AdmissionRequest': {
    kind: messageType('kubernetes.GroupVersionKind'),
    resource: messageType('kubernetes.GroupVersionResource'),
    subResource: stringType,
    requestKind: messageType('kubernetes.GroupVersionKind'),
    requestResource: messageType('kubernetes.GroupVersionResource'),
    requestSubResource: stringType,
    name: stringType,
    namespace: stringType,
    operation: stringType,
    userInfo: messageType('kubernetes.UserInfo'),
    dryRun: boolType,
    options: dynType,
  },
  'kubernetes.NamespaceSpec': { finalizers: strings },
  'kubernetes.NamespaceCondition': {
    status: stringType,
    type: stringType,
    lastTransitionTime: timestampType,
    message: stringType,
    reason: stringType,
  },
  'kubernetes.NamespaceStatus': { conditions: listOf(messageType('kubernetes.NamespaceCondition')), phase: stringType },
  'kubernetes.NamespaceMetadata': {
    name: stringType,
    generateName: stringType,
    namespace: stringType,
    labels,
    annotations: labels,
    UID: stringType,
    creationTimestamp: timestampType,
    deletionGracePeriodSeconds: intType,
    deletionTimestamp: timestampType,
    generation: intType,
    resourceVersion: stringType,
    finalizers: strings,
  },
  'kubernetes.Namespace': {
    metadata: messageType('kubernetes.NamespaceMetadata'),
    spec: messageType('kubernetes.NamespaceSpec'),
    status: messageType('kubernetes.NamespaceStatus'),
  },
};

const declarations: ReadonlyMap<string, MessageDeclaration> = new Map(
  Object.entries(fields).map(([name, own]) => [
    name,
    {
      name,
      field: (field: string) => {
        const type = Object.hasOwn(own, field) ? own[field] : undefined;
        return type === undefined ? undefined : { type, presence: 'always' as const };
      },
    },
  ]),
);

/** The types of `request` and `namespaceObject`, and those of `others`. */
export function visibleTypes(others?: TypeProvider): TypeProvider {
  return {
    message: (name) => declarations.get(name) ?? others?.message(name),
    constant: (name) => others?.constant(name),
  };
}

/** Holds the place of a variable that a policy does not have; no expression can name it. */
const hidden = '(hidden)';

export interface VisibleVariables {
  /** `params` is there only when the policy has a paramKind. */
  readonly params: 'declared' | 'hidden';
  /** messageExpressions have no authorizer. */
  readonly authorizer: 'declared' | 'hidden';
  /** Types of object and params, where they are known. */
  readonly object?: CelType;
  readonly paramsType?: CelType;
}

/** In the order of the values that evaluation gives. */
export function baseVariables({ params, authorizer, object, paramsType }: VisibleVariables): readonly CelVariable[] {
  return [
    { name: 'object', type: object ?? dynType },
    { name: 'oldObject', type: object ?? dynType },
    { name: 'request', type: messageType('kubernetes.AdmissionRequest') },
    { name: 'namespaceObject', type: messageType('kubernetes.Namespace') },
    { name: params === 'declared' ? 'params' : hidden, type: paramsType ?? dynType },
    { name: authorizer === 'declared' ? 'authorizer' : hidden, type: authorizerType },
    { name: authorizer === 'declared' ? 'authorizer.requestResource' : hidden, type: resourceCheckType },
  ];
}
