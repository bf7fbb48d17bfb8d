// SPDX-License-Identifier: Apache-2.0
// What a watch keeps: the projection of each object and its version, and which changes that makes for the one who watches. Strings that come again and
// again (namespaces, images, labels) are kept once.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { messageOf } from '../../model/error.ts';
import type { WatchHandler } from './client.ts';
import type { KubeUnknown } from './outcome.ts';
import { KubeError } from './outcome.ts';

export interface StoreOptions {
  readonly maximum: number;
  /** For messages. */
  readonly what: string;
  readonly failed: (unknown: KubeUnknown) => void;
}

/** All objects of a new list, before they replace the old ones. */
export interface Filling {
  put(object: JsonObject): void;
  remove(object: JsonObject): void;
  /** Makes them the objects of the store and tells the differences. */
  commit(): void;
}

/** Versions as numbers where they are: they are compared for equality only. */
type Version = number | string;

/** Different strings that are kept once; beyond that they are what they are. */
const internedStrings = 100_000;

export class ObjectStore<T> {
  readonly #handler: WatchHandler<T>;
  readonly #options: StoreOptions;
  #values = new Map<string, T>();
  #versions = new Map<string, Version>();
  #interned = new Map<string, string>();
  readonly #intern = (text: string): string => {
    const known = this.#interned.get(text);
    if (known !== undefined) return known;
    if (this.#interned.size < internedStrings) this.#interned.set(text, text);
    return text;
  };

  constructor(handler: WatchHandler<T>, options: StoreOptions) {
    this.#handler = handler;
    this.#options = options;
  }

  get objects(): ReadonlyMap<string, T> {
    return this.#values;
  }

  put(object: JsonObject): void {
    const key = keyOf(object);
    const version = versionOf(object);
    if (version !== undefined && this.#versions.get(key) === version) return;
    const before = this.#values.get(key);
    const isKnown = this.#values.has(key);
    if (!isKnown) this.#checkSize(this.#values.size + 1);
    const value = this.#project(object, key);
    if (value === undefined) return;
    this.#set(key, version);
    if (isKnown && this.#handler.isSame?.(before as T, value.value) === true) return;
    this.#values.set(key, value.value);
    this.#handler.changed?.(
      isKnown
        ? { type: 'changed', key, value: value.value, before: before as T }
        : { type: 'added', key, value: value.value },
    );
  }

  remove(object: JsonObject): void {
    this.#drop(keyOf(object));
  }

  begin(): Filling {
    // Strings of objects that are gone are let go of with each new list.
    this.#interned = new Map();
    const values = new Map<string, T>();
    const versions = new Map<string, Version>();
    return {
      put: (object) => {
        const key = keyOf(object);
        const version = versionOf(object);
        if (version !== undefined) versions.set(key, version);
        if (version !== undefined && this.#versions.get(key) === version && this.#values.has(key)) {
          values.set(key, this.#values.get(key) as T);
          return;
        }
        if (!values.has(key)) this.#checkSize(values.size + 1);
        const value = this.#project(object, key);
        if (value !== undefined) values.set(key, value.value);
      },
      remove: (object) => {
        values.delete(keyOf(object));
        versions.delete(keyOf(object));
      },
      commit: () => this.#replace(values, versions),
    };
  }

  #replace(values: Map<string, T>, versions: Map<string, Version>): void {
    const old = { values: this.#values, versions: this.#versions };
    const kept = new Map<string, T>();
    for (const [key, value] of values) {
      const before = old.values.get(key) as T;
      if (old.values.has(key) && this.#handler.isSame?.(before, value) === true) kept.set(key, before);
    }
    for (const [key, value] of kept) values.set(key, value);
    this.#values = values;
    this.#versions = versions;
    const { changed, synced } = this.#handler;
    if (changed !== undefined) {
      for (const [key, before] of old.values) if (!values.has(key)) changed({ type: 'deleted', key, before });
      for (const [key, value] of values) {
        const before = old.values.get(key) as T;
        if (!old.values.has(key)) changed({ type: 'added', key, value });
        else if (before !== value) changed({ type: 'changed', key, value, before });
      }
    }
    synced?.();
  }

  #drop(key: string): void {
    const before = this.#values.get(key);
    const isKnown = this.#values.delete(key);
    this.#versions.delete(key);
    if (isKnown) this.#handler.changed?.({ type: 'deleted', key, before: before as T });
  }

  #set(key: string, version: Version | undefined): void {
    if (version === undefined) this.#versions.delete(key);
    else this.#versions.set(key, version);
  }

  /** Undefined: the handler could not read the object, which is told and otherwise left out. */
  #project(object: JsonObject, key: string): { readonly value: T } | undefined {
    try {
      return { value: this.#handler.project(object, this.#intern) };
    } catch (error) {
      const reason = `${this.#options.what}: ${key} could not be read: ${messageOf(error)}`;
      this.#options.failed({ kind: 'unknown', fault: 'invalid', reason });
      return undefined;
    }
  }

  #checkSize(size: number): void {
    if (size <= this.#options.maximum) return;
    const reason = `${this.#options.what}: there are more than ${this.#options.maximum} objects`;
    throw new KubeError({ fault: 'limit', reason });
  }
}

/** `namespace/name`, or `name`. */
export function keyOf(object: JsonObject): string {
  const metadata = asObject(object['metadata']);
  const name = asString(metadata?.['name']) ?? '';
  const namespace = asString(metadata?.['namespace']) ?? '';
  return namespace === '' ? name : `${namespace}/${name}`;
}

function versionOf(object: JsonObject): Version | undefined {
  const version = asString(asObject(object['metadata'])?.['resourceVersion']);
  if (version === undefined || version === '') return undefined;
  return /^[1-9]\d{0,14}$/.test(version) ? Number(version) : version;
}
