// SPDX-License-Identifier: Apache-2.0
// A long list of a document, whose items are made when they are printed: of a hundred thousand components only a few are there at a time.
import type { BomObject } from './faults.ts';

export class BuiltList<T> implements Iterable<BomObject> {
  readonly #items: readonly T[];
  readonly #build: (item: T) => BomObject;

  constructor(items: readonly T[], build: (item: T) => BomObject) {
    this.#items = items;
    this.#build = build;
  }

  *[Symbol.iterator](): Generator<BomObject> {
    for (const item of this.#items) yield this.#build(item);
  }

  /** The items in groups of at most `size`; no group for an empty list. */
  *groups(size: number): Generator<readonly BomObject[]> {
    for (let start = 0; start < this.#items.length; start += size)
      yield this.#items.slice(start, start + size).map((item) => this.#build(item));
  }

  /** For JSON.stringify. */
  toJSON(): readonly BomObject[] {
    return [...this];
  }
}
