// SPDX-License-Identifier: Apache-2.0
// YAML that is only read: js-yaml 5 events, own constructor. The resolver is chosen by the caller, because no two tools read
// plain scalars alike: `core` = YAML 1.2 core schema, `strings` = every plain scalar stays text (versions such as 1.10).
// Aliases are bounded in number and in what they expand to; duplicate keys are problems.

import type { Event, ScalarEvent } from 'js-yaml';
import { EVENT_ID, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import { messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Document, DocumentPath } from './document.ts';
import { LineIndex } from './text.ts';
import { scalarText } from './yaml-scalar.ts';

export interface YamlOptions {
  readonly resolver?: 'core' | 'strings';
  /** Honour `<<` merge keys (YAML 1.1 and GitLab, docker-compose); off by default. */
  readonly merge?: 'on' | 'off';
  /** What a value with a tag of its own (`!reference`) becomes; without it such a tag is passed over. */
  readonly onTag?: (tag: string, value: unknown) => unknown;
  readonly depth?: number;
  readonly aliases?: number;
  readonly nodes?: number;
}

interface Place {
  readonly start: number;
  end: number;
}

/** Where the members of each collection stand: key to place. */
type Places = WeakMap<object, Map<string | number, Place>>;

/** Reads all documents of a stream; an empty stream gives none. Never throws: a broken stream gives what came before and a problem. */
export function parseYaml(text: string, path: string, options: YamlOptions = {}): Document[] {
  const lines = new LineIndex(text);
  const problems: Problem[] = [];
  let events: Event[] = [];
  try {
    events = parseEvents(text, { maxDepth: options.depth ?? defaultLimits.depth });
  } catch (error) {
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const at = mark === undefined ? {} : { line: mark.line + 1, column: mark.column + 1 };
    const message = error instanceof YAMLException ? error.reason : messageOf(error);
    problems.push({
      kind: 'syntax',
      message: `not valid YAML: ${message}`,
      location: { path, ...at },
      hidesFindings: true,
    });
    return [{ value: undefined, problems, locate: () => ({ path }) }];
  }
  return new YamlConstructor(text, path, lines, events, options).documents();
}

/** The first document of a stream, or an empty one (value undefined, no problem) when there is none. */
export function parseYamlDocument(text: string, path: string, options: YamlOptions = {}): Document {
  return parseYaml(text, path, options)[0] ?? { value: undefined, problems: [], locate: () => ({ path }) };
}

class YamlConstructor {
  readonly #text: string;
  readonly #path: string;
  readonly #lines: LineIndex;
  readonly #events: readonly Event[];
  readonly #options: YamlOptions;
  readonly #places: Places = new WeakMap();
  readonly #anchors = new Map<string, { value: unknown; size: number }>();
  #problems: Problem[] = [];
  #at = 0;
  #aliases = 0;
  #nodes = 0;

  constructor(text: string, path: string, lines: LineIndex, events: readonly Event[], options: YamlOptions) {
    this.#text = text;
    this.#path = path;
    this.#lines = lines;
    this.#events = events;
    this.#options = options;
  }

  documents(): Document[] {
    const documents: Document[] = [];
    while (this.#at < this.#events.length) {
      const event = this.#events[this.#at];
      this.#at += 1;
      if (event?.type !== EVENT_ID.DOCUMENT) continue;
      this.#problems = [];
      this.#anchors.clear();
      this.#aliases = 0;
      this.#nodes = 0;
      const value = this.#events[this.#at]?.type === EVENT_ID.POP ? null : this.#node();
      const problems = this.#problems;
      documents.push({ value, problems, locate: (at) => this.#locate(value, at) });
    }
    return documents;
  }

  #node(): unknown {
    const event = this.#events[this.#at];
    this.#at += 1;
    this.#nodes += 1;
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return null;
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event.anchorStart, event.anchorEnd);
    const before = this.#nodes;
    const untagged =
      event.type === EVENT_ID.SCALAR
        ? this.#scalar(event)
        : event.type === EVENT_ID.SEQUENCE
          ? this.#sequence()
          : this.#mapping();
    const tag = event.tagStart >= 0 && this.#options.onTag !== undefined ? this.#tagOf(event) : '!';
    const isOwn = tag.startsWith('!') && !tag.startsWith('!!') && tag !== '!';
    const value = isOwn ? this.#options.onTag?.(tag, untagged) : untagged;
    if (event.anchorStart >= 0) {
      const name = this.#text.slice(event.anchorStart, event.anchorEnd);
      this.#anchors.set(name.replace(/^[&*]/, ''), { value, size: this.#nodes - before + 1 });
    }
    return value;
  }

  #alias(start: number, end: number): unknown {
    const name = this.#text.slice(start, end).replace(/^[&*]/, '');
    const anchor = this.#anchors.get(name);
    this.#aliases += 1;
    this.#nodes += anchor?.size ?? 0;
    const tooMany = this.#aliases > (this.#options.aliases ?? defaultLimits.yamlAliases);
    if (tooMany || this.#nodes > (this.#options.nodes ?? defaultLimits.yamlNodes)) {
      this.#problem('limit', 'aliases expand to more than the limit', start);
      return null;
    }
    if (anchor === undefined) this.#problem('syntax', `alias *${name} has no anchor before it`, start);
    return anchor?.value ?? null;
  }

  #sequence(): unknown[] {
    const items: unknown[] = [];
    const places = new Map<string | number, Place>();
    while (this.#at < this.#events.length && this.#events[this.#at]?.type !== EVENT_ID.POP) {
      const start = this.#startOf(this.#events[this.#at]);
      items.push(this.#node());
      places.set(items.length - 1, { start, end: this.#endOfPrevious(start) });
    }
    this.#at += 1;
    this.#places.set(items, places);
    return items;
  }

  #mapping(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const places = new Map<string | number, Place>();
    const merged: unknown[] = [];
    while (this.#at < this.#events.length && this.#events[this.#at]?.type !== EVENT_ID.POP) {
      const keyEvent = this.#events[this.#at];
      const start = this.#startOf(keyEvent);
      const isMerge = keyEvent?.type === EVENT_ID.SCALAR && keyEvent.style === SCALAR_STYLE.PLAIN;
      const key = this.#key(start);
      const value = this.#node();
      if (key === '<<' && isMerge && this.#options.merge === 'on') {
        merged.push(...(Array.isArray(value) ? value : [value]));
        continue;
      }
      if (Object.hasOwn(object, key))
        this.#problem('schema', `duplicate key ${JSON.stringify(key)}; the last one counts`, start);
      define(object, key, value);
      places.set(key, { start, end: this.#endOfPrevious(start) });
    }
    this.#at += 1;
    for (const source of merged) {
      if (source === null || typeof source !== 'object') continue;
      for (const [key, value] of Object.entries(source)) if (!Object.hasOwn(object, key)) define(object, key, value);
    }
    this.#places.set(object, places);
    return object;
  }

  #key(start: number): string {
    const event = this.#events[this.#at];
    if (event?.type === EVENT_ID.SCALAR) {
      this.#at += 1;
      return scalarText(this.#text, event);
    }
    const value = this.#node();
    if (value !== null && typeof value === 'object') this.#problem('schema', 'a key that is not a scalar', start);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  #scalar(event: ScalarEvent): unknown {
    const value = scalarText(this.#text, event);
    const tag = event.tagStart >= 0 ? this.#text.slice(event.tagStart, event.tagEnd) : '';
    if (event.style !== SCALAR_STYLE.PLAIN || tag === '!!str' || tag === '!') return value;
    if (value === '' || value === '~' || value === 'null' || value === 'Null' || value === 'NULL') return null;
    if (this.#options.resolver === 'strings') return value;
    return resolveCore(value);
  }

  #tagOf(event: { readonly tagStart: number; readonly tagEnd: number }): string {
    return this.#text.slice(event.tagStart, event.tagEnd);
  }

  #startOf(event: Event | undefined): number {
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return 0;
    if (event.type === EVENT_ID.SCALAR) return event.valueStart >= 0 ? event.valueStart : Math.max(0, event.tagStart);
    return event.type === EVENT_ID.ALIAS ? event.anchorStart : event.start;
  }

  /** End of the last scalar or alias that was consumed; collections have no end of their own in the events. */
  #endOfPrevious(start: number): number {
    for (let at = this.#at - 1; at >= 0; at -= 1) {
      const event = this.#events[at];
      if (event?.type === EVENT_ID.SCALAR) return Math.max(start, event.valueEnd);
      if (event?.type === EVENT_ID.ALIAS) return Math.max(start, event.anchorEnd);
      if (event?.type !== EVENT_ID.POP) return start;
    }
    return start;
  }

  #locate(root: unknown, at: DocumentPath): Location {
    let value = root;
    let place: Place | undefined;
    for (const key of at) {
      if (value === null || typeof value !== 'object') break;
      const next = this.#places.get(value)?.get(key);
      if (next === undefined) break;
      place = next;
      value = (value as Record<string | number, unknown>)[key];
    }
    if (place === undefined) return { path: this.#path };
    const start = this.#lines.locate(this.#path, place.start);
    return { ...start, endLine: this.#lines.lineAt(Math.max(place.start, place.end - 1)) };
  }

  #problem(kind: Problem['kind'], message: string, offset: number): void {
    this.#problems.push({ kind, message, location: this.#lines.locate(this.#path, offset), hidesFindings: true });
  }
}

/** Assigns also `__proto__` as an ordinary member. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}

/** YAML 1.2.2 section 10.3.2, core schema. */
export function resolveCore(text: string): unknown {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?[0-9]{1,15}$/.test(text)) return Number(text);
  if (/^0o[0-7]{1,15}$/.test(text)) return Number.parseInt(text.slice(2), 8);
  if (/^0x[0-9a-fA-F]{1,12}$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (text.length < 40 && /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) return Number(text);
  if (/^[-+]?(?:\.inf|\.Inf|\.INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^(?:\.nan|\.NaN|\.NAN)$/.test(text)) return Number.NaN;
  return text;
}
