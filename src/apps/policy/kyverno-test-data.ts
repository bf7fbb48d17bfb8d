// SPDX-License-Identifier: Apache-2.0
// What stands in for the world in a Kyverno test: the cluster's resources, recorded answers of API calls, entries of the global context.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { restMapping } from '../../policy/admission-policy/rest-mapping.ts';
import type { ApiCall, DataProvider, Lookup } from '../../policy/data-provider.ts';
import { noData } from '../../policy/data-provider.ts';
import { JmespathFault } from '../../policy/jmespath/fault.ts';
import { Queries } from '../../policy/kyverno/queries.ts';
import { blobSignatures } from '../signatures/blob-signatures.ts';
import { pinnedTrustRoot } from '../signatures/trust-roots.ts';
import type { KyvernoTest } from './kyverno-test-files.ts';
import { readObjects } from './kyverno-test-objects.ts';

/** Without cluster resources and recorded answers, nothing can be looked up: values stand in for context entries then. */
export function testData(test: KyvernoTest, now: number): DataProvider {
  const { clusterResources, apiCallResponses, globalContextEntries } = test;
  const sources = test.results.flatMap(({ cloneSourceResource }) => cloneSourceResource ?? []);
  const targets = [
    ...[...test.targetResources, ...new Set(sources)].flatMap((path) => readObjects(test, path)),
    ...clusterResources,
  ];
  const hasCluster = clusterResources.length > 0;
  return {
    ...noData,
    ...blobSignatures({ defaultRoot: pinnedTrustRoot, time: now }),
    imageData: (reference) => {
      const data = test.images[reference];
      return data === undefined ? { kind: 'unavailable' } : { kind: 'found', value: data };
    },
    configMap: (namespace, name) =>
      hasCluster
        ? found(clusterResources.find((object) => isConfigMap(object, namespace, name)))
        : { kind: 'unavailable' },
    objects: (apiVersion, kind) => ({
      kind: 'found',
      value: targets.filter((object) => object['apiVersion'] === apiVersion && object['kind'] === kind),
    }),
    apiCall: (call) => {
      const recorded = apiCallResponses.find((response) => answers(response, call));
      if (recorded !== undefined) return recordedAnswer(recorded);
      if (call.urlPath !== undefined && hasCluster) return clusterAnswer(call.urlPath, clusterResources);
      return { kind: 'unavailable' };
    },
    globalContext: (name, projection) => {
      const entry = globalContextEntries.find((item) => item['name'] === name);
      return entry === undefined ? { kind: 'unavailable' } : globalValue(entry, projection);
    },
  };
}

function found<T>(value: T | undefined): Lookup<T> {
  return value === undefined ? { kind: 'absent' } : { kind: 'found', value };
}

function metadataOf(object: JsonObject): JsonObject {
  return asObject(object['metadata']) ?? {};
}

/** The data of an entry with what its projections make of it as members, or what one projection makes of it. */
function globalValue(entry: JsonObject, projection: string | undefined): Lookup<unknown> {
  const data = entry['data'] ?? entry['resources'] ?? null;
  const projected: Record<string, unknown> = {};
  for (const item of asArray(entry['projections']).map(asObject)) {
    const path = asString(item?.['path']) ?? asString(item?.['jmesPath']) ?? '';
    const value = new Queries({ now: () => 0, random: () => 0 }).search(path, data);
    if (value instanceof JmespathFault) return { kind: 'failed', message: value.message };
    projected[asString(item?.['name']) ?? ''] = value;
  }
  if (projection !== undefined) return found(projected[projection]);
  const members = asObject(data);
  return { kind: 'found', value: members === undefined ? data : { ...members, ...projected } };
}

function isConfigMap(object: JsonObject, namespace: string, name: string): boolean {
  const metadata = metadataOf(object);
  return (
    object['kind'] === 'ConfigMap' &&
    metadata['name'] === name &&
    (asString(metadata['namespace']) ?? 'default') === namespace
  );
}

function answers(response: JsonObject, call: ApiCall): boolean {
  const method = asString(response['method']) ?? 'GET';
  if (method !== call.method) return false;
  return response['urlPath'] === undefined ? response['url'] === call.url : response['urlPath'] === call.urlPath;
}

function recordedAnswer(recorded: JsonObject): Lookup<unknown> {
  const response = asObject(recorded['response']) ?? {};
  const status = typeof response['statusCode'] === 'number' ? response['statusCode'] : 200;
  return status >= 200 && status < 300
    ? { kind: 'found', value: response['body'] ?? null }
    : { kind: 'failed', message: `the call was answered with ${status}` };
}

/** `/api/v1/...` and `/apis/GROUP/VERSION/...`, with or without `namespaces/NAME`, a collection or one object. */
function clusterAnswer(path: string, resources: readonly JsonObject[]): Lookup<unknown> {
  const [bare = ''] = path.split('?');
  const parts = bare.split('/').filter((part) => part !== '');
  const isCore = parts[0] === 'api';
  const groupVersion = isCore ? (parts[1] ?? '') : `${parts[1] ?? ''}/${parts[2] ?? ''}`;
  const rest = parts.slice(isCore ? 2 : 3);
  const isNamespaced = rest[0] === 'namespaces' && rest.length > 2;
  const namespace = isNamespaced ? rest[1] : undefined;
  const [plural = '', name] = isNamespaced ? rest.slice(2) : rest;
  const own = resources.filter((object) => {
    if (object['apiVersion'] !== groupVersion) return false;
    const group = isCore ? '' : (parts[1] ?? '');
    if (restMapping(group, asString(object['kind']) ?? '').resource !== plural) return false;
    return namespace === undefined || (asString(metadataOf(object)['namespace']) ?? 'default') === namespace;
  });
  if (name !== undefined) return found(own.find((object) => metadataOf(object)['name'] === name));
  return { kind: 'found', value: { apiVersion: groupVersion, kind: 'List', items: own } };
}
