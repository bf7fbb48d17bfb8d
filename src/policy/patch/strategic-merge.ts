// SPDX-License-Identifier: Apache-2.0
// Strategic merge patches as the API server and kubectl apply them (apimachinery pkg/util/strategicpatch): objects are merged, lists by the merge key of
// their field, and the directives `$patch`, `$retainKeys`, `$deleteFromPrimitiveList/` and `$setElementOrder/` are obeyed. Kyverno's own dialect is in
// kyaml-merge.ts.

import type { JsonObject } from '../../formats/document.ts';
import type { SchemaField, SchemaType, StructureType } from '../kubernetes-types/schema.ts';
import { anyField, schemaOf } from '../kubernetes-types/schema.ts';
import { equalJson, isJsonObject, memberOf, type OpenObject, openCopy, setMember } from './json-members.ts';
import type { PatchFault } from './json-patch.ts';
import { inOrder, mergeLists } from './list-order.ts';

const marker = '$patch';
const retainKeys = '$retainKeys';
const deletePrefix = '$deleteFromPrimitiveList/';
const orderPrefix = '$setElementOrder/';

/** Applies a patch to an object of a built-in kind, or of the type that is given. Neither is changed. */
export function applyStrategicMerge(
  object: JsonObject,
  patch: JsonObject,
  type: StructureType | undefined = schemaOf(object),
): { readonly kind: 'patched'; readonly value: JsonObject } | PatchFault {
  if (type === undefined) {
    const message = `strategic merge patches are for built-in kinds, not for ${String(object['apiVersion'])} ${String(object['kind'])}`;
    return { kind: 'fault', code: 'invalid', message };
  }
  try {
    return { kind: 'patched', value: mergeObject(object, patch, type) };
  } catch (error) {
    if (error instanceof PatchError) return { kind: 'fault', code: 'invalid', message: error.message };
    if (error instanceof RangeError) return { kind: 'fault', code: 'limit', message: 'the patch is too deep' };
    throw error;
  }
}

/** Leaves the recursion; never leaves this file. */
class PatchError extends Error {}

function mergeObject(original: JsonObject, patch: JsonObject, type: SchemaType): JsonObject {
  const directive = memberOf(patch, marker);
  if (directive === 'replace') {
    const { [marker]: _, ...rest } = patch;
    return rest;
  }
  if (directive === 'delete') return {};
  if (directive !== undefined) throw new PatchError(`unknown $patch directive ${JSON.stringify(directive)}`);
  const merged = retained(original, patch);
  const ordered = new Set<string>();
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(orderPrefix)) continue;
    const name = key.slice(orderPrefix.length);
    ordered.add(name);
    orderList({ merged, name, order, patch: memberOf(patch, name) }, type);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === retainKeys || key.startsWith(orderPrefix) || ordered.has(key)) continue;
    if (key.startsWith(deletePrefix)) deleteFromList(merged, key.slice(deletePrefix.length), value);
    else mergeMember(merged, { key, value }, type);
  }
  return merged;
}

/** A copy of the original, without what `$retainKeys` does not name. */
function retained(original: JsonObject, patch: JsonObject): OpenObject {
  const merged = openCopy(original);
  if (!Object.hasOwn(patch, retainKeys)) return merged;
  const keys = patch[retainKeys];
  if (!Array.isArray(keys)) throw new PatchError('$retainKeys must be a list');
  const isListed = (key: string): boolean => keys.includes(key);
  const stray = Object.keys(patch).find(
    (key) => !key.startsWith('$') && memberOf(patch, key) !== null && !isListed(key),
  );
  if (stray !== undefined) throw new PatchError(`$retainKeys does not hold '${stray}', which the patch sets`);
  for (const key of Object.keys(merged)) if (!isListed(key)) delete merged[key];
  return merged;
}

function mergeMember(
  merged: OpenObject,
  { key, value }: { readonly key: string; readonly value: unknown },
  type: SchemaType,
): void {
  if (value === null) {
    delete merged[key];
    return;
  }
  const original = memberOf(merged, key);
  if (isJsonObject(original) && isJsonObject(value)) {
    const field = fieldOf(type, key);
    setMember(merged, key, field.strategies.includes('replace') ? value : mergeObject(original, value, field.type));
  } else if (Array.isArray(original) && Array.isArray(value)) {
    setMember(merged, key, mergeList({ original, patch: value }, fieldOf(type, key)));
  } else {
    const kept = withoutDirectives(value);
    if (kept === undefined) delete merged[key];
    else setMember(merged, key, kept.value);
  }
}

function fieldOf(type: SchemaType, key: string): SchemaField {
  if (type.kind === 'map') return { ...anyField, type: type.element };
  if (type.kind !== 'structure') return anyField;
  const field = type.fields.get(key);
  if (field === undefined) throw new PatchError(`${type.name} has no field '${key}'`);
  return field;
}

/** What a patch brings where nothing was: without nulls and directives. undefined: nothing at all. */
function withoutDirectives(value: unknown): { readonly value: unknown } | undefined {
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => {
      const kept = item === null ? { value: null } : withoutDirectives(item);
      return kept === undefined ? [] : [kept.value];
    });
    return { value: items };
  }
  if (!isJsonObject(value)) return { value };
  if (Object.hasOwn(value, marker)) return undefined;
  const object: OpenObject = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === null || key === retainKeys || key.startsWith(deletePrefix) || key.startsWith(orderPrefix)) continue;
    const kept = withoutDirectives(member);
    if (kept !== undefined) setMember(object, key, kept.value);
  }
  return { value: object };
}

interface ListMerge {
  readonly original: readonly unknown[];
  readonly patch: readonly unknown[];
}

function mergeList({ original, patch }: ListMerge, field: SchemaField): readonly unknown[] {
  if (field.mergeKey === undefined) return withoutDirectives(patch)?.value as readonly unknown[];
  if (original.length + patch.length === 0) return original;
  if (field.mergeKey === '') {
    const merged = [...new Set([...original, ...patch])];
    return inServerOrder(merged, { order: patch, server: original });
  }
  const elements = mergeElements({ original, patch }, field, field.mergeKey);
  if (elements.isReplaced) return elements.items;
  const key = field.mergeKey;
  const order = patch.filter((item) => !isJsonObject(item) || !Object.hasOwn(item, marker));
  return inServerOrder(elements.items, { order, server: elements.server, key });
}

/** Elements of the patch first as the patch has them; the server's own keep their place among them as far as possible. */
function inServerOrder(
  items: readonly unknown[],
  {
    order,
    server,
    key,
  }: { readonly order: readonly unknown[]; readonly server: readonly unknown[]; readonly key?: string },
): readonly unknown[] {
  const identity = (item: unknown): unknown => (key !== undefined && isJsonObject(item) ? memberOf(item, key) : item);
  const patchOrder = order.map(identity);
  const patchedOnes = new Set(patchOrder);
  const serverOrder = server.map(identity);
  const isPatched = (item: unknown): boolean => patchedOnes.has(identity(item));
  const patched = inOrder(items.filter(isPatched), { order: patchOrder, identity });
  const others = inOrder(
    items.filter((item) => !isPatched(item)),
    { order: serverOrder, identity },
  );
  return mergeLists({ others, patched }, { order: serverOrder, identity });
}

interface MergedElements {
  readonly items: readonly unknown[];
  /** The original's elements that were not deleted, merged ones in their place. */
  readonly server: readonly unknown[];
  readonly isReplaced: boolean;
}

function mergeElements({ original, patch }: ListMerge, field: SchemaField, key: string): MergedElements {
  const type = field.type.kind === 'list' ? field.type.element : field.type;
  let items: unknown[] = [...original];
  const additions: JsonObject[] = [];
  let isReplaced = false;
  for (const element of patch) {
    if (!isJsonObject(element)) throw new PatchError('elements of a merged list must be objects');
    const directive = memberOf(element, marker);
    if (directive === undefined) additions.push(element);
    else if (directive === 'replace') isReplaced = true;
    else if (directive === 'delete') items = items.filter((item) => !equalJson(keyOf(item, key), keyOf(element, key)));
    else throw new PatchError(`unknown $patch directive ${JSON.stringify(directive)}`);
  }
  if (isReplaced) return { items: additions, server: [], isReplaced };
  const kept = items.length;
  const places = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const name = isJsonObject(item) ? JSON.stringify(memberOf(item, key)) : undefined;
    if (name !== undefined && !places.has(name)) places.set(name, index);
  }
  for (const element of additions) {
    const name = JSON.stringify(keyOf(element, key));
    const at = places.get(name) ?? items.length;
    const found = items[at];
    items[at] = isJsonObject(found) ? mergeObject(found, element, type) : element;
    places.set(name, at);
  }
  return { items, server: items.slice(0, kept), isReplaced };
}

function keyOf(element: unknown, key: string): unknown {
  const value = isJsonObject(element) ? memberOf(element, key) : undefined;
  if (value === undefined) throw new PatchError(`an element of a merged list has no merge key '${key}'`);
  return value;
}

function deleteFromList(merged: OpenObject, name: string, values: unknown): void {
  const list = memberOf(merged, name);
  if (!Array.isArray(values)) throw new PatchError(`${deletePrefix}${name} must be a list`);
  if (Array.isArray(list))
    setMember(
      merged,
      name,
      list.filter((item) => !values.includes(item)),
    );
}

/** `$setElementOrder/name`: the list is merged, then put into the order that is given; elements it does not name keep their place. */
function orderList(
  {
    merged,
    name,
    order,
    patch,
  }: { readonly merged: OpenObject; readonly name: string; readonly order: unknown; readonly patch: unknown },
  type: SchemaType,
): void {
  if (!Array.isArray(order)) throw new PatchError(`${orderPrefix}${name} must be a list`);
  const field = fieldOf(type, name);
  const original = memberOf(merged, name);
  if (original !== undefined && !Array.isArray(original)) throw new PatchError(`'${name}' is no list`);
  if (patch !== undefined && !Array.isArray(patch)) throw new PatchError(`'${name}' of the patch is no list`);
  if (original === undefined && patch === undefined) return;
  checkOrder({ patch: patch ?? [], order }, { name, key: field.mergeKey ?? '' });
  const items =
    patch === undefined
      ? (original ?? [])
      : original === undefined
        ? (withoutDirectives(patch)?.value as readonly unknown[])
        : mergeList({ original, patch }, field);
  const key = field.mergeKey === '' || field.mergeKey === undefined ? {} : { key: field.mergeKey };
  setMember(merged, name, inServerOrder(items, { order, server: original ?? [], ...key }));
}

/** All elements that the patch sets must stand in the order, and in that order. */
function checkOrder(
  { patch, order }: { readonly patch: readonly unknown[]; readonly order: readonly unknown[] },
  { name, key }: { readonly name: string; readonly key: string },
): void {
  if (order.length === 0) return;
  const identity = (item: unknown): unknown => (key === '' ? item : keyOf(item, key));
  const set = patch.filter((item) => !isJsonObject(item) || !Object.hasOwn(item, marker)).map(identity);
  const wanted = order.map(identity);
  let at = 0;
  for (const value of wanted) if (at < set.length && equalJson(set[at], value)) at += 1;
  if (at < set.length) throw new PatchError(`the order of '${name}' in the patch is not that of ${orderPrefix}${name}`);
}
