// SPDX-License-Identifier: Apache-2.0
// YAML of pipelines as a tree in which every value knows where it stands, also after values of several files were merged. What GitLab writes as
// `!reference [job, key]` stays a value of its own. Not here: what the values mean (systems/).
import type { Document, DocumentPath } from '../../formats/document.ts';
import { asStrings } from '../../formats/document.ts';
import { parseYaml } from '../../formats/yaml.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { PlacedText } from './pipeline.ts';

export type PlacedValue = PlacedScalar | PlacedList | PlacedObject | PlacedReference;

export interface PlacedScalar {
  readonly kind: 'scalar';
  /** undefined: null or nothing. */
  readonly text: string | undefined;
  readonly location: Location;
}

export interface PlacedList {
  readonly kind: 'list';
  readonly items: readonly PlacedValue[];
  readonly location: Location;
}

export interface PlacedObject {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, PlacedValue>;
  readonly location: Location;
}

/** `!reference [job, key]` of GitLab. */
export interface PlacedReference {
  readonly kind: 'reference';
  readonly path: readonly string[];
  readonly location: Location;
}

class ReferenceTag {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export interface PlacedReading {
  readonly documents: readonly PlacedValue[];
  readonly problems: readonly Problem[];
}

/** Reads all documents of a stream. Never throws. Locations are those of the key where there is one. */
export function readPlacedYaml(text: string, path: string): PlacedReading {
  const documents = parseYaml(text, path, {
    resolver: 'strings',
    merge: 'on',
    nodes: mostNodes,
    onTag: (tag, value) => (tag === '!reference' ? new ReferenceTag(value) : value),
  });
  const lines = text.split('\n');
  return {
    documents: documents.map((document) => new Placer(document, lines).place()),
    problems: documents.flatMap(({ problems }) => problems),
  };
}

/** Far more than any pipeline has; aliases count with all they expand to. */
const mostNodes = 500_000;

class Placer {
  readonly #document: Document;
  readonly #lines: readonly string[];
  /** What an alias stands for is the same object, placed once: at its anchor. */
  readonly #known = new Map<object, PlacedValue>();

  constructor(document: Document, lines: readonly string[]) {
    this.#document = document;
    this.#lines = lines;
  }

  place(): PlacedValue {
    return this.#value(this.#document.value, []);
  }

  #value(value: unknown, at: DocumentPath): PlacedValue {
    if (value === null || typeof value !== 'object') {
      const text =
        value === null || value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
      return { kind: 'scalar', text, location: this.#locate(at) };
    }
    const known = this.#known.get(value);
    if (known !== undefined && known.kind !== 'object' && known.kind !== 'list') return known;
    const placed = known === undefined ? this.#collection(value, at) : { ...known, location: this.#locate(at) };
    if (known === undefined) this.#known.set(value, placed);
    return placed;
  }

  #collection(value: object, at: DocumentPath): PlacedValue {
    const location = this.#locate(at);
    if (value instanceof ReferenceTag) {
      const path = asStrings(value.value);
      return { kind: 'reference', path, location };
    }
    if (Array.isArray(value)) {
      return { kind: 'list', items: value.map((item, index) => this.#value(item, [...at, index])), location };
    }
    const members = new Map<string, PlacedValue>();
    for (const [key, member] of Object.entries(value)) members.set(key, this.#value(member, [...at, key]));
    return { kind: 'object', members, location };
  }

  /** The reader places a block scalar that is a list item at its first line of text; people mean the line of the `- |`. */
  #locate(at: DocumentPath): Location {
    const location = this.#document.locate(at);
    if (location.line === undefined || typeof at.at(-1) !== 'number') return location;
    let line = location.line - 1;
    if (/^\s*-(?:\s|$)/.test(this.#lines[line] ?? '')) return location;
    while (line > 0 && (this.#lines[line - 1] ?? '').trim() === '') line -= 1;
    return /^\s*-\s+[|>][-+0-9]{0,2}\s*(?:#.*)?$/.test(this.#lines[line - 1] ?? '') ? { ...location, line } : location;
  }
}

/** The member of an object; undefined for anything else. */
export function memberOf(value: PlacedValue | undefined, key: string): PlacedValue | undefined {
  return value?.kind === 'object' ? value.members.get(key) : undefined;
}

export function membersOf(value: PlacedValue | undefined): readonly (readonly [string, PlacedValue])[] {
  return value?.kind === 'object' ? [...value.members] : [];
}

/** Items of a list; a single value that is not null counts as a list of one, as most of these formats have it. */
export function itemsOf(value: PlacedValue | undefined): readonly PlacedValue[] {
  if (value === undefined || (value.kind === 'scalar' && value.text === undefined)) return [];
  return value.kind === 'list' ? value.items : [value];
}

/** Text of a scalar; undefined for anything else. */
export function textOf(value: PlacedValue | undefined): string | undefined {
  return value?.kind === 'scalar' ? value.text : undefined;
}

/** The text with its place. */
export function placedText(value: PlacedValue | undefined): PlacedText | undefined {
  const text = textOf(value);
  return text === undefined || value === undefined ? undefined : { text, location: value.location };
}

/** All scalar texts in a list or single value. */
export function textsOf(value: PlacedValue | undefined): readonly string[] {
  return itemsOf(value).flatMap((item) => textOf(item) ?? []);
}

/** All texts below a value, with places; shared parts are visited once, so that aliases cannot multiply the work. */
export function allTexts(value: PlacedValue | undefined): readonly PlacedText[] {
  const found: PlacedText[] = [];
  const seen = new Set<unknown>();
  const visit = (item: PlacedValue | undefined): void => {
    if (item === undefined) return;
    if (item.kind === 'scalar') {
      if (item.text !== undefined) found.push({ text: item.text, location: item.location });
      return;
    }
    const content = item.kind === 'object' ? item.members : item.kind === 'list' ? item.items : undefined;
    if (content === undefined || seen.has(content)) return;
    seen.add(content);
    for (const member of item.kind === 'object' ? item.members.values() : item.kind === 'list' ? item.items : [])
      visit(member);
  };
  visit(value);
  return found;
}
