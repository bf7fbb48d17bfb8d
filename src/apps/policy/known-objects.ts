// SPDX-License-Identifier: Apache-2.0
// Objects that were handed in, asked as if they were the cluster: ConfigMaps, calls of the API server, entries of the global context, roles that bindings
// give. Not here: services outside of the cluster and registries.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { matchesSelector } from '../../policy/admission-policy/label-selector.ts';
import { restMapping } from '../../policy/admission-policy/rest-mapping.ts';
import type { ApiCall, DataProvider, Lookup } from '../../policy/data-provider.ts';
import { noData } from '../../policy/data-provider.ts';

export interface KnownObjects {
  /** Asked anew for each look-up, so that it may grow. */
  readonly objects: () => Iterable<JsonObject>;
  /** Whether a kind of which nothing was handed in has no objects (`complete`), or nobody can tell (`partial`). */
  readonly knowledge: 'complete' | 'partial';
}

/** Never throws. */
export function knownObjectsProvider(known: KnownObjects): DataProvider {
  return {
    ...noData,
    objects: (apiVersion, kind) => {
      const own = [...known.objects()].filter(
        (object) => object['apiVersion'] === apiVersion && object['kind'] === kind,
      );
      return { kind: 'found', value: own };
    },
    configMap: (namespace, name) => {
      for (const object of known.objects())
        if (object['apiVersion'] === 'v1' && object['kind'] === 'ConfigMap' && isAt(object, namespace, name))
          return { kind: 'found', value: object };
      return { kind: 'absent' };
    },
    apiCall: (call) => answer(call, known),
    globalContext: (name, projection) => globalEntry(name, projection, known),
  };
}

function metadataOf(object: JsonObject): JsonObject {
  return asObject(object['metadata']) ?? {};
}

function isAt(object: JsonObject, namespace: string | undefined, name: string): boolean {
  const metadata = metadataOf(object);
  return metadata['name'] === name && (namespace === undefined || (metadata['namespace'] ?? 'default') === namespace);
}

/** A path of the API server taken apart. */
interface ApiPath {
  readonly apiVersion: string;
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly selector: JsonObject | undefined;
}

function parsePath(path: string): ApiPath | undefined {
  const [bare = '', query = ''] = path.split('?');
  const parts = bare.split('/').filter((part) => part !== '');
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return undefined;
  const apiVersion = isCore ? (parts[1] ?? '') : `${parts[1] ?? ''}/${parts[2] ?? ''}`;
  const rest = parts.slice(isCore ? 2 : 3);
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined;
  const [plural, name] = namespace === undefined ? rest : rest.slice(2);
  if (plural === undefined) return undefined;
  return { apiVersion, namespace, plural, name, selector: selectorOf(query) };
}

/** `labelSelector=a=b,c=d`; other queries do not narrow anything here. */
function selectorOf(query: string): JsonObject | undefined {
  const text = new URLSearchParams(query).get('labelSelector');
  if (text === null || text === '') return undefined;
  const pairs = text.split(',').map((pair) => pair.split(/={1,2}/, 2));
  return { matchLabels: Object.fromEntries(pairs.map(([key = '', value = '']) => [key.trim(), value.trim()])) };
}

function answer({ urlPath, url }: ApiCall, known: KnownObjects): Lookup<unknown> {
  if (urlPath === undefined) return { kind: 'failed', message: `${url ?? 'the service'} is not asked here` };
  const path = parsePath(urlPath);
  if (path === undefined) return { kind: 'failed', message: `${urlPath} is no path that objects have` };
  const { apiVersion, plural, namespace, name, selector } = path;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const ofKind = [...known.objects()].filter(
    (object) =>
      object['apiVersion'] === apiVersion && restMapping(group, asString(object['kind']) ?? '').resource === plural,
  );
  if (ofKind.length === 0 && known.knowledge === 'partial')
    return { kind: 'failed', message: `${urlPath}: no ${plural} were handed in (--known), so nobody can tell` };
  const items = ofKind.filter(
    (object) =>
      (namespace === undefined || (metadataOf(object)['namespace'] ?? 'default') === namespace) &&
      (selector === undefined || matchesSelector(selector, asObject(metadataOf(object)['labels']) ?? {})),
  );
  if (name === undefined) return { kind: 'found', value: { apiVersion, kind: 'List', items } };
  const found = items.find((object) => metadataOf(object)['name'] === name);
  return found === undefined ? { kind: 'absent' } : { kind: 'found', value: found };
}

/** GlobalContextEntries that keep Kubernetes resources at hand: what they list, or one of their projections, which the caller applies. */
function globalEntry(name: string, projection: string | undefined, known: KnownObjects): Lookup<unknown> {
  for (const object of known.objects()) {
    if (object['kind'] !== 'GlobalContextEntry' || metadataOf(object)['name'] !== name) continue;
    const spec = asObject(object['spec']) ?? {};
    const source = asObject(spec['kubernetesResource']);
    if (source === undefined)
      return { kind: 'failed', message: `global context entry ${name}: only kubernetesResource is read here` };
    if (projection !== undefined && asArray(spec['projections']).length === 0)
      return { kind: 'failed', message: `global context entry ${name} has no projection ${projection}` };
    const text = (key: string): string => asString(source[key]) ?? '';
    const base = text('group') === '' ? `/api/${text('version')}` : `/apis/${text('group')}/${text('version')}`;
    const scope = text('namespace') === '' ? '' : `/namespaces/${text('namespace')}`;
    const listed = answer({ urlPath: `${base}${scope}/${text('resource')}`, method: 'GET' }, known);
    return listed.kind === 'found' ? { kind: 'found', value: asObject(listed.value)?.['items'] ?? [] } : listed;
  }
  return { kind: 'absent' };
}
