// SPDX-License-Identifier: Apache-2.0
// Faults in a values file that would leave a value out in silence: members that nobody reads, and names that no policy has.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../formats/document.ts';
import { nearest } from '../../model/nearest.ts';
import type { KyvernoValues } from './kyverno-values.ts';
import { isRuleOf } from './kyverno-values.ts';

type Shape = 'any' | 'object' | readonly Shape[] | { readonly [member: string]: Shape };

const named = { name: 'any', values: 'object' } as const;
const specShape: Shape = {
  globalValues: 'object',
  policies: [{ name: 'any', rules: [{ ...named, foreachValues: 'object' }], resources: [named] }],
  namespaceSelector: [{ name: 'any', labels: 'object' }],
  namespaces: ['object'],
  subresources: [{ subresource: 'object', parentResource: 'object' }],
};
const fileShape: Shape = { ...specShape, apiVersion: 'any', kind: 'any', metadata: 'any', spec: specShape };

/** What is wrong with the form of a values file, each in one sentence. Never throws. */
export function valuesFaults(value: unknown): readonly string[] {
  const object = asObject(value);
  if (object === undefined) return ['it has to hold members'];
  const kind = asString(object['kind']);
  if (kind !== undefined && kind !== 'Values') return [`it is of kind ${kind}, not Values`];
  return faultsOf(object, fileShape, '');
}

function faultsOf(value: unknown, shape: Shape, path: string): readonly string[] {
  if (shape === 'any' || value === undefined || value === null) return [];
  if (shape === 'object') return asObject(value) === undefined ? [`${path} has to hold members`] : [];
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path} has to be a list`];
    return asArray(value).flatMap((item, index) => faultsOf(item, shape[0] ?? 'any', `${path}[${index}]`));
  }
  if (asObject(value) === undefined) return [`${path} has to hold members`];
  return entriesOf(value).flatMap(([key, member]) => {
    const at = path === '' ? key : `${path}.${key}`;
    const own = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (own !== undefined) return faultsOf(member, own, at);
    const close = nearest(key, Object.keys(shape));
    return [`${at} is no member of a values file${close === undefined ? '' : `; did you mean ${close}?`}`];
  });
}

function isList(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape);
}

/** Policies and rules that values are stated for and that are not there. `policies`: documents of policies. */
export function unmetValues({ policies: stated }: KyvernoValues, policies: readonly JsonObject[]): readonly string[] {
  const rulesOf = new Map<string, string[]>();
  for (const policy of policies) {
    const name = asString(asObject(policy['metadata'])?.['name']) ?? '';
    const rules = asArray(asObject(policy['spec'])?.['rules']).map((rule) => asString(asObject(rule)?.['name']) ?? '');
    rulesOf.set(name, [...(rulesOf.get(name) ?? []), ...rules]);
  }
  return stated.flatMap(({ name, rules }) => {
    const known = rulesOf.get(name);
    if (known === undefined) return [`there is no policy ${name}, which values are stated for`];
    return rules
      .filter((rule) => !known.some((own) => isRuleOf(rule.name, own) || isRuleOf(own, rule.name)))
      .map((rule) => `policy ${name} has no rule ${rule.name}, which values are stated for`);
  });
}
