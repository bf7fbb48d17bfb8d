// SPDX-License-Identifier: Apache-2.0
// Strategic merge as kustomize's kyaml does it (yaml/merge2 with new list elements in front), which Kyverno's mutate rules use: null removes, lists of
// built-in kinds are merged by the keys of the API's schema, lists of unknown kinds are replaced. Anchors are resolved before, in mutate-anchors.ts.
// Where kyaml loses what a patch sets (a port without its protocol, elements without a name), this one merges or refuses instead.

import type { JsonObject } from '../../formats/document.ts';
import type { SchemaField, SchemaType } from '../kubernetes-types/schema.ts';
import { anyField, schemaOf } from '../kubernetes-types/schema.ts';
import { isJsonObject, memberOf, type OpenObject, setMember } from './json-members.ts';
import type { PatchFault } from './json-patch.ts';

const marker = '$patch';

/** Merges a patch into an object. Neither is changed; what the patch does not touch is shared. The whole object can be removed: undefined. */
export function applyKyamlMerge(
  object: JsonObject,
  patch: JsonObject,
): { readonly kind: 'patched'; readonly value: JsonObject | undefined } | PatchFault {
  try {
    const type = schemaOf(object) ?? schemaOf(patch);
    return {
      kind: 'patched',
      value: mergeObject(object, patch, type === undefined ? anyField : { ...anyField, type }),
    };
  } catch (error) {
    if (error instanceof MergeError) return { kind: 'fault', code: 'invalid', message: error.message };
    if (error instanceof RangeError) return { kind: 'fault', code: 'limit', message: 'the patch is too deep' };
    throw error;
  }
}

/** Leaves the recursion; never leaves this file. */
class MergeError extends Error {}

/** undefined: the member goes. */
function mergeValue(target: unknown, patch: unknown, field: SchemaField): unknown {
  if (patch === undefined) return target;
  if (patch === null) return undefined;
  const isThere = target !== undefined && target !== null;
  if (isThere && kindOf(target) !== kindOf(patch))
    throw new MergeError(`a patch with ${kindOf(patch)} does not fit ${kindOf(target)}`);
  if (isJsonObject(patch)) return mergeObject(isJsonObject(target) ? target : undefined, patch, field);
  if (!Array.isArray(patch) || field.mergeKey === undefined) return patch;
  return mergeList(Array.isArray(target) ? target : undefined, patch, field);
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : isJsonObject(value) ? 'an object' : 'a scalar';
}

function mergeObject(target: JsonObject | undefined, patch: JsonObject, field: SchemaField): JsonObject | undefined {
  const directive = directiveOf(patch);
  if (directive === 'delete') return undefined;
  const merged: OpenObject = target === undefined || directive === 'replace' ? {} : { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (key === marker) continue;
    const member = mergeValue(memberOf(merged, key), value, memberField(field.type, key));
    if (member === undefined) delete merged[key];
    else setMember(merged, key, member);
  }
  return merged;
}

function directiveOf(patch: JsonObject): 'merge' | 'replace' | 'delete' {
  const directive = memberOf(patch, marker);
  if (directive === undefined || directive === 'merge') return 'merge';
  if (directive === 'replace' || directive === 'delete') return directive;
  throw new MergeError(`unknown $patch directive ${JSON.stringify(directive)}`);
}

function memberField(type: SchemaType, key: string): SchemaField {
  if (type.kind === 'map') return { ...anyField, type: type.element };
  return (type.kind === 'structure' ? type.fields.get(key) : undefined) ?? anyField;
}

function mergeList(target: readonly unknown[] | undefined, patch: readonly unknown[], field: SchemaField): unknown {
  // An element that holds nothing but a directive speaks of the whole list.
  const about = patch.find(
    (item) => isJsonObject(item) && Object.hasOwn(item, marker) && Object.keys(item).length === 1,
  );
  const directive = isJsonObject(about) ? directiveOf(about) : 'merge';
  if (directive === 'delete') return undefined;
  const elements = patch.filter((item) => item !== about);
  const base = directive === 'replace' || target === undefined ? [] : target;
  if (field.mergeKey === '') return [...new Set([...elements, ...base])];
  const keys = field.keys.length > 0 ? field.keys : [field.mergeKey ?? ''];
  return mergeElements(base, elements, { keys, field });
}

/** One key: elements of the patch first, in its order. Several keys: new elements first, the others where they were. */
function mergeElements(
  base: readonly unknown[],
  patch: readonly unknown[],
  { keys, field }: { readonly keys: readonly string[]; readonly field: SchemaField },
): readonly unknown[] {
  const element: SchemaField = { ...anyField, type: field.type.kind === 'list' ? field.type.element : field.type };
  const rest: (Entry | undefined)[] = base.map((item) => ({ identity: identityOf(item, keys), item }));
  const places = placesByFirstKey(rest);
  const front: unknown[] = [];
  for (const item of patch) {
    if (!isJsonObject(item)) throw new MergeError('elements of a list with a merge key must be objects');
    const identity = identityOf(item, keys);
    const [first = ''] = identity;
    if (first === '') throw new MergeError(`an element of the patch has no '${keys[0] ?? ''}'`);
    const at = places.get(first)?.find((place) => isSame(rest[place]?.identity ?? [], identity)) ?? -1;
    const found = rest[at];
    const merged = mergeValue(found?.item, item, element);
    const isGone = merged === undefined || (isJsonObject(merged) && Object.keys(merged).length === 0);
    if (found !== undefined) rest[at] = isGone || keys.length === 1 ? undefined : { ...found, item: merged };
    if (!isGone && (found === undefined || keys.length === 1)) front.push(merged);
  }
  return [...front, ...rest.flatMap((entry) => (entry === undefined ? [] : [entry.item]))];
}

interface Entry {
  readonly identity: readonly string[];
  readonly item: unknown;
}

function placesByFirstKey(entries: readonly (Entry | undefined)[]): ReadonlyMap<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, entry] of entries.entries()) {
    const key = entry?.identity[0] ?? '';
    const known = places.get(key);
    if (known === undefined) places.set(key, [index]);
    else known.push(index);
  }
  return places;
}

/** Values of the keys as text: kyaml compares what is written, so 1 is '1'. Empty where there is none. */
function identityOf(item: unknown, keys: readonly string[]): readonly string[] {
  return keys.map((key) => {
    const value = isJsonObject(item) ? memberOf(item, key) : undefined;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  });
}

/** The first key must be equal; others may be left out on one side. */
function isSame(left: readonly string[], right: readonly string[]): boolean {
  return (
    left.length === right.length &&
    left[0] !== '' &&
    left.every((value, index) => {
      const other = right[index] ?? '';
      return value === other || (index > 0 && (value === '' || other === ''));
    })
  );
}
