// SPDX-License-Identifier: Apache-2.0
// An object on its way through Kustomize: what it is now, and for each member that somebody changed, where the change stands.

import type { Location } from '../../model/location.ts';
import type { DocumentPath, JsonObject } from '../document.ts';
import { asObject, asString } from '../document.ts';
import type { KubernetesResource } from '../kubernetes-yaml/resources.ts';

/** Where a member comes from: a document, and the place of the member in it. */
export interface Origin {
  readonly path: DocumentPath;
  locate(path: DocumentPath): Location;
  locateValue(path: DocumentPath): Location;
}

export interface PatchedResource {
  readonly object: JsonObject;
  readonly origin: Origin;
  /** By the JSON of the path in the object. */
  readonly changes: ReadonlyMap<string, Origin>;
}

export function patchedResource(resource: KubernetesResource): PatchedResource {
  const origin: Origin = {
    path: [],
    locate: (path) => resource.locate(path),
    locateValue: (path) => resource.locateValue(path),
  };
  return { object: resource.object, origin, changes: new Map() };
}

/** The object as every reader of manifests knows it. */
export function resourceOf({ object, origin, changes }: PatchedResource): KubernetesResource {
  const placeOf = (path: DocumentPath): { origin: Origin; path: DocumentPath } => {
    for (let length = path.length; length > 0 && changes.size > 0; length -= 1) {
      const change = changes.get(JSON.stringify(path.slice(0, length)));
      if (change !== undefined) return { origin: change, path: [...change.path, ...path.slice(length)] };
    }
    return { origin, path: [...origin.path, ...path] };
  };
  const metadata = asObject(object['metadata']);
  return {
    apiVersion: asString(object['apiVersion']) ?? '',
    kind: asString(object['kind']) ?? '',
    name: asString(metadata?.['name']),
    namespace: asString(metadata?.['namespace']),
    object,
    locate: (path) => {
      const place = placeOf(path);
      return place.origin.locate(place.path);
    },
    locateValue: (path) => {
      const place = placeOf(path);
      return place.origin.locateValue(place.path);
    },
  };
}

/** With another object, and further changes over those that are known. */
export function changed(
  resource: PatchedResource,
  object: JsonObject,
  changes: Iterable<readonly [DocumentPath, Origin]>,
): PatchedResource {
  const all = new Map(resource.changes);
  for (const [path, origin] of changes) all.set(JSON.stringify(path), origin);
  return { ...resource, object, changes: all };
}
