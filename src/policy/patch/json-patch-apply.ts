// SPDX-License-Identifier: Apache-2.0
// Applies a JSON Patch. The document that is handed in stays as it is: containers on the way to a change are copied once, all others are shared.

import { defaultLimits } from '../../model/limits.ts';
import { CopyBudget, equalJson, isJsonObject, memberOf, type OpenObject, openCopy, setMember } from './json-members.ts';
import type { JsonPatch, JsonPatchDialect, JsonPatchStep, PatchFault } from './json-patch.ts';
import { printPointer } from './json-pointer.ts';

export type Patched = { readonly kind: 'patched'; readonly value: unknown } | PatchFault;

/** Applies all operations, or none: the first that fails is reported with its index. */
export function applyJsonPatch(patch: JsonPatch, document: unknown): Patched {
  try {
    return applySteps(patch, document);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'fault', code: 'limit', message: 'the document is too deep' };
  }
}

function applySteps(patch: JsonPatch, document: unknown): Patched {
  const application = new Application(patch.dialect, document);
  for (const [operation, step] of patch.steps.entries()) {
    const failure = application.run(step);
    if (failure !== undefined) return { kind: 'fault', ...failure, operation };
  }
  return { kind: 'patched', value: application.document };
}

type Failure = Pick<PatchFault, 'code' | 'message'>;

type Container = OpenObject | unknown[];

/** Outcome of a look: a value, or nothing there, or a place that cannot be. */
type Found = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'absent' | 'impossible' };

const indexes: Readonly<Record<JsonPatchDialect, RegExp>> = {
  strict: /^(?:0|[1-9]\d*)$/,
  // What Go's strconv.Atoi takes.
  'api-server': /^[+-]?\d+$/,
  kyverno: /^[+-]?\d+$/,
};

class Application {
  document: unknown;
  readonly #dialect: JsonPatchDialect;
  /** Containers that this application made: they may be changed in place. */
  readonly #owned = new Set<unknown>();
  readonly #copies = new CopyBudget();

  constructor(dialect: JsonPatchDialect, document: unknown) {
    this.#dialect = dialect;
    this.document = document;
  }

  /** undefined: done. */
  run(step: JsonPatchStep): Failure | undefined {
    switch (step.op) {
      case 'add':
        return this.#add(step.path, step.value);
      case 'remove':
        return this.#remove(step.path);
      case 'replace':
        return this.#replace(step.path, step.value);
      case 'test':
        return this.#test(step.path, step.value);
      case 'move':
        return this.#move(step.from, step.path);
      default:
        return this.#copy(step.from, step.path);
    }
  }

  #add(path: readonly string[], value: unknown): Failure | undefined {
    const last = path.at(-1);
    if (last === undefined) {
      this.document = value;
      return undefined;
    }
    const parent = this.#openParent(path, this.#dialect === 'kyverno' ? 'make' : 'find');
    if (parent === undefined) return missing('add', path);
    if (!Array.isArray(parent)) {
      setMember(parent, last, value);
      return undefined;
    }
    const index = last === '-' ? parent.length : this.#index(last, parent.length + 1);
    if (index === undefined || index > parent.length) return missing('add', path);
    parent.splice(index, 0, value);
    return undefined;
  }

  #remove(path: readonly string[]): Failure | undefined {
    const isLenient = this.#dialect === 'kyverno';
    const last = path.at(-1);
    if (last === undefined) return { code: 'invalid', message: 'the whole document cannot be removed' };
    const found = this.#look(path);
    if (found.kind === 'absent' && isLenient) return undefined;
    if (found.kind === 'impossible' && isLenient && (indexes.kyverno.test(last) || !this.#isListParent(path)))
      return undefined;
    if (found.kind !== 'value') return missing('remove', path);
    const parent = this.#openParent(path, 'find');
    if (Array.isArray(parent)) parent.splice(this.#index(last, parent.length) ?? parent.length, 1);
    else if (parent !== undefined) delete parent[last];
    return undefined;
  }

  /** Lists have no absent members: a token that is no number is an error, however lenient the dialect. */
  #isListParent(path: readonly string[]): boolean {
    const parent = this.#look(path.slice(0, -1));
    return parent.kind === 'value' && Array.isArray(parent.value);
  }

  #replace(path: readonly string[], value: unknown): Failure | undefined {
    const last = path.at(-1);
    if (last === undefined) {
      this.document = value;
      return undefined;
    }
    if (this.#look(path).kind !== 'value' && !this.#isOpenMember(path)) return missing('replace', path);
    const parent = this.#openParent(path, 'find');
    if (Array.isArray(parent)) parent[this.#index(last, parent.length) ?? parent.length] = value;
    else if (parent !== undefined) setMember(parent, last, value);
    return undefined;
  }

  /** A member that the API server's evanphx (v4) takes for null although it is absent. */
  #isOpenMember(path: readonly string[]): boolean {
    return this.#dialect === 'api-server' && this.#look(path).kind === 'absent' && !this.#isListParent(path);
  }

  #test(path: readonly string[], value: unknown): Failure | undefined {
    const found = this.#look(path);
    const isAbsentMember =
      found.kind === 'absent' && this.#look(path.slice(0, -1)).kind === 'value' && this.#dialect !== 'strict';
    if (isAbsentMember && !this.#isListParent(path))
      return value === null ? undefined : { code: 'test', message: `test failed: ${printPointer(path)} is absent` };
    if (found.kind !== 'value') return missing('test', path);
    return equalJson(found.value, value)
      ? undefined
      : { code: 'test', message: `test failed: ${printPointer(path)} has another value` };
  }

  #move(from: readonly string[], path: readonly string[]): Failure | undefined {
    const found = this.#look(from);
    if (found.kind !== 'value') return missing('move', from);
    if (from.length === 0 && this.#dialect !== 'strict')
      return { code: 'invalid', message: 'the whole document cannot be moved' };
    if (from.length === path.length && from.every((token, index) => token === path[index])) return undefined;
    // evanphx looks for the place when the value is gone, which in a list is that of the next element.
    const isInside = from.length < path.length && from.every((token, index) => token === path[index]);
    if (isInside && this.#dialect === 'strict')
      return { code: 'invalid', message: `${printPointer(from)} cannot be moved into itself` };
    return this.#remove(from) ?? this.#place('move', path, found.value);
  }

  #copy(from: readonly string[], path: readonly string[]): Failure | undefined {
    const found: Found = this.#isOpenMember(from) ? { kind: 'value', value: null } : this.#look(from);
    if (found.kind !== 'value') return missing('copy', from);
    const copy = this.#copies.copy(found.value);
    if (copy === undefined) return { code: 'limit', message: 'copies make the document too large' };
    return this.#place('copy', path, copy.value);
  }

  /** `add` that makes no parents: evanphx makes them for `add` alone. */
  #place(operation: string, path: readonly string[], value: unknown): Failure | undefined {
    const parent = path.length === 0 ? undefined : this.#look(path.slice(0, -1));
    if (parent !== undefined && (parent.kind !== 'value' || parent.value === null || typeof parent.value !== 'object'))
      return missing(operation, path);
    return this.#add(path, value);
  }

  /** What stands at a path. */
  #look(path: readonly string[]): Found {
    let value = this.document;
    for (const [depth, token] of path.entries()) {
      const isLast = depth === path.length - 1;
      if (Array.isArray(value)) {
        const index = this.#index(token, value.length);
        if (index === undefined) return { kind: 'impossible' };
        if (index >= value.length) return { kind: isLast ? 'absent' : 'impossible' };
        value = value[index];
      } else if (isJsonObject(value)) {
        if (!Object.hasOwn(value, token)) return { kind: isLast ? 'absent' : 'impossible' };
        value = memberOf(value, token);
      } else return { kind: 'impossible' };
    }
    return { kind: 'value', value };
  }

  /** Number that a token means; undefined when it means none. */
  #index(token: string, length: number): number | undefined {
    if (!indexes[this.#dialect].test(token)) return undefined;
    const index = Number(token);
    if (index >= 0) return index;
    return index >= -length ? index + length : undefined;
  }

  /** The container that the last token is in, with all on the way ready to be changed. */
  #openParent(path: readonly string[], mode: 'find' | 'make'): Container | undefined {
    const root = this.#open(this.document);
    if (root === undefined) return undefined;
    this.document = root;
    let container = root;
    for (const [depth, token] of path.slice(0, -1).entries()) {
      const inner =
        this.#openMember(container, token) ?? (mode === 'make' ? this.#make(container, path, depth) : undefined);
      if (inner === undefined) return undefined;
      container = inner;
    }
    return container;
  }

  #openMember(container: Container, token: string): Container | undefined {
    const index = Array.isArray(container) ? this.#index(token, container.length) : undefined;
    const value = Array.isArray(container) ? container[index ?? container.length] : memberOf(container, token);
    const inner = this.#open(value);
    if (inner === undefined || inner === value) return inner;
    if (!Array.isArray(container)) setMember(container, token, inner);
    else if (index !== undefined) container[index] = inner;
    return inner;
  }

  /** The container itself when it is ours, else a copy that is. */
  #open(value: unknown): Container | undefined {
    if (this.#owned.has(value)) return value as Container;
    const copy = Array.isArray(value) ? [...value] : isJsonObject(value) ? openCopy(value) : undefined;
    if (copy !== undefined) this.#owned.add(copy);
    return copy;
  }

  /** A missing parent: a list when the next token is an index or `-`, else an object. Gaps of lists are filled with null (ensurePathExists). */
  #make(container: Container, path: readonly string[], depth: number): Container | undefined {
    const token = path[depth] ?? '';
    const next = path[depth + 1] ?? '';
    const isList = next === '-' || indexes.kyverno.test(next);
    const known = Array.isArray(container)
      ? container[this.#index(token, container.length) ?? -1]
      : memberOf(container, token);
    if (known !== undefined && known !== null) return undefined;
    const padding = isList && next !== '-' ? Number(next) : 0;
    if (padding < -1 || padding > defaultLimits.patchOperations) return undefined;
    const made: Container = isList ? Array.from({ length: Math.max(padding, 0) }, () => null) : {};
    this.#owned.add(made);
    if (!Array.isArray(container)) {
      setMember(container, token, made);
      return made;
    }
    const index = this.#index(token, container.length + 1);
    if (index === undefined || index > defaultLimits.patchOperations) return undefined;
    while (container.length < index) container.push(null);
    container.splice(index, 0, made);
    return made;
  }
}

function missing(operation: string, path: readonly string[]): Failure {
  return { code: 'missing', message: `${operation}: nothing is at ${printPointer(path) || 'the root'}` };
}
