// SPDX-License-Identifier: Apache-2.0
// What installed policies will look up, as far as it can be told beforehand: those objects are watched, so that a review need not wait for them. What only a
// request can tell (names with variables, calls of the API server) is looked up while it is judged (cluster-lookups.ts).
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../../formats/document.ts';

/** Objects of one kind: all, or those that the selectors name. */
export interface WantedObjects {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  /** As the API server takes it: `app=web,tier in (a,b)`. */
  readonly labelSelector?: string;
}

export interface PolicyNeeds {
  /** Params of bindings, Secrets and ConfigMaps that policies name. */
  readonly objects: readonly WantedObjects[];
  /** Whether a policy asks which roles somebody has. */
  readonly roles: boolean;
  /** GlobalContextEntries. */
  readonly entries: readonly JsonObject[];
}

/** `documents`: all objects that policy engines have taken. */
export function needsOf(documents: readonly JsonObject[]): PolicyNeeds {
  const wanted = [
    ...paramsOf(documents),
    ...documents.flatMap((document) => configMapsIn(document['spec'])),
    ...documents.flatMap((document) => secretsIn(document['spec'])),
  ];
  return {
    objects: [...new Map(wanted.map((each) => [wantedKey(each), each])).values()],
    roles: documents.some(asksForRoles),
    entries: documents.filter(({ kind }) => kind === 'GlobalContextEntry'),
  };
}

/** The same for the same wish. */
export function wantedKey({ apiVersion, kind, namespace = '', name = '', labelSelector = '' }: WantedObjects): string {
  return JSON.stringify([apiVersion, kind, namespace, name, labelSelector]);
}

/** Of each binding (apiserver pkg/admission/plugin/policy/generic): by name or selector, in the namespace of paramRef, or else in any. */
function paramsOf(documents: readonly JsonObject[]): readonly WantedObjects[] {
  const kinds = new Map(
    documents.flatMap((document): [string, JsonObject][] => {
      const paramKind = asObject(asObject(document['spec'])?.['paramKind']);
      return paramKind === undefined ? [] : [[policyKey(document['kind'], nameOf(document)), paramKind]];
    }),
  );
  return documents.flatMap((document): readonly WantedObjects[] => {
    const kind = asString(document['kind']) ?? '';
    if (!kind.endsWith('Binding')) return [];
    const spec = asObject(document['spec']);
    const paramKind = kinds.get(policyKey(kind.slice(0, -'Binding'.length), asString(spec?.['policyName']) ?? ''));
    const paramRef = asObject(spec?.['paramRef']);
    if (paramKind === undefined || paramRef === undefined) return [];
    const [namespace, name] = [asString(paramRef['namespace']), asString(paramRef['name'])];
    const labelSelector = selectorText(asObject(paramRef['selector']));
    return [
      {
        apiVersion: asString(paramKind['apiVersion']) ?? '',
        kind: asString(paramKind['kind']) ?? '',
        ...(namespace === undefined ? {} : { namespace }),
        ...(name === undefined ? {} : { name }),
        ...(name !== undefined || labelSelector === '' ? {} : { labelSelector }),
      },
    ];
  });
}

function policyKey(kind: unknown, name: string): string {
  return `${asString(kind) ?? ''} ${name}`;
}

/** Empty: everything. */
function selectorText(selector: JsonObject | undefined): string {
  const exact = entriesOf(selector?.['matchLabels']).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = asArray(selector?.['matchExpressions']).map((item) => {
    const { key, operator, values } = asObject(item) ?? {};
    const list = asStrings(values).join(',');
    switch (operator) {
      case 'In':
        return `${String(key)} in (${list})`;
      case 'NotIn':
        return `${String(key)} notin (${list})`;
      case 'DoesNotExist':
        return `!${String(key)}`;
      default:
        return String(key);
    }
  });
  return [...exact, ...expressions].join(',');
}

const variable = /\{\{|\$\(/;

/** `context[].configMap` whose name and namespace hold no variables, wherever rules and loops have a context. */
function configMapsIn(value: unknown): readonly WantedObjects[] {
  if (Array.isArray(value)) return value.flatMap(configMapsIn);
  const own = asArray(asObject(value)?.['context']).flatMap((item): readonly WantedObjects[] => {
    const reference = asObject(asObject(item)?.['configMap']);
    const name = asString(reference?.['name']);
    const namespace = asString(reference?.['namespace']) || 'default';
    if (name === undefined || variable.test(name + namespace)) return [];
    return [{ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }];
  });
  return [...own, ...entriesOf(value).flatMap(([, member]) => configMapsIn(member))];
}

/** Where Kyverno and policy-controller keep Secrets that are named without a namespace. */
const secretPlaces = { kyverno: 'kyverno', sigstore: 'cosign-system' } as const;

/** Keys and registry credentials: `k8s://namespace/name`, `secret`, `secretRef`, `imageRegistryCredentials.secrets`. */
function secretsIn(value: unknown): readonly WantedObjects[] {
  if (typeof value === 'string') {
    const [, namespace, name] = /^\s*k8s:\/\/([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})\s*$/.exec(value) ?? [];
    return namespace === undefined || name === undefined ? [] : [secretAt(namespace, name)];
  }
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  const object = asObject(value);
  if (object === undefined) return [];
  const references: readonly [string, string][] = [
    ['secret', secretPlaces.kyverno],
    ['secretRef', secretPlaces.sigstore],
  ];
  const named = references.flatMap(([member, usual]): readonly WantedObjects[] => {
    const reference = asObject(object[member]);
    const name = asString(reference?.['name']);
    const namespace = asString(reference?.['namespace']) || usual;
    return name === undefined || variable.test(name + namespace) ? [] : [secretAt(namespace, name)];
  });
  const credentials = asStrings(asObject(object['imageRegistryCredentials'])?.['secrets']).map((text) => {
    const slash = text.indexOf('/');
    return slash === -1 ? secretAt(secretPlaces.kyverno, text) : secretAt(text.slice(0, slash), text.slice(slash + 1));
  });
  return [...named, ...credentials, ...Object.values(object).flatMap(secretsIn)];
}

function secretAt(namespace: string, name: string): WantedObjects {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name };
}

/** `roles` or `clusterRoles` of a match or exclude, or a variable of that name. */
function asksForRoles({ apiVersion, spec }: JsonObject): boolean {
  if (!/kyverno\.io\//.test(asString(apiVersion) ?? '')) return false;
  return mentionsRoles(spec);
}

function mentionsRoles(value: unknown): boolean {
  if (typeof value === 'string') return /\brequest\.(?:clusterRoles|roles)\b/.test(value);
  if (Array.isArray(value)) return value.some(mentionsRoles);
  return entriesOf(value).some(([key, member]) => {
    const isFilter = (key === 'roles' || key === 'clusterRoles') && Array.isArray(member);
    return isFilter || mentionsRoles(member);
  });
}

function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['name']) ?? '';
}
