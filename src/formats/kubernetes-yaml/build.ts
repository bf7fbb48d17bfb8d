// SPDX-License-Identifier: Apache-2.0
// From the events of one YAML document to the JSON value that Kubernetes would see, with the place of every key and value beside it.
// Aliases, nesting and nodes are bounded; what go-yaml refuses is a problem with its position.

import type { Event, ScalarEvent } from 'js-yaml';
import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import type { Problem } from '../../model/problem.ts';
import { scalarText } from '../yaml-scalar.ts';
import { mergeMark, NodeTable } from './node-table.ts';
import { printKey, resolvePlainScalar } from './scalar.ts';

export interface BuildLimits {
  readonly aliases: number;
  readonly nodes: number;
}

export interface BuiltDocument {
  readonly value: unknown;
  readonly table: NodeTable;
  /** Offset into the text with what is wrong there. */
  readonly faults: readonly Fault[];
}

export interface Fault {
  readonly kind: Problem['kind'];
  readonly message: string;
  readonly offset: number;
}

interface Anchor {
  readonly value: unknown;
  readonly node: number;
  readonly size: number;
  complete: boolean;
}

/** Builds documents one after the other from the events of `text`. */
export class DocumentBuilder {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #limits: BuildLimits;
  #at = 0;
  #table = new NodeTable();
  #faults: Fault[] = [];
  #anchors = new Map<string, Anchor>();
  #aliases = 0;
  #expanded = 0;
  #end = 0;

  constructor(text: string, events: readonly Event[], limits: BuildLimits) {
    this.#text = text;
    this.#events = events;
    this.#limits = limits;
  }

  /** The next document, or undefined after the last. */
  next(): BuiltDocument | undefined {
    while (this.#at < this.#events.length && this.#events[this.#at]?.type !== EVENT_ID.DOCUMENT) this.#at += 1;
    if (this.#at >= this.#events.length) return undefined;
    this.#at += 1;
    this.#table = new NodeTable();
    this.#faults = [];
    this.#anchors = new Map();
    this.#aliases = 0;
    this.#expanded = 0;
    const isEmpty = this.#events[this.#at]?.type === EVENT_ID.POP;
    const value = isEmpty ? null : this.#node(undefined, -1);
    return { value, table: this.#table, faults: this.#faults };
  }

  #node(key: string | number | undefined, keyOffset: number): unknown {
    const event = this.#events[this.#at];
    this.#at += 1;
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return null;
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event.anchorStart, event.anchorEnd, { key, keyOffset });
    const start = startOf(event);
    const node = this.#table.open(key, keyOffset, start);
    if (event.type === EVENT_ID.SCALAR) {
      this.#end = Math.max(start, event.valueEnd);
      this.#table.close(node, this.#end);
      const value = this.#scalar(event, start);
      if (event.anchorStart >= 0) this.#anchor(event, { value, node, size: 1, complete: true });
      return value;
    }
    this.#end = Math.max(this.#end, start);
    const value: unknown[] | Record<string, unknown> = event.type === EVENT_ID.SEQUENCE ? [] : {};
    const anchor: Anchor | undefined = event.anchorStart >= 0 ? { value, node, size: 0, complete: false } : undefined;
    if (anchor !== undefined) this.#anchor(event, anchor);
    if (Array.isArray(value)) this.#items(value);
    else this.#members(value);
    this.#table.close(node, this.#end);
    if (anchor !== undefined) {
      this.#anchor(event, { value, node, size: this.#table.length - node, complete: true });
    }
    return value;
  }

  #anchor(event: { readonly anchorStart: number; readonly anchorEnd: number }, anchor: Anchor): void {
    this.#anchors.set(bareName(this.#text.slice(event.anchorStart, event.anchorEnd)), anchor);
  }

  #alias(from: number, to: number, place: { key: string | number | undefined; keyOffset: number }): unknown {
    const node = this.#table.open(place.key, place.keyOffset, from);
    this.#end = to;
    this.#table.close(node, to);
    const name = bareName(this.#text.slice(from, to));
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) return this.#fault('syntax', `unknown anchor '${name}' referenced`, from);
    if (!anchor.complete) return this.#fault('cycle', `anchor '${name}' value contains itself`, from);
    this.#aliases += 1;
    this.#expanded += anchor.size;
    if (this.#aliases > this.#limits.aliases || this.#expanded > this.#limits.nodes)
      return this.#fault('limit', 'document contains excessive aliasing', from);
    this.#table.aliasOf(node, anchor.node);
    return anchor.value;
  }

  #items(items: unknown[]): void {
    while (this.#at < this.#events.length && this.#events[this.#at]?.type !== EVENT_ID.POP)
      items.push(this.#node(items.length, -1));
    this.#at += 1;
  }

  #members(object: Record<string, unknown>): void {
    while (this.#at < this.#events.length && this.#events[this.#at]?.type !== EVENT_ID.POP) {
      const event = this.#events[this.#at];
      const start = event === undefined ? 0 : startOf(event);
      if (event?.type === EVENT_ID.SCALAR && this.#isMerge(event)) {
        this.#at += 1;
        const before = this.#at;
        this.#merge(object, this.#node(mergeMark, start), startOf(this.#events[before] ?? event));
        continue;
      }
      const key = this.#key(event, start);
      if (Object.hasOwn(object, key))
        this.#fault('schema', `key ${JSON.stringify(key)} already set in map; the last one counts`, start);
      assign(object, key, this.#node(key, start));
    }
    this.#at += 1;
  }

  #isMerge(event: ScalarEvent): boolean {
    return (
      event.style === SCALAR_STYLE.PLAIN &&
      event.valueEnd - event.valueStart === 2 &&
      this.#text.startsWith('<<', event.valueStart)
    );
  }

  /** yaml.v2 merges where the `<<` stands: it overrides members before it and gives way to those after it. In a list the first one wins. */
  #merge(object: Record<string, unknown>, source: unknown, offset: number): void {
    const sources: readonly unknown[] = Array.isArray(source) ? source.toReversed() : [source];
    for (const item of sources) {
      if (item === null || typeof item !== 'object' || Array.isArray(item)) {
        this.#fault('schema', 'map merge requires map or sequence of maps as the value', offset);
        continue;
      }
      for (const [key, value] of Object.entries(item)) assign(object, key, value);
    }
  }

  #key(event: Event | undefined, start: number): string {
    if (event?.type === EVENT_ID.SCALAR) {
      this.#at += 1;
      const isPlain = event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
      const text = scalarText(this.#text, event);
      const key = isPlain ? printKey(resolvePlainScalar(text)) : text;
      if (event.anchorStart >= 0)
        this.#anchor(event, { value: key ?? null, node: this.#table.length - 1, size: 1, complete: true });
      if (key !== undefined) return key;
      this.#fault('schema', 'a key of type null has no place in JSON', start);
      return 'null';
    }
    const value = this.#node(undefined, -1);
    const isAlias = event?.type === EVENT_ID.ALIAS;
    this.#fault('schema', isAlias ? 'an alias as a key' : 'a key that is not a scalar has no place in JSON', start);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  #scalar(event: ScalarEvent, start: number): unknown {
    const text = scalarText(this.#text, event);
    if (event.tagStart >= 0) return this.#tagged(text, event, start);
    if (event.style !== SCALAR_STYLE.PLAIN) return text;
    const value = resolvePlainScalar(text);
    if (typeof value === 'number' && !Number.isFinite(value))
      return this.#fault('schema', `${text} has no place in JSON`, start);
    return value;
  }

  #tagged(text: string, event: ScalarEvent, start: number): unknown {
    const tag = this.#text.slice(event.tagStart, event.tagEnd);
    const isPlain = event.style === SCALAR_STYLE.PLAIN;
    const value = resolvePlainScalar(text);
    if (tag === '!!str' || tag === '!' || tag === '!!timestamp') return text;
    if (tag === '!!binary') return Buffer.from(text, 'base64').toString('utf8');
    if (tag === '!!bool' && typeof value === 'boolean') return value;
    if (tag === '!!null' && value === null) return null;
    if ((tag === '!!int' || tag === '!!float') && typeof value === 'number') return value;
    if (tag.startsWith('!!')) return this.#fault('schema', `cannot decode ${JSON.stringify(text)} as a ${tag}`, start);
    // yaml.v2 ignores tags that it does not know.
    return isPlain ? value : text;
  }

  #fault(kind: Fault['kind'], message: string, offset: number): null {
    this.#faults.push({ kind, message, offset });
    return null;
  }
}

function bareName(text: string): string {
  const first = text.charCodeAt(0);
  return first === 0x26 || first === 0x2a ? text.slice(1) : text;
}

function startOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart >= 0 ? event.valueStart : Math.max(0, event.tagStart);
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT ? 0 : event.start;
}

/** Assigns also `__proto__` as an ordinary member. */
function assign(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}
