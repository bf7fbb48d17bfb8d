// SPDX-License-Identifier: Apache-2.0
// Where the members of a JSON text stand. One pass writes offsets into flat arrays, in document order; names are only read when somebody
// asks for a place. It accepts a superset of JSON: JSON.parse judges the syntax.
import type { DocumentPath } from './document.ts';

export interface JsonSpan {
  /** Offset of the key, or of the value where there is no key. */
  readonly start: number;
  /** Offset behind the value. */
  readonly end: number;
}

const keyed = 4;
const object = 2;
const array = 1;

/** Nodes are values in document order; the children of a node follow it, up to `next`. */
export class JsonSpans {
  /** Offset at which the nesting became deeper than allowed; what follows is not read. */
  readonly tooDeepAt: number | undefined;
  readonly #text: string;
  #count = 0;
  #keyedCount = 0;
  #kinds = new Uint8Array(256);
  #starts = new Int32Array(256);
  #keyEnds = new Int32Array(256);
  #ends = new Int32Array(256);
  #nexts = new Int32Array(256);
  readonly #children = new Map<number, ReadonlyMap<string | number, number>>();

  constructor(text: string, depth: number) {
    this.#text = text;
    this.tooDeepAt = this.#scan(depth);
  }

  /** Members of all objects together, duplicates included. */
  get memberCount(): number {
    return this.#keyedCount;
  }

  /** The member at `path`, or its nearest known parent. */
  find(path: DocumentPath): JsonSpan {
    if (this.#count === 0) return { start: 0, end: this.#text.length };
    let node = 0;
    for (const key of path) {
      const child = this.#childrenOf(node).get(key);
      if (child === undefined) break;
      node = child;
    }
    return { start: this.#starts[node] ?? 0, end: this.#ends[node] ?? 0 };
  }

  /** Members whose name stands earlier in the same object, with the offset of the later one. */
  duplicates(): { readonly key: string; readonly start: number }[] {
    const found: { key: string; start: number }[] = [];
    for (let node = 0; node < this.#count; node += 1) {
      if (((this.#kinds[node] ?? 0) & object) === 0) continue;
      const seen = new Set<string>();
      for (let child = node + 1; child < (this.#nexts[node] ?? 0); child = this.#nexts[child] ?? this.#count) {
        const key = this.#keyOf(child);
        if (seen.has(key)) found.push({ key, start: this.#starts[child] ?? 0 });
        seen.add(key);
      }
    }
    return found;
  }

  #childrenOf(node: number): ReadonlyMap<string | number, number> {
    const known = this.#children.get(node);
    if (known !== undefined) return known;
    const children = new Map<string | number, number>();
    for (let child = node + 1; child < (this.#nexts[node] ?? 0); child = this.#nexts[child] ?? this.#count) {
      const isKeyed = ((this.#kinds[child] ?? 0) & keyed) !== 0;
      children.set(isKeyed ? this.#keyOf(child) : children.size, child);
    }
    this.#children.set(node, children);
    return children;
  }

  #keyOf(node: number): string {
    return readKey(this.#text.slice(this.#starts[node], this.#keyEnds[node]));
  }

  #scan(depth: number): number | undefined {
    const text = this.#text;
    const open: number[] = [];
    let inObject = false;
    let keyStart = -1;
    let keyEnd = -1;
    let index = 0;
    while (index < text.length) {
      const code = text.charCodeAt(index);
      if (code <= 0x20 || code === 0x2c || code === 0x3a) {
        index += 1;
      } else if (code === 0x22) {
        const end = endOfString(text, index);
        if (inObject && keyStart === -1) {
          keyStart = index;
          keyEnd = end;
        } else {
          this.#add(0, index, keyStart, keyEnd);
          this.#close(this.#count - 1, end);
          keyStart = -1;
        }
        index = end;
      } else if (code === 0x7b || code === 0x5b) {
        if (open.length >= depth) return index;
        inObject = code === 0x7b;
        open.push(this.#count);
        this.#add(inObject ? object : array, index, keyStart, keyEnd);
        keyStart = -1;
        index += 1;
      } else if (code === 0x7d || code === 0x5d) {
        const node = open.pop();
        index += 1;
        if (node !== undefined) this.#close(node, index);
        const parent = open.at(-1);
        inObject = parent !== undefined && ((this.#kinds[parent] ?? 0) & object) !== 0;
        keyStart = -1;
      } else {
        const end = endOfWord(text, index);
        this.#add(0, index, keyStart, keyEnd);
        this.#close(this.#count - 1, end);
        keyStart = -1;
        index = end;
      }
    }
    for (const node of open) this.#close(node, this.#starts[node] ?? 0);
    return undefined;
  }

  #add(kind: number, index: number, keyStart: number, keyEnd: number): void {
    const node = this.#count;
    if (node === this.#starts.length) this.#grow();
    const isKeyed = keyStart !== -1;
    this.#kinds[node] = isKeyed ? kind | keyed : kind;
    this.#starts[node] = isKeyed ? keyStart : index;
    this.#keyEnds[node] = keyEnd;
    this.#count += 1;
    if (isKeyed) this.#keyedCount += 1;
  }

  #close(node: number, end: number): void {
    this.#ends[node] = end;
    this.#nexts[node] = this.#count;
  }

  #grow(): void {
    const length = this.#starts.length * 2;
    const larger = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(length);
      to.set(from);
      return to;
    };
    const kinds = new Uint8Array(length);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    this.#starts = larger(this.#starts);
    this.#keyEnds = larger(this.#keyEnds);
    this.#ends = larger(this.#ends);
    this.#nexts = larger(this.#nexts);
  }
}

function readKey(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

/** Offset after the closing quote; the end of the text when there is none. */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** End of a number, `true` or anything else that is neither text nor structure; at least one character. */
function endOfWord(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x2c || code === 0x5d || code === 0x7d || code === 0x3a || code === 0x22) return at;
  }
  return text.length;
}

/** Members of all objects of a parsed value together. Fewer than in the text means that a name stood twice in one object. */
export function countMembers(value: unknown): number {
  let count = 0;
  const open: unknown[] = [];
  const put = (member: unknown): void => {
    if (member !== null && typeof member === 'object') open.push(member);
  };
  put(value);
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (Array.isArray(item)) {
      item.forEach(put);
      continue;
    }
    // What JSON.parse made has own members only; a loop over their names needs no list of them.
    const members = item as Readonly<Record<string, unknown>>;
    for (const name in members) {
      count += 1;
      put(members[name]);
    }
  }
  return count;
}
