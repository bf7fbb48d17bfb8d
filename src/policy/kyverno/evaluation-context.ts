// SPDX-License-Identifier: Apache-2.0
// The data that variables of one policy and one request are looked up in: the request, the images in it, values given from outside, and context
// entries, which are loaded when an expression names them first (Kyverno pkg/engine/context).
import type { JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import type { Hardening } from './hardening.ts';
import type { Queries } from './queries.ts';

/** A context entry: its name and how its value is got, given the context before it. A fault makes every expression that names it fail. */
export interface LazyEntry {
  readonly name: string;
  load(context: EvaluationContext): unknown;
}

/** What `load` answers where nobody can tell the value: the name stays unknown. */
export const notLoaded: unique symbol = Symbol('not loaded');

interface Pending {
  readonly entry: LazyEntry;
  state: 'waiting' | 'loading' | 'done';
}

export class EvaluationContext {
  readonly data: Record<string, unknown>;
  readonly queries: Queries;
  /** `DELETE`: `request.object` in variables means the old object. */
  readonly operation: string;
  readonly hardening: Hardening;
  /** Of a policy of one namespace, which may look at nothing outside of it; empty for one of the whole cluster. */
  readonly namespace: string;
  readonly #pending: Pending[];

  constructor(
    data: Readonly<Record<string, unknown>>,
    options: {
      readonly queries: Queries;
      readonly operation: string;
      readonly pending?: readonly LazyEntry[];
      readonly hardening?: Hardening;
      readonly namespace?: string;
    },
  ) {
    this.data = { ...data };
    this.queries = options.queries;
    this.operation = options.operation;
    this.hardening = options.hardening ?? 'parity';
    this.namespace = options.namespace ?? '';
    this.#pending = (options.pending ?? []).map((entry) => ({ entry, state: 'waiting' }));
  }

  /** A copy with more entries and values, for a rule or an element of a loop: what is added to it is gone with it. */
  extend(entries: readonly LazyEntry[], values: Readonly<Record<string, unknown>> = {}): EvaluationContext {
    const waiting = this.#pending.filter(({ state }) => state !== 'done').map(({ entry }) => entry);
    return new EvaluationContext(
      { ...this.data, ...values },
      {
        queries: this.queries,
        operation: this.operation,
        hardening: this.hardening,
        namespace: this.namespace,
        pending: [...waiting, ...entries],
      },
    );
  }

  /** A copy for the rules of a policy of one namespace. */
  within(namespace: string): EvaluationContext {
    const { queries, operation, hardening } = this;
    const pending = this.#pending.filter(({ state }) => state !== 'done').map(({ entry }) => entry);
    return new EvaluationContext(this.data, { queries, operation, hardening, namespace, pending });
  }

  /** Merges a value under a dotted key (`request.object.metadata.name`), as RFC 7396 merges. */
  addVariable(key: string, value: unknown): void {
    let patch: unknown = value;
    for (const part of key.split('.').toReversed()) patch = { [part]: patch };
    Object.assign(this.data, mergePatch(this.data, asObject(patch) ?? {}));
  }

  /** The value of an expression, or the fault it or an entry it names ends in. */
  query(text: string): unknown {
    for (const [index, pending] of this.#pending.entries()) {
      if (pending.state !== 'waiting' || !names(text, pending.entry.name)) continue;
      const fault = this.#load(pending, index);
      if (fault !== undefined) return fault;
    }
    return this.queries.search(text, this.data);
  }

  #load(pending: Pending, index: number): JmespathFault | undefined {
    pending.state = 'loading';
    // An entry sees only those before it, so that entries cannot wait for each other.
    const later = this.#pending.slice(index).filter(({ state }) => state === 'waiting');
    for (const other of later) other.state = 'loading';
    const value = pending.entry.load(this);
    for (const other of later) other.state = 'waiting';
    if (value instanceof JmespathFault) {
      pending.state = 'waiting';
      return value.code === 'unknown-key' ? new JmespathFault('runtime', value.message) : value;
    }
    pending.state = 'done';
    if (value !== notLoaded) this.data[pending.entry.name] = value;
    return undefined;
  }
}

const named = new Map<string, RegExp>();

/** Whether an expression names an entry: as a word that does not follow a dot (Kyverno context/deferred.go). */
function names(text: string, name: string): boolean {
  if (!text.includes(name)) return false;
  let form = named.get(name);
  if (form === undefined) {
    form = new RegExp(`(?:^|[^.0-9A-Za-z])${name.replaceAll(/[^A-Za-z0-9_]/g, '\\$&')}(?![A-Za-z0-9_])`);
    if (named.size > 1_000) named.clear();
    named.set(name, form);
  }
  return form.test(text);
}

/** RFC 7396: null removes a member, objects are merged, everything else is replaced. */
export function mergePatch(target: unknown, patch: JsonObject): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...asObject(target) };
  for (const [key, value] of Object.entries(patch)) {
    const inner = asObject(value);
    if (value === null) delete merged[key];
    else merged[key] = inner === undefined ? value : mergePatch(merged[key], inner);
  }
  return merged;
}
