// SPDX-License-Identifier: Apache-2.0
// JSON Patch (RFC 6902) on plain values: the value is copied, never changed.

import { asObject, asString } from './document.ts';

export interface JsonPatchResult {
  /** Undefined when an operation could not be done. */
  readonly value: unknown;
  /** What could not be done. */
  readonly fault?: string;
  /** Places that the operations set, as they are afterwards, with the number of the operation. */
  readonly touched: readonly { readonly path: readonly (string | number)[]; readonly operation: number }[];
}

const mostOperations = 10_000;

/** Applies operations in order; all or nothing (RFC 6902 section 5). Never throws. */
export function applyJsonPatch(value: unknown, operations: readonly unknown[]): JsonPatchResult {
  const touched: { path: readonly (string | number)[]; operation: number }[] = [];
  let current = structuredClone(value);
  for (const [index, item] of operations.slice(0, mostOperations).entries()) {
    const operation = asObject(item);
    const path = pointerOf(operation?.['path']);
    const kind = asString(operation?.['op']) ?? '';
    if (operation === undefined || path === undefined) return broken(`operation ${index} has no path`);
    const from = pointerOf(operation['from']);
    const moved = from === undefined ? undefined : valueOf(current, from);
    switch (kind) {
      case 'test':
        if (JSON.stringify(valueOf(current, path)) !== JSON.stringify(operation['value']))
          return broken(`the test of operation ${index} fails`);
        continue;
      case 'move':
      case 'copy':
        if (from === undefined || moved === undefined) return broken(`operation ${index} takes from where nothing is`);
        if (kind === 'move') removeAt(current, from);
        break;
      case 'remove':
        if (!removeAt(current, path)) return broken(`operation ${index} removes what is not there`);
        continue;
      case 'replace':
        if (path.length > 0 && valueOf(current, path) === undefined)
          return broken(`operation ${index} replaces what is not there`);
        if (path.length > 0 && !removeAt(current, path)) return broken(`operation ${index} replaces what is not there`);
        break;
      case 'add':
        break;
      default:
        return broken(`operation ${index} is called ${kind.slice(0, 40)}`);
    }
    const wanted = structuredClone(kind === 'move' || kind === 'copy' ? moved : operation['value']);
    if (path.length === 0) current = wanted;
    else {
      const place = addAt(current, path, wanted);
      if (place === undefined) return broken(`operation ${index} adds to what is not there`);
      touched.push({ path: place, operation: index });
    }
  }
  return { value: current, touched };
}

function broken(fault: string): JsonPatchResult {
  return { value: undefined, fault, touched: [] };
}

/** RFC 6901. Numbers stay texts until they meet an array. */
function pointerOf(value: unknown): readonly string[] | undefined {
  const text = asString(value);
  if (text === '') return [];
  if (text === undefined || !text.startsWith('/') || text.length > 10_000) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Container = unknown[] | Record<string, unknown>;

function containerAt(value: unknown, path: readonly string[]): Container | undefined {
  const found = valueOf(value, path);
  return found !== null && typeof found === 'object' ? (found as Container) : undefined;
}

function valueOf(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

function removeAt(value: unknown, path: readonly string[]): boolean {
  const parent = containerAt(value, path.slice(0, -1));
  const key = path.at(-1) ?? '';
  if (parent === undefined || !Object.hasOwn(parent, key)) return false;
  if (!Array.isArray(parent)) return delete parent[key];
  if (!/^\d{1,9}$/.test(key)) return false;
  parent.splice(Number(key), 1);
  return true;
}

/** The place where the value is now. */
function addAt(value: unknown, path: readonly string[], wanted: unknown): readonly (string | number)[] | undefined {
  const parent = containerAt(value, path.slice(0, -1));
  const key = path.at(-1) ?? '';
  if (parent === undefined) return undefined;
  if (!Array.isArray(parent)) {
    Object.defineProperty(parent, key, { value: wanted, enumerable: true, configurable: true, writable: true });
    return typed(value, path);
  }
  const index = key === '-' ? parent.length : /^\d{1,9}$/.test(key) ? Number(key) : -1;
  if (index < 0 || index > parent.length) return undefined;
  parent.splice(index, 0, wanted);
  return typed(value, [...path.slice(0, -1), String(index)]);
}

/** The path with numbers where arrays are. */
function typed(value: unknown, path: readonly string[]): readonly (string | number)[] {
  let found = value;
  return path.map((key) => {
    const isItem = Array.isArray(found);
    found = found !== null && typeof found === 'object' ? (found as Record<string, unknown>)[key] : undefined;
    return isItem ? Number(key) : key;
  });
}
