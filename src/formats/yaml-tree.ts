// SPDX-License-Identifier: Apache-2.0
// YAML as a tree in which every key and value knows its place, and the comments beside it: for checks that point at a word and for fixes that
// change only that word. Values are read by the YAML 1.2 core schema; merge keys are ordinary keys. Plain data without places is yaml.ts.
import type { Event, ScalarEvent } from 'js-yaml';
import { COLLECTION_STYLE, EVENT_ID, getScalarValue, SCALAR_STYLE, YAMLException } from 'js-yaml';
import { messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Span } from './span.ts';
import { LineIndex } from './text.ts';
import { resolveCore } from './yaml.ts';
import { commentsBetween } from './yaml-comments.ts';
import { parseYamlEvents } from './yaml-events.ts';

interface NodeBase {
  /** The value itself, quotes included, without anchor and tag. Of an alias: the value it stands for. */
  readonly span: Span;
  /** Where the value is mentioned: with anchor and tag; of an alias the alias. */
  readonly place: Span;
  /** Name of the anchor that an alias named. */
  readonly alias?: string;
}

export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  /** The text, escapes decoded. */
  readonly text: string;
  /** What the core schema makes of it. */
  readonly value: string | number | boolean | null;
  readonly style: 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';
}

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
  /** From the key to the end of the value. */
  readonly span: Span;
}

export interface YamlMapping extends NodeBase {
  readonly kind: 'mapping';
  readonly style: 'block' | 'flow';
  readonly entries: readonly YamlEntry[];
}

export interface YamlSequence extends NodeBase {
  readonly kind: 'sequence';
  readonly style: 'block' | 'flow';
  readonly items: readonly YamlNode[];
}

export type YamlNode = YamlScalar | YamlMapping | YamlSequence;

export interface YamlComment {
  readonly span: Span;
  /** Line it stands on, counted from 1. */
  readonly line: number;
  /** What follows the `#`, as written. */
  readonly text: string;
}

export interface YamlTree {
  readonly path: string;
  readonly text: string;
  readonly lines: LineIndex;
  /** The first document; undefined when there is none or it could not be read. */
  readonly root: YamlNode | undefined;
  /** In the order of the text. */
  readonly comments: readonly YamlComment[];
  readonly problems: readonly Problem[];
}

/** Reads the first document of a stream. Never throws. */
export function parseYamlTree(text: string, path: string): YamlTree {
  const lines = new LineIndex(text);
  const nothing = { path, text, lines, root: undefined, comments: [] };
  if (text.length > defaultLimits.manifestBytes) {
    const message = `longer than ${defaultLimits.manifestBytes} characters`;
    return { ...nothing, problems: [{ kind: 'limit', message, location: { path }, hidesFindings: true }] };
  }
  try {
    const events = parseYamlEvents(text, defaultLimits.depth);
    return new TreeBuilder({ text, path, lines }, events).tree();
  } catch (error) {
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const at = mark === undefined ? {} : { line: mark.line + 1, column: mark.column + 1 };
    const message = `not valid YAML: ${error instanceof YAMLException ? error.reason : messageOf(error)}`;
    return { ...nothing, problems: [{ kind: 'syntax', message, location: { path, ...at }, hidesFindings: true }] };
  }
}

/** The location of a span: its first line and column, and its last line. */
export function locateSpan(tree: Pick<YamlTree, 'path' | 'lines'>, span: Span): Location {
  const location = tree.lines.locate(tree.path, span.start);
  return { ...location, endLine: tree.lines.lineAt(Math.max(span.start, span.end - 1)) };
}

/** The last member of that name: the last one counts. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'mapping' ? node.entries.findLast((entry) => entry.key === key) : undefined;
}

/** The value of a member, or undefined. */
export function memberOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return entryOf(node, key)?.value;
}

/** Members of a mapping, or none. */
export function entriesIn(node: YamlNode | undefined): readonly YamlEntry[] {
  return node?.kind === 'mapping' ? node.entries : [];
}

/** Items of a sequence, or none. */
export function itemsIn(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'sequence' ? node.items : [];
}

/** A scalar that is not null, or undefined. */
export function scalarIn(node: YamlNode | undefined): YamlScalar | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node : undefined;
}

interface Anchor {
  readonly node: YamlNode | undefined;
  readonly size: number;
}

class TreeBuilder {
  readonly #source: { readonly text: string; readonly path: string; readonly lines: LineIndex };
  readonly #events: readonly Event[];
  readonly #anchors = new Map<string, Anchor>();
  readonly #scalars: Span[] = [];
  readonly #problems: Problem[] = [];
  #at = 0;
  #aliases = 0;
  #nodes = 0;
  /** End of what was read last. */
  #end = 0;

  constructor(source: { text: string; path: string; lines: LineIndex }, events: readonly Event[]) {
    this.#source = source;
    this.#events = events;
  }

  tree(): YamlTree {
    const { text, lines } = this.#source;
    while (this.#at < this.#events.length && this.#events[this.#at]?.type !== EVENT_ID.DOCUMENT) this.#at += 1;
    const hasDocument = this.#at < this.#events.length && this.#events[this.#at + 1]?.type !== EVENT_ID.POP;
    this.#at += 1;
    const root = hasDocument ? this.#node() : undefined;
    const comments = commentsBetween(text, this.#scalars, root === undefined ? text.length : this.#documentEnd());
    return {
      ...this.#source,
      root,
      comments: comments.map((span) => ({
        span,
        line: lines.lineAt(span.start),
        text: text.slice(span.start + 1, span.end),
      })),
      problems: this.#problems,
    };
  }

  /** Where a second document begins, whose comments are none of ours. */
  #documentEnd(): number {
    const next = this.#events.findIndex((event, at) => at >= this.#at && event.type === EVENT_ID.DOCUMENT);
    if (next === -1) return this.#source.text.length;
    const mark = this.#source.text.indexOf('\n---', Math.max(0, this.#end - 1));
    const end = mark === -1 ? this.#source.text.length : mark;
    const first = this.#events[next + 1];
    const isEmpty =
      first === undefined ||
      first.type === EVENT_ID.POP ||
      (first.type === EVENT_ID.SCALAR && first.valueStart < 0 && first.anchorStart < 0);
    if (!isEmpty) this.#problem('unsupported', 'more than one document; only the first is read', end);
    return end;
  }

  #node(): YamlNode {
    const event = this.#events[this.#at];
    this.#at += 1;
    this.#nodes += 1;
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return this.#empty();
    if (event.type === EVENT_ID.ALIAS) return this.#alias({ start: event.anchorStart - 1, end: event.anchorEnd });
    const before = this.#nodes;
    const name = event.anchorStart >= 0 ? this.#source.text.slice(event.anchorStart, event.anchorEnd) : undefined;
    if (name !== undefined) this.#anchors.set(name, { node: undefined, size: 0 });
    const place = this.#propertiesOf(event);
    const node = this.#content(event, place);
    if (name !== undefined) this.#anchors.set(name, { node, size: this.#nodes - before + 1 });
    return node;
  }

  /** Start of anchor or tag, whichever comes first; undefined without either. */
  #propertiesOf(event: Exclude<Event, { type: 1 | 5 | 6 }>): number | undefined {
    const starts = [
      ...(event.anchorStart >= 0 ? [event.anchorStart - 1] : []),
      ...(event.tagStart >= 0 ? [event.tagStart] : []),
    ];
    if (starts.length === 0) return undefined;
    this.#end = Math.max(this.#end, event.anchorEnd, event.tagEnd);
    return Math.min(...starts);
  }

  #content(event: Exclude<Event, { type: 1 | 5 | 6 }>, properties: number | undefined): YamlNode {
    if (event.type === EVENT_ID.SCALAR) return this.#scalar(event, properties);
    const isFlow = event.style === COLLECTION_STYLE.FLOW;
    const style = isFlow ? 'flow' : 'block';
    this.#end = Math.max(this.#end, event.start + (isFlow ? 1 : 0));
    const content =
      event.type === EVENT_ID.SEQUENCE
        ? ({ kind: 'sequence', style, items: this.#items() } as const)
        : ({ kind: 'mapping', style, entries: this.#entries() } as const);
    if (isFlow) this.#end = this.#closing(this.#end, event.type === EVENT_ID.SEQUENCE ? ']' : '}');
    const span = { start: event.start, end: this.#end };
    return { ...content, span, place: { start: properties ?? event.start, end: this.#end } };
  }

  #items(): readonly YamlNode[] {
    const items: YamlNode[] = [];
    while (!this.#atEnd()) items.push(this.#node());
    this.#at += 1;
    return items;
  }

  #entries(): readonly YamlEntry[] {
    const entries: YamlEntry[] = [];
    const names = new Set<string>();
    while (!this.#atEnd()) {
      const keyNode = this.#node();
      const key = keyNode.kind === 'scalar' ? keyNode.text : '';
      if (keyNode.kind !== 'scalar') this.#problem('schema', 'a key that is not a scalar', keyNode.span.start);
      if (names.has(key))
        this.#problem('schema', `duplicate key ${JSON.stringify(key)}; the last one counts`, keyNode.place.start);
      names.add(key);
      this.#skipColon();
      const value = this.#node();
      const span = { start: keyNode.place.start, end: Math.max(keyNode.place.end, value.place.end) };
      entries.push({ key, keySpan: keyNode.span, value, span });
    }
    this.#at += 1;
    return entries;
  }

  /** A value that is empty stands behind the colon. */
  #skipColon(): void {
    const { text } = this.#source;
    let at = this.#end;
    while (/[ \t]/.test(text.charAt(at))) at += 1;
    if (text.charAt(at) === ':') this.#end = at + 1;
  }

  #atEnd(): boolean {
    const event = this.#events[this.#at];
    return event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT;
  }

  #scalar(event: ScalarEvent, properties: number | undefined): YamlScalar {
    if (event.valueStart < 0) return this.#empty(properties);
    const span = this.#scalarSpan(event);
    this.#scalars.push(
      event.style >= SCALAR_STYLE.LITERAL_BLOCK ? { start: event.valueStart, end: event.valueEnd } : span,
    );
    this.#end = Math.max(this.#end, span.end);
    const text = getScalarValue(this.#source.text, event);
    const tag = event.tagStart >= 0 ? this.#source.text.slice(event.tagStart, event.tagEnd) : '';
    const isText = event.style !== SCALAR_STYLE.PLAIN || tag === '!!str' || tag === '!';
    const value = isText ? text : valueOfPlain(text);
    return {
      kind: 'scalar',
      text,
      value,
      style: styleNames[event.style],
      span,
      place: { start: properties ?? span.start, end: span.end },
    };
  }

  /** Quotes belong to it; so does the `|` or `>` of a block, but not the empty lines after one. */
  #scalarSpan(event: ScalarEvent): Span {
    const { text } = this.#source;
    if (event.style === SCALAR_STYLE.PLAIN) return { start: event.valueStart, end: event.valueEnd };
    if (event.style <= SCALAR_STYLE.DOUBLE_QUOTED) return { start: event.valueStart - 1, end: event.valueEnd + 1 };
    const mark = event.style === SCALAR_STYLE.LITERAL_BLOCK ? '|' : '>';
    let end = event.valueEnd;
    while (end > event.valueStart && /\s/.test(text.charAt(end - 1))) end -= 1;
    const from = text.indexOf(mark, this.#end);
    const start = from === -1 || from >= event.valueStart ? event.valueStart : from;
    return { start, end: Math.max(end, start + 1) };
  }

  #empty(properties?: number): YamlScalar {
    const start = properties ?? this.#end;
    const span = { start: this.#end, end: this.#end };
    return { kind: 'scalar', text: '', value: null, style: 'plain', span, place: { start, end: this.#end } };
  }

  #alias(place: Span): YamlNode {
    const name = this.#source.text.slice(place.start + 1, place.end);
    this.#end = Math.max(this.#end, place.end);
    const nothing: YamlScalar = { kind: 'scalar', text: '', value: null, style: 'plain', span: place, place };
    const anchor = this.#anchors.get(name);
    if (anchor?.node === undefined) {
      const message =
        anchor === undefined ? `alias *${name} has no anchor before it` : `anchor &${name} contains itself`;
      this.#problem(anchor === undefined ? 'syntax' : 'cycle', message, place.start);
      return nothing;
    }
    this.#aliases += 1;
    this.#nodes += anchor.size;
    if (this.#aliases > defaultLimits.yamlAliases || this.#nodes > defaultLimits.yamlNodes) {
      this.#problem('limit', 'aliases expand to more than the limit', place.start);
      return nothing;
    }
    return { ...anchor.node, place, alias: name };
  }

  /** The end of a flow collection: its bracket, behind white space, commas and comments. */
  #closing(from: number, bracket: string): number {
    const { text } = this.#source;
    for (let at = from; at < text.length; at += 1) {
      const character = text.charAt(at);
      if (character === bracket) return at + 1;
      if (character === '#') {
        const lineEnd = text.indexOf('\n', at);
        if (lineEnd === -1) return from;
        at = lineEnd;
      }
    }
    return from;
  }

  #problem(kind: Problem['kind'], message: string, offset: number): void {
    if (this.#problems.length > 100) return;
    const location = this.#source.lines.locate(this.#source.path, offset);
    this.#problems.push({ kind, message, location, hidesFindings: true });
  }
}

const styleNames = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single-quoted',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double-quoted',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
} as const;

function valueOfPlain(text: string): YamlScalar['value'] {
  if (text === '' || text === '~' || text === 'null' || text === 'Null' || text === 'NULL') return null;
  const value = resolveCore(text);
  return typeof value === 'number' || typeof value === 'boolean' ? value : text;
}
