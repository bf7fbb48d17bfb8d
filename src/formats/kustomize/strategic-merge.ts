// SPDX-License-Identifier: Apache-2.0
// Strategic merge patches as far as manifests use them: mappings are merged, null removes, lists of named things are merged by their key, and the
// directives `$patch: delete` and `$patch: replace`.
// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md

import type { DocumentPath, JsonObject } from '../document.ts';
import { asObject } from '../document.ts';

export interface Merged {
  /** Undefined when the patch deletes the object. */
  readonly value: JsonObject | undefined;
  /** Places in the result with the place in the patch that set them. */
  readonly changes: readonly (readonly [DocumentPath, DocumentPath])[];
}

/** Keys by which the API of Kubernetes merges lists, by the name of the list. */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  ports: ['containerPort', 'port'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
};

const deepest = 100;

/** `isBuiltIn` says whether lists have keys: those of custom resources are replaced as a whole, as the API server does. */
export function strategicMerge(target: JsonObject, patch: JsonObject, isBuiltIn: 'built-in' | 'custom'): Merged {
  if (patch['$patch'] === 'delete') return { value: undefined, changes: [] };
  const changes: (readonly [DocumentPath, DocumentPath])[] = [];
  const value = mergeObjects(target, patch, { at: [], from: [], changes, keyed: isBuiltIn === 'built-in' });
  return { value, changes };
}

interface Merge {
  readonly at: DocumentPath;
  readonly from: DocumentPath;
  readonly changes: (readonly [DocumentPath, DocumentPath])[];
  readonly keyed: boolean;
}

function below(merge: Merge, key: string | number, patchKey: string | number = key): Merge {
  return { ...merge, at: [...merge.at, key], from: [...merge.from, patchKey] };
}

function mergeObjects(target: JsonObject, patch: JsonObject, merge: Merge): JsonObject {
  if (patch['$patch'] === 'replace') {
    merge.changes.push([merge.at, merge.from]);
    return Object.fromEntries(Object.entries(patch).filter(([key]) => key !== '$patch'));
  }
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) {
      delete result[key];
      continue;
    }
    const here = below(merge, key);
    const merged = mergeValues(Object.hasOwn(result, key) ? result[key] : undefined, value, here);
    Object.defineProperty(result, key, { value: merged, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

function mergeValues(target: unknown, value: unknown, merge: Merge): unknown {
  const known = asObject(target);
  const patch = asObject(value);
  if (known !== undefined && patch !== undefined && merge.at.length < deepest) return mergeObjects(known, patch, merge);
  if (Array.isArray(target) && Array.isArray(value) && merge.keyed) {
    const list = String(merge.at.at(-1));
    const key = Object.hasOwn(mergeKeys, list)
      ? mergeKeys[list]?.find((name) => value.some((item) => asObject(item)?.[name] !== undefined))
      : undefined;
    if (key !== undefined) return mergeLists(target, { items: value, key }, merge);
  }
  merge.changes.push([merge.at, merge.from]);
  return value;
}

function mergeLists(
  target: readonly unknown[],
  { items, key }: { readonly items: readonly unknown[]; readonly key: string },
  merge: Merge,
): unknown[] {
  const result: unknown[] = [...target];
  const removed = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    const patch = asObject(item);
    if (patch === undefined || patch[key] === undefined) continue;
    const found = result.findIndex((known) => asObject(known)?.[key] === patch[key]);
    const known = asObject(result[found]);
    if (patch['$patch'] === 'delete') removed.add(result[found]);
    else if (known !== undefined) result[found] = mergeObjects(known, patch, below(merge, found, index));
    else {
      merge.changes.push([
        [...merge.at, result.length],
        [...merge.from, index],
      ]);
      result.push(patch);
    }
  }
  return result.filter((item) => !removed.has(item));
}
