// SPDX-License-Identifier: Apache-2.0
// Values files of Kyverno's command line (kind Values of cli.kyverno.io, and the older form without a kind): what stands in for variables, contexts,
// labels of namespaces and subresources where there is no cluster to ask. Shared by tests of policies and by `policy apply`.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asObjects, asString } from '../../formats/document.ts';
import type { Operation } from '../../policy/admission-policy/request.ts';
import type { StatedValues } from '../../policy/engine.ts';

export interface KyvernoValues {
  /** For every policy and object, by dotted name. */
  readonly global: JsonObject;
  readonly policies: readonly PolicyValues[];
  readonly namespaceLabels: Readonly<Record<string, JsonObject>>;
  readonly namespaces: readonly JsonObject[];
  readonly subresources: readonly JsonObject[];
}

export interface PolicyValues {
  readonly name: string;
  readonly rules: readonly { readonly name: string; readonly values: JsonObject; readonly foreachValues: JsonObject }[];
  readonly resources: readonly { readonly name: string; readonly values: JsonObject }[];
}

/** Never throws; what has another form is not there. Values stand under `spec`, in older files at the top. */
export function readValues(value: unknown): KyvernoValues {
  const object = asObject(value) ?? {};
  const spec = { ...object, ...asObject(object['spec']) };
  const labels = asObjects(spec['namespaceSelector']).map((item): [string, JsonObject] => [
    asString(item['name']) ?? '',
    asObject(item['labels']) ?? {},
  ]);
  return {
    global: asObject(spec['globalValues']) ?? {},
    policies: asObjects(spec['policies']).map((policy) => ({
      name: asString(policy['name']) ?? '',
      rules: asObjects(policy['rules']).map((rule) => ({
        name: asString(rule['name']) ?? '',
        values: asObject(rule['values']) ?? {},
        foreachValues: asObject(rule['foreachValues']) ?? {},
      })),
      resources: asObjects(policy['resources']).map((resource) => ({
        name: asString(resource['name']) ?? '',
        values: asObject(resource['values']) ?? {},
      })),
    })),
    namespaceLabels: Object.fromEntries(labels),
    namespaces: asObjects(spec['namespaces']),
    subresources: asObjects(spec['subresources']),
  };
}

export const noValues: KyvernoValues = readValues(undefined);

/** Values for a policy and the object of a name: the global ones, then its own. */
export function valuesFor({ global, policies }: KyvernoValues, policy: string, objectName: string): JsonObject {
  const own = policies
    .filter(({ name }) => name === policy)
    .flatMap(({ resources }) => resources.filter(({ name }) => name === objectName));
  return Object.assign({}, global, ...own.map(({ values }) => values)) as JsonObject;
}

/** Values that stand in for the context of a rule. Of a list for a loop the first counts, as upstream. */
export function ruleValues({ policies }: KyvernoValues, policy: string, rule: string): JsonObject | undefined {
  const rules = policies.filter(({ name }) => name === policy).flatMap((entry) => entry.rules);
  const found = rules.find(({ name }) => isRuleOf(rule, name));
  if (found === undefined) return undefined;
  const first = Object.entries(found.foreachValues).map(([key, list]) => [
    key,
    Array.isArray(list) ? (list[0] as unknown) : list,
  ]);
  return { ...found.values, ...(Object.fromEntries(first) as JsonObject) };
}

/** A rule is also meant where those made from it are. */
export function isRuleOf(name: string, rule: string): boolean {
  return name === rule || name === `autogen-${rule}` || name === `autogen-cronjob-${rule}`;
}

const operationName = 'request.operation';

/** What values have done with the object of a name: of a policy's own values for it, else of the global ones. */
export function statedOperation(values: KyvernoValues, objectName: string): Operation | undefined {
  const own = values.policies.flatMap(({ name }) => valuesFor(values, name, objectName)[operationName] ?? []);
  return [...own, values.global[operationName]].find(isOperation);
}

function isOperation(word: unknown): word is Operation {
  return word === 'CREATE' || word === 'UPDATE' || word === 'DELETE' || word === 'CONNECT';
}

/** The same for engines. The operation is left out: a request has one, whatever a policy's values say. */
export function statedValues(values: KyvernoValues): StatedValues {
  return {
    ofObject: (policy, object) => {
      const name = asString(asObject(object['metadata'])?.['name']) ?? '';
      const { [operationName]: _operation, ...own } = valuesFor(values, policy, name);
      return Object.keys(own).length === 0 ? undefined : own;
    },
    ofRule: (policy, rule) => ruleValues(values, policy, rule),
  };
}

export interface StatedSubresource {
  /** `scale` */
  readonly name: string;
  readonly parent: { readonly group: string; readonly version: string; readonly kind: string };
}

/** Of which subresource an object is (a Scale, say), and of which kind its parent. */
export function subresourceOf({ subresources }: KyvernoValues, object: JsonObject): StatedSubresource | undefined {
  const apiVersion = asString(object['apiVersion']) ?? '';
  for (const entry of subresources) {
    const sub = asObject(entry['subresource']) ?? {};
    const parent = asObject(entry['parentResource']) ?? {};
    const group = asString(sub['group']) ?? '';
    const own = group === '' ? asString(sub['version']) : `${group}/${asString(sub['version']) ?? ''}`;
    if (own !== apiVersion || sub['kind'] !== object['kind']) continue;
    return {
      name: (asString(sub['name']) ?? '').split('/')[1] ?? '',
      parent: {
        group: asString(parent['group']) ?? '',
        version: asString(parent['version']) ?? '',
        kind: asString(parent['kind']) ?? '',
      },
    };
  }
  return undefined;
}
