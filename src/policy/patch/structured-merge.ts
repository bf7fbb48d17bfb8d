// SPDX-License-Identifier: Apache-2.0
// Structured merge, as server-side apply and the ApplyConfiguration of MutatingAdmissionPolicies do it (sigs.k8s.io/structured-merge-diff typed.Merge):
// the schema says which lists are maps by keys, which are sets, and what is atomic. Nothing is removed: a merge only sets and adds.

import type { JsonObject } from '../../formats/document.ts';
import type { SchemaField, StructureType } from '../kubernetes-types/schema.ts';
import { keyDefaults, schemaOf } from '../kubernetes-types/schema.ts';
import { equalJson, isJsonObject, memberOf, type OpenObject, setMember } from './json-members.ts';
import type { PatchFault } from './json-patch.ts';
import { atomicsOf, misfitOf } from './structured-check.ts';
import { deduced, isAtomic, memberField } from './structured-field.ts';

export interface StructuredMergeOptions {
  /** `undefined` for kinds without a schema: maps are merged, lists are atomic. */
  readonly type?: StructureType | undefined;
  /** `refuse`: a patch may hold nothing atomic, as the API server asks of policies; `replace`: what is atomic is replaced (plain server-side apply, Kyverno). */
  readonly atomics?: 'refuse' | 'replace';
}

/** Merges a configuration into an object. Neither is changed. */
export function applyStructuredMerge(
  object: JsonObject,
  configuration: JsonObject,
  options: StructuredMergeOptions = {},
): { readonly kind: 'patched'; readonly value: JsonObject } | PatchFault {
  const type = 'type' in options ? options.type : schemaOf(object);
  const root: SchemaField = { ...deduced, type: type ?? { kind: 'any' } };
  try {
    const misfit = misfitOf(configuration, root);
    if (misfit !== undefined) return invalid(misfit);
    const atomics = options.atomics === 'refuse' ? atomicsOf(configuration, root) : [];
    if (atomics.length > 0)
      return invalid(
        `invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`,
      );
    const merged = mergeValue(object, configuration, root);
    return { kind: 'patched', value: isJsonObject(merged) ? merged : object };
  } catch (error) {
    if (error instanceof MergeError) return invalid(error.message);
    if (error instanceof RangeError) return { kind: 'fault', code: 'limit', message: 'the configuration is too deep' };
    throw error;
  }
}

function invalid(message: string): PatchFault {
  return { kind: 'fault', code: 'invalid', message };
}

/** Leaves the recursion; never leaves this file. */
class MergeError extends Error {}

/** undefined: nothing is there. */
function mergeValue(live: unknown, applied: unknown, field: SchemaField): unknown {
  if (applied === undefined) return live;
  if (Array.isArray(live) || Array.isArray(applied)) return mergeList(live, applied, field);
  if (isJsonObject(live) || isJsonObject(applied)) return mergeMap(live, applied, field);
  // A null sets a scalar to nothing.
  return applied ?? undefined;
}

function mergeMap(live: unknown, applied: unknown, field: SchemaField): unknown {
  if (isAtomic(field)) return applied ?? undefined;
  if (!isJsonObject(applied)) return applied === null && !isEmpty(live) ? live : (applied ?? undefined);
  const merged: OpenObject = isJsonObject(live) ? { ...live } : {};
  for (const [key, value] of Object.entries(applied)) {
    const member = mergeValue(memberOf(merged, key), value, memberField(field.type, key) ?? deduced);
    if (member === undefined) delete merged[key];
    else setMember(merged, key, member);
  }
  return merged;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (isJsonObject(value) && Object.keys(value).length === 0);
}

function mergeList(live: unknown, applied: unknown, field: SchemaField): unknown {
  if (field.list === 'atomic') return applied ?? undefined;
  if (!Array.isArray(applied))
    return applied === null && Array.isArray(live) && live.length > 0 ? live : (applied ?? undefined);
  const identity = (item: unknown): string => identityOf(item, field);
  const before: readonly unknown[] = Array.isArray(live) ? live : [];
  const left = before.map(identity);
  const right = applied.map(identity);
  if (new Set(right).size < right.length) throw new MergeError('an applied list has two entries with the same key');
  const element: SchemaField = { ...deduced, type: field.type.kind === 'list' ? field.type.element : field.type };
  // Entries that are there twice have no one to be merged with.
  const places = new Map<string, number>();
  for (const [index, entry] of left.entries()) places.set(entry, places.has(entry) ? -1 : index);
  return interleave(left, right).map((place) => {
    if (place.applied === undefined) return before[place.live ?? 0];
    const at = places.get(right[place.applied] ?? '') ?? -1;
    return mergeValue(at === -1 ? undefined : before[at], applied[place.applied], element);
  });
}

/** What makes two elements the same one: the keys of the list, or for sets the element itself. */
function identityOf(item: unknown, { list, keys }: SchemaField): string {
  if (list === 'set') return JSON.stringify(item);
  if (!isJsonObject(item)) throw new MergeError('an element of a list with keys must be an object');
  return JSON.stringify(keys.map((key) => memberOf(item, key) ?? keyDefaults[key] ?? ''));
}

interface Place {
  readonly live?: number;
  readonly applied?: number;
}

/** Applied entries in their order; live ones that are not applied stay where they are, relative to the entries that both have. */
function interleave(left: readonly string[], right: readonly string[]): Place[] {
  const [known, given] = [new Set(left), new Set(right)];
  const shared = right.filter((entry) => known.has(entry));
  const merged = new Set<string>();
  const places: Place[] = [];
  let [at, next, nextShared] = [0, 0, 0];
  while (at < left.length || next < right.length) {
    const [live, applied] = [left[at], right[next]];
    if (live !== undefined && applied !== undefined) {
      if (live === applied) {
        places.push({ live: at, applied: next });
        merged.add(live);
        at += 1;
        next += 1;
        nextShared += 1;
        continue;
      }
      const wanted = shared[nextShared];
      if (given.has(live) && wanted !== undefined && wanted !== live) {
        at += 1;
        continue;
      }
    }
    if (live !== undefined) {
      if (!given.has(live)) {
        places.push({ live: at });
        at += 1;
        continue;
      }
      if (merged.has(live)) at += 1;
    }
    if (applied !== undefined) {
      places.push({ applied: next });
      merged.add(applied);
      next += 1;
      if (shared[nextShared] === applied) nextShared += 1;
    }
  }
  return places;
}

/** Whether a merge would change anything: applying a configuration again must not. */
export function isSettled(
  object: JsonObject,
  configuration: JsonObject,
  options: StructuredMergeOptions = {},
): boolean {
  const merged = applyStructuredMerge(object, configuration, options);
  return merged.kind === 'patched' && equalJson(merged.value, object);
}
