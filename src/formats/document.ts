// SPDX-License-Identifier: Apache-2.0
// What JSON and YAML readers return: plain values plus the place of every key, so that findings can name a line.
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';

export type DocumentPath = readonly (string | number)[];

export interface Document {
  /** Plain data; undefined when nothing could be read. Objects have no prototype tricks: `__proto__` is an ordinary key. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Lines of the member at `path` (key to end of value), counted from 1; the nearest known parent when the member is absent. */
  locate(path: DocumentPath): Location;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Narrowing for foreign data: an object (not array, not null), else undefined. */
export function asObject(value: unknown): JsonObject | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** An array, else an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of an array, others dropped. */
export function asObjects(value: unknown): readonly JsonObject[] {
  return asArray(value)
    .map(asObject)
    .filter((item) => item !== undefined);
}

/** A string, else undefined. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The entries of an object, or none. */
export function entriesOf(value: unknown): [string, unknown][] {
  const object = asObject(value);
  return object === undefined ? [] : Object.entries(object);
}

/** Strings of an array, others dropped; a single string counts as an array of one. */
export function asStrings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return asArray(value).filter((item) => typeof item === 'string');
}
