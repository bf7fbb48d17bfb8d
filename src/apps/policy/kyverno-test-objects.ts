// SPDX-License-Identifier: Apache-2.0
// Objects in the files of a Kyverno test, with the namespaces that its command line gives them.
import { isAbsolute, resolve } from 'node:path';
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { restMapping } from '../../policy/admission-policy/rest-mapping.ts';
import type { KyvernoTest } from './kyverno-test-files.ts';
import { readManifests } from './manifest-files.ts';

export function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['name']) ?? '';
}

export function namespaceOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['namespace']) ?? '';
}

/** Objects of namespaced kinds without a namespace are in `default`, as the command line of Kyverno has it. */
export function withNamespace(object: JsonObject): JsonObject {
  const apiVersion = asString(object['apiVersion']) ?? '';
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const { scope } = restMapping(group, asString(object['kind']) ?? '');
  if (namespaceOf(object) !== '' || scope === 'Cluster') return object;
  return { ...object, metadata: { ...asObject(object['metadata']), namespace: 'default' } };
}

export function withoutDuplicates(objects: readonly JsonObject[]): readonly JsonObject[] {
  const seen = new Set<string>();
  return objects.filter((object) => {
    const key = [object['apiVersion'], object['kind'], namespaceOf(object), nameOf(object)].join(',');
    if (seen.has(key) && nameOf(object) !== '') return false;
    seen.add(key);
    return true;
  });
}

/** The objects of a file that a result names. */
export function readObjects(test: KyvernoTest, path: string): readonly JsonObject[] {
  return readManifests(isAbsolute(path) ? path : resolve(test.folder, path)).resources.map(({ object }) =>
    withNamespace(object),
  );
}
