// SPDX-License-Identifier: Apache-2.0
// The `context` of rules and loops as entries that are loaded when they are named: variable, configMap, apiCall, imageRegistry, globalReference
// (Kyverno pkg/engine/context/loaders). What comes from outside is asked of the data provider.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { ApiCall, DataProvider, Lookup } from '../data-provider.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import { apiPathFault } from './api-path.ts';
import type { EvaluationContext, LazyEntry } from './evaluation-context.ts';
import { notLoaded } from './evaluation-context.ts';
import { addedMarks, substitute } from './substitute.ts';

export const contextSources = ['variable', 'configMap', 'apiCall', 'imageRegistry', 'globalReference'] as const;

/** The entries of a `context` list, in its order. */
export function contextEntries(list: unknown, data: DataProvider): readonly LazyEntry[] {
  return asArray(list).flatMap((item) => {
    const entry = asObject(item);
    const name = asString(entry?.['name']);
    if (entry === undefined || name === undefined) return [];
    return [{ name, load: (context: EvaluationContext) => loadEntry(name, entry, { context, data }) }];
  });
}

interface Situation {
  readonly context: EvaluationContext;
  readonly data: DataProvider;
}

function loadEntry(name: string, entry: JsonObject, situation: Situation): unknown {
  const variable = asObject(entry['variable']);
  if (variable !== undefined) return loadVariable(name, variable, situation);
  const configMap = asObject(entry['configMap']);
  if (configMap !== undefined) return loadConfigMap(name, configMap, situation);
  const apiCall = asObject(entry['apiCall']);
  if (apiCall !== undefined) return loadApiCall(name, apiCall, situation);
  const image = asObject(entry['imageRegistry']);
  if (image !== undefined) return loadImage(name, image, situation);
  const reference = asObject(entry['globalReference']);
  return reference === undefined ? notLoaded : loadGlobal(name, reference, situation);
}

function fault(name: string, message: string, code: 'runtime' | 'refused' = 'runtime'): JmespathFault {
  return new JmespathFault(code, `failed to load context entry ${name}: ${message}`);
}

/** The same fault, told of the entry. */
function ofEntry(name: string, { code, message }: JmespathFault): JmespathFault {
  return fault(name, message, code === 'refused' ? code : 'runtime');
}

/** A text with its variables replaced; a fault when it is no text then. */
function textOf(name: string, value: unknown, { context }: Situation): string | JmespathFault {
  const text = substitute(value ?? '', context);
  if (text instanceof JmespathFault) return ofEntry(name, text);
  return typeof text === 'string' ? text : fault(name, 'a text is needed');
}

/** `value` and `jmesPath` on it, or `jmesPath` on the context; `default` where that gives nothing. */
function loadVariable(name: string, variable: JsonObject, situation: Situation): unknown {
  const { context } = situation;
  const path = textOf(name, variable['jmesPath'], situation);
  if (path instanceof JmespathFault) return path;
  const fallback = variable['default'] === undefined ? null : substitute(variable['default'], context);
  if (fallback instanceof JmespathFault) return ofEntry(name, fallback);
  let output: unknown = fallback;
  if (variable['value'] !== undefined && variable['value'] !== null) {
    const value = substitute(variable['value'], context);
    if (value instanceof JmespathFault) return ofEntry(name, value);
    const found = path === '' ? value : context.queries.search(path, value);
    if (!(found instanceof JmespathFault)) output = found;
    else if (fallback === null) return ofEntry(name, found);
    else if (isMoreThanMissing(found, context)) return fault(name, found.message, 'refused');
  } else if (path !== '') {
    const found = context.query(path);
    if (found instanceof JmespathFault) {
      if (fallback === null || found.code === 'limit') return ofEntry(name, found);
      if (isMoreThanMissing(found, context)) return fault(name, found.message, 'refused');
    } else if (found !== null) output = found;
  }
  return output === null ? fault(name, 'it evaluated to nil') : output;
}

/** A default is for what is not there. Strict: not for what could not be evaluated or looked up, too. */
function isMoreThanMissing({ code }: JmespathFault, { hardening }: EvaluationContext): boolean {
  return hardening === 'strict' && code !== 'unknown-key';
}

/** What was looked up; `notLoaded` where nobody can look it up. */
function valueOf<T>(name: string, lookup: Lookup<T>, what: string): unknown {
  switch (lookup.kind) {
    case 'found':
      return lookup.value;
    case 'unavailable':
      return notLoaded;
    case 'absent':
      return fault(name, `${what} does not exist`);
    case 'pending':
      return fault(name, `${what} is being looked up`);
    default:
      return fault(name, lookup.message);
  }
}

function loadConfigMap(name: string, reference: JsonObject, situation: Situation): unknown {
  const map = textOf(name, reference['name'], situation);
  if (map instanceof JmespathFault) return map;
  const written = textOf(name, reference['namespace'], situation);
  if (written instanceof JmespathFault) return written;
  const namespace = written === '' ? 'default' : written;
  const own = situation.context.namespace;
  if (own !== '' && namespace !== own)
    return fault(name, `a Policy of the namespace ${own} reads ConfigMaps of that namespace only`);
  const value = valueOf(name, situation.data.configMap(namespace, map), `ConfigMap ${namespace}/${map}`);
  if (value instanceof JmespathFault || value === notLoaded) return value;
  const { data, metadata } = asObject(value) ?? {};
  return { data: data ?? {}, metadata: metadata ?? {} };
}

function loadApiCall(name: string, entry: JsonObject, situation: Situation): unknown {
  const { context, data } = situation;
  const fallback = entry['default'] === undefined ? null : substitute(entry['default'], context);
  if (fallback instanceof JmespathFault) return ofEntry(name, fallback);
  const call = callOf(name, entry, situation);
  if (call instanceof JmespathFault) return call;
  const path = textOf(name, entry['jmesPath'], situation);
  if (path instanceof JmespathFault) return path;
  const lookup = data.apiCall(call);
  const value = valueOf(name, lookup, call.urlPath ?? call.url ?? 'the call');
  if (value === notLoaded) return notLoaded;
  if (value instanceof JmespathFault) {
    if (fallback === null || context.hardening === 'parity' || lookup.kind === 'absent') return fallback ?? value;
    return lookup.kind === 'pending' ? value : new JmespathFault('refused', value.message);
  }
  const found = path === '' ? value : context.queries.search(path, value);
  if (found instanceof JmespathFault) {
    if (fallback === null) return ofEntry(name, found);
    return isMoreThanMissing(found, context) ? fault(name, found.message, 'refused') : fallback;
  }
  return found ?? fallback;
}

function callOf(name: string, entry: JsonObject, situation: Situation): ApiCall | JmespathFault {
  const replaced = substitute({ ...entry, default: undefined, jmesPath: undefined }, situation.context);
  if (replaced instanceof JmespathFault) return ofEntry(name, replaced);
  const call = asObject(replaced) ?? {};
  const service = asObject(call['service']);
  const body = Object.fromEntries(
    asArray(call['data']).map((item) => {
      const { key, value } = asObject(item) ?? {};
      return [String(key), value];
    }),
  );
  const urlPath = asString(call['urlPath']);
  const url = asString(service?.['url']);
  const wrong = urlPath === undefined ? undefined : pathFault(asString(entry['urlPath']) ?? '', urlPath, situation);
  if (wrong !== undefined) return fault(name, wrong.message, wrong.code);
  if (urlPath === undefined && situation.context.namespace !== '' && url !== undefined)
    return fault(
      name,
      'a Policy of a namespace calls no services, which would be called with rights of the whole cluster',
    );
  const caBundle = asString(service?.['caBundle']);
  const headers = asArray(service?.['headers']).map((item): [string, string] => {
    const { key, value } = asObject(item) ?? {};
    return [String(key), String(value)];
  });
  return {
    method: call['method'] === 'POST' ? 'POST' : 'GET',
    ...(urlPath === undefined || urlPath === '' ? {} : { urlPath }),
    ...(url === undefined ? {} : { url }),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...(Object.keys(body).length === 0 ? {} : { body }),
    ...(caBundle === undefined ? {} : { caBundle }),
  };
}

/** Why a path is not called; undefined when it may be. */
function pathFault(
  written: string,
  path: string,
  { context }: Situation,
): { readonly message: string; readonly code: 'runtime' | 'refused' } | undefined {
  const [mark] = context.hardening === 'strict' ? addedMarks(written, path, ['/', '?', '&', '%', '#']) : [];
  if (mark !== undefined)
    return { message: `a value of the object brings ${mark} into the path ${path}`, code: 'refused' };
  const message = apiPathFault(path, context.namespace);
  return message === undefined ? undefined : { message, code: 'runtime' };
}

function loadImage(name: string, entry: JsonObject, situation: Situation): unknown {
  const reference = textOf(name, entry['reference'], situation);
  if (reference instanceof JmespathFault) return reference;
  const path = textOf(name, entry['jmesPath'], situation);
  if (path instanceof JmespathFault) return path;
  const value = valueOf(name, situation.data.imageData(reference), `image ${reference}`);
  if (value instanceof JmespathFault || value === notLoaded || path === '') return value;
  const found = situation.context.queries.search(path, value);
  return found instanceof JmespathFault ? fault(name, found.message) : found;
}

function loadGlobal(name: string, entry: JsonObject, situation: Situation): unknown {
  const reference = textOf(name, entry['name'], situation);
  if (reference instanceof JmespathFault) return reference;
  const path = textOf(name, entry['jmesPath'], situation);
  if (path instanceof JmespathFault) return path;
  const [global = '', ...projection] = reference.split('.');
  const lookup = situation.data.globalContext(global, projection.length === 0 ? undefined : projection.join('.'));
  const value = valueOf(name, lookup, `global context entry ${reference}`);
  if (value instanceof JmespathFault || value === notLoaded || path === '') return value;
  const found = situation.context.queries.search(path, value);
  return found instanceof JmespathFault ? fault(name, found.message) : found;
}

/** Faults of a `context` list that can be told before it is evaluated. */
export function contextFaults(list: unknown): readonly string[] {
  return asArray(list).flatMap((item) => {
    const entry = asObject(item) ?? {};
    const name = asString(entry['name']) ?? '';
    const sources = contextSources.filter((source) => entry[source] !== undefined);
    if (name === '') return ['a context entry has no name'];
    if (sources.length !== 1) return [`context entry ${name} needs exactly one of ${contextSources.join(', ')}`];
    return [];
  });
}
