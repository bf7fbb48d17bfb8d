// SPDX-License-Identifier: Apache-2.0
// JSON Patch: operations read and checked once. RFC 6902 as it is written, and the two dialects of Go's evanphx/json-patch: with the options of the API
// server, and with those of Kyverno. How a patch changes a document is in json-patch-apply.ts.

import { asObject, asString } from '../../formats/document.ts';
import { defaultLimits } from '../../model/limits.ts';
import { parseLenientPointer, parsePointer } from './json-pointer.ts';

/**
 * `strict`: RFC 6902. `api-server`: evanphx with its defaults: negative indexes count from the end, `test` of an absent member against null holds.
 * `kyverno`: besides, `remove` of what is not there does nothing and `add` makes missing parents (pkg/engine/mutate/patch/patchJSON6902.go).
 */
export type JsonPatchDialect = 'strict' | 'api-server' | 'kyverno';

export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly path: string; readonly from: string };

export type JsonPatchStep =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: readonly string[]; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: readonly string[] }
  | { readonly op: 'move' | 'copy'; readonly path: readonly string[]; readonly from: readonly string[] };

export interface JsonPatch {
  readonly dialect: JsonPatchDialect;
  readonly steps: readonly JsonPatchStep[];
}

export interface PatchFault {
  readonly kind: 'fault';
  /** `test`: a test operation did not hold. `missing`: a path leads nowhere. `invalid`: the patch itself is wrong. `limit`: too much. */
  readonly code: 'test' | 'missing' | 'invalid' | 'limit';
  readonly message: string;
  /** Index of the operation. */
  readonly operation?: number;
}

export type CompiledJsonPatch = { readonly kind: 'patch'; readonly patch: JsonPatch } | PatchFault;

/** Reads a patch document. Never throws. */
export function compileJsonPatch(document: unknown, dialect: JsonPatchDialect = 'strict'): CompiledJsonPatch {
  if (!Array.isArray(document))
    return { kind: 'fault', code: 'invalid', message: 'a JSON Patch is a list of operations' };
  if (document.length > defaultLimits.patchOperations)
    return { kind: 'fault', code: 'limit', message: `more than ${defaultLimits.patchOperations} operations` };
  const steps: JsonPatchStep[] = [];
  for (const [operation, item] of document.entries()) {
    const step = readStep(item, dialect);
    if (typeof step === 'string') return { kind: 'fault', code: 'invalid', message: step, operation };
    steps.push(step);
  }
  return { kind: 'patch', patch: { dialect, steps } };
}

/** A step, or what is wrong with it. */
function readStep(item: unknown, dialect: JsonPatchDialect): JsonPatchStep | string {
  const operation = asObject(item);
  if (operation === undefined) return 'an operation is an object';
  const op = asString(operation['op']);
  const path = readPath(operation['path'], dialect);
  if (path === undefined) return `path is not a JSON Pointer: ${JSON.stringify(operation['path'] ?? null)}`;
  switch (op) {
    case 'remove':
      return { op, path };
    case 'move':
    case 'copy': {
      const from = readPath(operation['from'], dialect);
      if (from === undefined) return `from is not a JSON Pointer: ${JSON.stringify(operation['from'] ?? null)}`;
      return { op, path, from };
    }
    case 'add':
    case 'replace':
    case 'test':
      if (Object.hasOwn(operation, 'value')) return { op, path, value: operation['value'] };
      // evanphx takes a test without a value as one against null.
      return op === 'test' && dialect !== 'strict' ? { op, path, value: null } : `${op} needs a value`;
    default:
      return `op must be add, remove, replace, move, copy or test, not ${JSON.stringify(operation['op'] ?? null)}`;
  }
}

function readPath(value: unknown, dialect: JsonPatchDialect): readonly string[] | undefined {
  const text = asString(value);
  if (text === undefined) return undefined;
  return dialect === 'strict' ? parsePointer(text) : parseLenientPointer(text);
}
