// SPDX-License-Identifier: Apache-2.0
// The functions that Kyverno's CEL policies have beside those of Kubernetes (github.com/kyverno/sdk, cel/libs). What comes from outside is asked of
// the data provider of the evaluation that is running.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject } from '../../../formats/document.ts';
import type { CelLibrary, Overload } from '../../cel/declarations.ts';
import { globalOverload } from '../../cel/declarations.ts';
import { functionsOf } from '../../cel/environment.ts';
import { jsonFromCel } from '../../cel/json-value.ts';
import type { CelType } from '../../cel/types.ts';
import { boolType, dynType, listOf, mapOf, stringType } from '../../cel/types.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError, textOf } from '../../cel/values.ts';
import type { ApiCall, DataProvider, Lookup } from '../../data-provider.ts';
import { noData } from '../../data-provider.ts';
import { imageLibrary } from './image-library.ts';

/** Holds the data provider while expressions are evaluated, which is synchronous. */
export class CelHost {
  data: DataProvider = noData;
  /** Policies of a namespace are written by whoever works there: they ask nobody in the name of the whole cluster. */
  scope: 'cluster' | 'namespace' = 'cluster';
  /** Takes what `generator.Apply` is given; undefined where nothing is generated. */
  generate: ((namespace: string, object: JsonObject) => void) | undefined = undefined;
}

const headers = mapOf(stringType, stringType);

function valueOf(lookup: Lookup<unknown>, what: string): CelValue {
  switch (lookup.kind) {
    case 'found':
      return lookup.value ?? null;
    case 'absent':
      return new CelError(`${what} not found`);
    case 'unavailable':
      return new CelError(`${what} cannot be looked up here`);
    case 'pending':
      return new CelError(`${what} is being looked up`);
    default:
      return new CelError(lookup.message);
  }
}

/** As it is sent; numbers that JSON cannot hold exactly are an error. */
function plainJson(values: Readonly<Record<string, CelValue>>): Partial<ApiCall> | CelError {
  const plain = Object.entries(values).map(([key, value]) => [key, jsonFromCel(value)] as const);
  const fault = plain.map(([, value]) => value).find((value) => value instanceof CelError);
  if (fault instanceof CelError) return fault;
  try {
    return JSON.parse(JSON.stringify(Object.fromEntries(plain))) as Partial<ApiCall>;
  } catch {
    return new CelError('a number is too large to be sent');
  }
}

/** The path under which the API server has a collection or an object. */
function apiPath(
  version: string,
  resource: string,
  place: { readonly namespace: string; readonly name?: string },
): string {
  const base = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
  const scope = place.namespace === '' ? '' : `/namespaces/${place.namespace}`;
  return `${base}${scope}/${resource}${place.name === undefined ? '' : `/${place.name}`}`;
}

function texts(values: readonly CelValue[]): readonly string[] {
  return values.map((value) => textOf(value));
}

function overload(id: string, parameters: readonly CelType[], run: Overload['run']): Overload {
  return globalOverload(id, [parameters, dynType], run);
}

/** A library whose functions ask `host`. */
export function kyvernoLibraries(host: CelHost): readonly CelLibrary[] {
  const call = (request: ApiCall): CelValue =>
    valueOf(host.data.apiCall(request), request.urlPath ?? request.url ?? 'the call');
  const answer = (method: ApiCall['method'], url: CelValue, rest: Readonly<Record<string, CelValue>>): CelValue => {
    if (host.scope === 'namespace') return new CelError('a policy of a namespace calls no services');
    const sent = plainJson(rest);
    if (sent instanceof CelError) return sent;
    const body = call({ method, url: textOf(url), ...sent });
    return body instanceof CelError ? body : { body, statusCode: 200 };
  };
  return [
    {
      name: 'kyverno',
      functions: functionsOf({
        ...inBothSpellings({
          'resource.Get': [
            overload(
              'resource_get_string_string_string_string',
              [stringType, stringType, stringType, stringType],
              (...values) => {
                const [version = '', resource = '', namespace = '', name = ''] = texts(values);
                return call({ method: 'GET', urlPath: apiPath(version, resource, { namespace, name }) });
              },
            ),
          ],
          'resource.List': [
            overload('resource_list_string_string_string', [stringType, stringType, stringType], (...values) => {
              const [version = '', resource = '', namespace = ''] = texts(values);
              return call({ method: 'GET', urlPath: apiPath(version, resource, { namespace }) });
            }),
          ],
          'http.Get': [
            overload('http_get_string', [stringType], (url = '') => answer('GET', url, {})),
            overload('http_get_string_map', [stringType, headers], (url = '', map = null) =>
              answer('GET', url, { headers: map }),
            ),
          ],
          'http.Post': [
            overload('http_post_string_any', [stringType, dynType], (url = '', body = null) =>
              answer('POST', url, { body }),
            ),
            overload('http_post_string_any_map', [stringType, dynType, headers], (url = '', body = null, map = null) =>
              answer('POST', url, { body, headers: map }),
            ),
          ],
          'globalContext.Get': [
            overload('global_context_get_string_string', [stringType, stringType], (...values) => {
              const [name = '', projection = ''] = texts(values);
              return valueOf(
                host.data.globalContext(name, projection === '' ? undefined : projection),
                `global context entry ${name}`,
              );
            }),
          ],
          'json.Unmarshal': [
            overload('json_unmarshal_string', [stringType], (text = '') => {
              try {
                return JSON.parse(textOf(text)) as CelValue;
              } catch {
                return new CelError('json.Unmarshal: not valid JSON');
              }
            }),
          ],
          'generator.Apply': [
            globalOverload(
              'generator_apply_string_list',
              [[stringType, listOf(dynType)], boolType],
              (namespace = '', objects = []) => applyGenerator(host, textOf(namespace), objects),
            ),
          ],
          'image.GetMetadata': [
            overload('image_get_metadata_string', [stringType], (reference = '') =>
              valueOf(host.data.imageData(textOf(reference)), `image ${textOf(reference)}`),
            ),
          ],
        }),
        parseServiceAccount: [
          overload('parse_service_account_string', [stringType], (username = '') => serviceAccountOf(textOf(username))),
        ],
        ...hashFunctions(),
      }),
    },
    imageLibrary,
  ];
}

/** Older policies write `resource.get`, newer ones `resource.Get`. */
function inBothSpellings(functions: Readonly<Record<string, readonly Overload[]>>): typeof functions {
  const older = Object.entries(functions).map(([name, overloads]): [string, readonly Overload[]] => [
    name.replace(/[.][A-Z]/u, (start) => start.toLowerCase()),
    overloads,
  ]);
  return { ...functions, ...Object.fromEntries(older) };
}

/** One object, a list of them, or lists as the API server answers; true when all were taken. */
function applyGenerator(host: CelHost, namespace: string, value: CelValue): CelValue {
  const plain = jsonFromCel(value);
  if (plain instanceof CelError) return plain;
  if (host.generate === undefined) return new CelError('generator.Apply: nothing is generated here');
  for (const item of asArray(plain)) {
    const object = asObject(item) ?? {};
    const objects = Array.isArray(object['items']) ? asArray(object['items']) : [object];
    for (const each of objects) {
      const wanted = asObject(each) ?? {};
      if (typeof wanted['kind'] !== 'string' || typeof wanted['apiVersion'] !== 'string')
        return new CelError('generator.Apply: an object needs apiVersion and kind');
      host.generate(namespace, wanted);
    }
  }
  return true;
}

function serviceAccountOf(username: string): CelValue {
  const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]*):(.*)$/.exec(username) ?? [];
  return { Name: name, Namespace: namespace };
}

function hashFunctions(): Readonly<Record<string, readonly Overload[]>> {
  return Object.fromEntries(
    ['md5', 'sha1', 'sha256'].flatMap((algorithm) => {
      const run: Overload['run'] = (text = '') => createHash(algorithm).update(textOf(text)).digest('hex');
      const hash = (id: string): readonly Overload[] => [globalOverload(id, [[stringType], stringType], run)];
      return [
        [algorithm, hash(`${algorithm}_string`)],
        [`hash.${algorithm}`, hash(`hash_${algorithm}_string`)],
      ];
    }),
  );
}
