// SPDX-License-Identifier: Apache-2.0
// The Kubernetes objects in a manifest file: documents with lists taken apart, each object with where it stands. Every policy engine and every check
// of manifests starts from these. Not here: which kinds exist (policy/rest-mapping) and what is wrong with an object.

import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { DocumentPath, JsonObject } from '../document.ts';
import { asObject, asString } from '../document.ts';
import type { KubernetesDocument } from './documents.ts';

export interface KubernetesResource {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for objects that have only a generateName, or none. */
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly object: JsonObject;
  /** Where a member of the object stands, key and value. */
  locate(path: DocumentPath): Location;
  locateValue(path: DocumentPath): Location;
}

export interface OtherDocument {
  readonly document: KubernetesDocument;
  readonly reason: 'not an object' | 'no apiVersion and kind';
}

export interface ResourceReading {
  readonly resources: readonly KubernetesResource[];
  /** Documents that are no Kubernetes objects (values files, say); nobody looked at them. */
  readonly others: readonly OtherDocument[];
  /** Items of lists that are no objects, or lie in more lists than are taken apart: what they were meant to be is not known. */
  readonly problems: readonly Problem[];
}

const listDepth = 8;

/** Objects in the order of the text. Items of a `List` or of a typed list (`PodList`, whose items may leave out their kind) come as themselves. */
export function resourcesOf(documents: readonly KubernetesDocument[]): ResourceReading {
  const resources: KubernetesResource[] = [];
  const others: OtherDocument[] = [];
  const problems: Problem[] = [];
  for (const document of documents) {
    const object = asObject(document.value);
    if (object === undefined) {
      if (document.value !== undefined) others.push({ document, reason: 'not an object' });
      continue;
    }
    const found = expand(object, { document, at: [], depth: 0, problems });
    if (found.length === 0 && !isList(object)) others.push({ document, reason: 'no apiVersion and kind' });
    resources.push(...found);
  }
  return { resources, others, problems };
}

interface Place {
  readonly document: KubernetesDocument;
  readonly at: DocumentPath;
  readonly depth: number;
  readonly problems: Problem[];
}

function expand(object: JsonObject, place: Place): KubernetesResource[] {
  const { document, at, depth, problems } = place;
  const problem = (kind: Problem['kind'], message: string, where: DocumentPath): [] => {
    problems.push({ kind, message, location: document.locate(where), hidesFindings: true });
    return [];
  };
  if (isList(object)) {
    if (depth >= listDepth) return problem('limit', `lists inside more than ${listDepth} lists; not looked at`, at);
    const items = object['items'] as readonly unknown[];
    return items.flatMap((item, index) => {
      const member = asObject(item);
      const from = { document, at: [...at, 'items', index], depth: depth + 1, problems };
      if (member === undefined) return problem('schema', 'an item of a list that is no object', from.at);
      return expand(withKindOfList(member, object), from);
    });
  }
  const apiVersion = asString(object['apiVersion']);
  const kind = asString(object['kind']);
  if (apiVersion === undefined || kind === undefined || kind === '')
    return depth === 0 ? [] : problem('schema', 'an item of a list without apiVersion and kind', at);
  const metadata = asObject(object['metadata']);
  return [
    {
      apiVersion,
      kind,
      name: asString(metadata?.['name']),
      namespace: asString(metadata?.['namespace']),
      object,
      locate: (path) => document.locate([...at, ...path]),
      locateValue: (path) => document.locateValue([...at, ...path]),
    },
  ];
}

/** `kind` ends in List and there are items: the rule of apimachinery's meta.IsListType for unstructured objects. */
function isList(object: JsonObject): boolean {
  return asString(object['kind'])?.endsWith('List') === true && Array.isArray(object['items']);
}

function withKindOfList(item: JsonObject, list: JsonObject): JsonObject {
  const kind = asString(list['kind'])?.slice(0, -'List'.length) ?? '';
  if (kind === '' || item['kind'] !== undefined) return item;
  return { apiVersion: list['apiVersion'], kind, ...item };
}
