// SPDX-License-Identifier: Apache-2.0
// Context entries of rules and loops as CEL: variables of the policy, or expressions in their place (../context-entries.ts is what they mean).
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { CannotCarryOver, valueOf } from './cel-text.ts';
import { interpolated } from './conditions.ts';
import type { Scope } from './jmespath.ts';
import { celNameOf, jmespathOn, jmespathToCel, variableName } from './jmespath.ts';

/** A context entry as a variable of the policy. */
export interface CelVariable {
  readonly name: string;
  readonly expression: string;
}

/** Context entries of kind variable become variables; the others ask for what CEL policies reach differently. */
export function withContext(
  context: unknown,
  scope: Scope,
): { readonly scope: Scope; readonly variables: readonly CelVariable[] } {
  const values = new Map(scope.values);
  const variables: CelVariable[] = [];
  for (const item of asArray(context)) {
    const entry = asObject(item) ?? {};
    const name = asString(entry['name']) ?? '';
    const inner: Scope = { ...scope, values };
    const expression = entryToCel(entry, inner);
    variables.push({ name: variableName(name), expression });
    values.set(name, celNameOf(name));
  }
  return { scope: { ...scope, values }, variables };
}

/** The context of a loop: its entries depend on the element, so they stand where they are named. */
export function withInlineContext(context: unknown, scope: Scope): Scope {
  const values = new Map(scope.values);
  for (const item of asArray(context)) {
    const entry = asObject(item) ?? {};
    values.set(asString(entry['name']) ?? '', `(${entryToCel(entry, { ...scope, values })})`);
  }
  return { ...scope, values };
}

function entryToCel(entry: JsonObject, scope: Scope): string {
  const name = asString(entry['name']) ?? '';
  const variable = asObject(entry['variable']);
  if (variable !== undefined) return variableToCel(variable, scope);
  const configMap = asObject(entry['configMap']);
  if (configMap !== undefined) {
    const [map, namespace] = ['name', 'namespace'].map((key) => textToCel(configMap[key], scope));
    return `resource.Get("v1", "configmaps", ${namespace === '""' ? '"default"' : (namespace ?? '')}, ${map ?? ''})`;
  }
  const apiCall = asObject(entry['apiCall']);
  if (apiCall?.['urlPath'] !== undefined) return apiCallToCel(apiCall, scope);
  const image = asObject(entry['imageRegistry']);
  if (image !== undefined) {
    const data = `image.GetMetadata(${textToCel(image['reference'], scope)})`;
    const query = asString(image['jmesPath']) ?? '';
    return query === '' ? data : valueOf(jmespathOn(query, data, scope).place);
  }
  const reference = asObject(entry['globalReference']);
  if (reference !== undefined) {
    const value = `globalContext.Get(${textToCel(reference['name'], scope)}, "")`;
    const query = asString(reference['jmesPath']) ?? '';
    return query === '' ? value : valueOf(jmespathOn(query, value, scope).place);
  }
  throw new CannotCarryOver(`the context entry ${name}, which asks a service outside of the cluster`);
}

function textToCel(value: unknown, scope: Scope): string {
  const { place } = interpolated(asString(value) ?? '', scope);
  return valueOf(place);
}

/** `/api/v1/namespaces/NAMESPACE/pods/NAME` and its like; what a variable gives must be one part of the path. */
function apiCallToCel(call: JsonObject, scope: Scope): string {
  const path = (asString(call['urlPath']) ?? '').trim();
  if (path.includes('?') || call['method'] === 'POST' || call['default'] !== undefined)
    throw new CannotCarryOver('a call of the API server with a query, a body or a default');
  const parts = path
    .replaceAll(/\{\{\s*/g, '{{')
    .replaceAll(/\s*\}\}/g, '}}')
    .split('/')
    .filter((part) => part !== '');
  const isCore = parts[0] === 'api';
  const version = isCore ? (parts[1] ?? '') : `${parts[1] ?? ''}/${parts[2] ?? ''}`;
  const rest = parts.slice(isCore ? 2 : 3);
  const isNamespaced = rest[0] === 'namespaces' && rest.length > 2;
  const [plural = '', name] = isNamespaced ? rest.slice(2) : rest;
  const written = [version, plural, isNamespaced ? (rest[1] ?? '') : ''].map((part) => textToCel(part, scope));
  const value =
    name === undefined
      ? `resource.List(${written.join(', ')})`
      : `resource.Get(${[...written, textToCel(name, scope)].join(', ')})`;
  const query = asString(call['jmesPath']) ?? '';
  return query === '' ? value : valueOf(jmespathOn(query, value, scope).place);
}

function variableToCel(variable: JsonObject, scope: Scope): string {
  const fallback = variable['default'];
  if (fallback !== undefined && typeof fallback === 'object')
    throw new CannotCarryOver('a default that is a list or a map');
  const path = asString(variable['jmesPath']) ?? '';
  if (variable['value'] !== undefined) throw new CannotCarryOver('a context variable with a value');
  const text = fallback === undefined ? path : `${path} || \`${JSON.stringify(fallback)}\``;
  const { place } = jmespathToCel(text, scope);
  return valueOf(place);
}
