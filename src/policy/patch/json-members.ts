// SPDX-License-Identifier: Apache-2.0
// Members of JSON objects and comparison of JSON values, for all patches: `__proto__` is a key like any other, and nothing that was handed in is changed.

import type { JsonObject } from '../../formats/document.ts';
import { defaultLimits } from '../../model/limits.ts';

/** An object under construction. */
export type OpenObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The member of an object itself, never of its prototype. */
export function memberOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a member; `__proto__` by definition, because assignment would set the prototype. */
export function setMember(object: OpenObject, key: string, value: unknown): void {
  if (key !== '__proto__') {
    object[key] = value;
    return;
  }
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A copy of an object that may be changed. */
export function openCopy(object: JsonObject): OpenObject {
  return { ...object };
}

/** Whether two JSON values are equal: the order of keys does not count. */
export function equalJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left))
    return (
      Array.isArray(right) && left.length === right.length && left.every((item, index) => equalJson(item, right[index]))
    );
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key], right[key]))
  );
}

/** Counts what copies bring in, so that a patch cannot grow a document without bound. */
export class CopyBudget {
  #left: number = defaultLimits.patchedValues;

  /** A copy that shares nothing; undefined when it is too large or too deep. */
  copy(value: unknown): { readonly value: unknown } | undefined {
    const copied = this.#copy(value, 0);
    return this.#left < 0 ? undefined : { value: copied };
  }

  #copy(value: unknown, depth: number): unknown {
    this.#left -= depth > defaultLimits.depth * 5 ? Number.POSITIVE_INFINITY : 1;
    if (this.#left < 0) return null;
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, depth + 1));
    if (!isJsonObject(value)) return value;
    const object: OpenObject = {};
    for (const [key, member] of Object.entries(value)) setMember(object, key, this.#copy(member, depth + 1));
    return object;
  }
}
