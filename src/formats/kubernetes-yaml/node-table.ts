// SPDX-License-Identifier: Apache-2.0
// Where every key and value of one document stands: flat arrays in document order, filled while the value is built and read only when somebody asks
// for a line. A parent comes directly before its members; `size` says how many entries a member takes, so members can be skipped.

import type { DocumentPath } from '../document.ts';

export interface NodePlace {
  /** Offset of the key, for members of a mapping. */
  readonly key: number | undefined;
  /** Offsets of the value: first character, and the one after the last. */
  readonly start: number;
  readonly end: number;
}

export class NodeTable {
  readonly #keys: (string | number | undefined)[] = [];
  /** Four numbers a node: offset of the key (-1 without), start, end, size. */
  readonly #numbers: number[] = [];
  readonly #aliases = new Map<number, number>();

  get length(): number {
    return this.#keys.length;
  }

  /** Opens an entry and gives its number; `close` completes it. */
  open(key: string | number | undefined, keyOffset: number, start: number): number {
    this.#numbers.push(keyOffset, start, start, 1);
    return this.#keys.push(key) - 1;
  }

  close(node: number, end: number): void {
    this.#numbers[node * 4 + 2] = end;
    this.#numbers[node * 4 + 3] = this.#keys.length - node;
  }

  /** The entry stands for another one, as an alias does. */
  aliasOf(node: number, target: number): void {
    this.#aliases.set(node, target);
  }

  /** The place of the member at `path`, or of its nearest known parent. */
  find(path: DocumentPath): NodePlace | undefined {
    if (this.length === 0) return undefined;
    let node = 0;
    for (const key of path) {
      const member = this.#member(node, key, 0);
      if (member === undefined) break;
      node = member;
    }
    return this.#placeOf(node);
  }

  /** Whether a member at exactly this path stands in the text. */
  has(path: DocumentPath): boolean {
    let node: number | undefined = 0;
    for (const key of path) {
      node = this.#member(node, key, 0);
      if (node === undefined) return false;
    }
    return this.length > 0;
  }

  #placeOf(node: number): NodePlace {
    const [key = -1, start = 0, end = 0] = this.#numbers.slice(node * 4, node * 4 + 3);
    return { key: key < 0 ? undefined : key, start, end };
  }

  /** The last member of that name, because the last one counts; a merged one counts where it stands. */
  #member(parent: number, key: string | number, depth: number): number | undefined {
    const owner = this.#aliases.get(parent) ?? parent;
    const after = owner + (this.#numbers[owner * 4 + 3] ?? 1);
    let found: number | undefined;
    for (let node = owner + 1; node < after; node += this.#numbers[node * 4 + 3] ?? 1) {
      const name = this.#keys[node];
      if (name === key) found = node;
      else if (name === mergeMark && depth < 8) found = this.#merged(node, key, depth + 1) ?? found;
    }
    return found;
  }

  #merged(node: number, key: string | number, depth: number): number | undefined {
    const direct = this.#member(node, key, depth);
    if (direct !== undefined) return direct;
    const owner = this.#aliases.get(node) ?? node;
    const after = owner + (this.#numbers[owner * 4 + 3] ?? 1);
    for (let item = owner + 1; item < after; item += this.#numbers[item * 4 + 3] ?? 1) {
      const inItem = typeof this.#keys[item] === 'number' ? this.#member(item, key, depth) : undefined;
      if (inItem !== undefined) return inItem;
    }
    return undefined;
  }
}

/** Stands as the key of a merged mapping; no key of a document can be equal to it, because NUL is not allowed in YAML. */
export const mergeMark = '\u0000<<';
