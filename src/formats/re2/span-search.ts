// SPDX-License-Identifier: Apache-2.0
// The linear matcher without captures: a thread is an address and the place where it began, kept in flat arrays that are used again.
import { holdsAt } from './assertions.ts';
import type { Instruction } from './byte-program.ts';

export class SpanSearch {
  readonly #code: readonly Instruction[];
  readonly #start: number;
  readonly #added: Int32Array;
  readonly #stack: Int32Array;
  #addresses: Int32Array;
  #begins: Int32Array;
  #nextAddresses: Int32Array;
  #nextBegins: Int32Array;
  #count = 0;
  #step = 0;

  constructor(code: readonly Instruction[], start: number) {
    this.#code = code;
    this.#start = start;
    this.#added = new Int32Array(code.length);
    this.#stack = new Int32Array(code.length * 2 + 2);
    this.#addresses = new Int32Array(code.length);
    this.#begins = new Int32Array(code.length);
    this.#nextAddresses = new Int32Array(code.length);
    this.#nextBegins = new Int32Array(code.length);
  }

  /** The leftmost match that begins at `from` or later. */
  search(text: string, from: number): readonly [start: number, end: number] | undefined {
    let waiting = 0;
    let foundStart = -1;
    let foundEnd = -1;
    // The steps of an earlier search, which may have been ended in the middle, must not count as this one's.
    this.#added.fill(0);
    this.#step = 0;
    for (let at = from; at <= text.length; at += 1) {
      this.#step += 1;
      this.#count = 0;
      for (let index = 0; index < waiting; index += 1)
        this.#follow(this.#nextAddresses[index] ?? 0, this.#nextBegins[index] ?? 0, { text, at });
      if (foundStart === -1) this.#follow(this.#start, at, { text, at });
      const addresses = this.#addresses;
      const begins = this.#begins;
      waiting = 0;
      const byte = text.charCodeAt(at);
      for (let index = 0; index < this.#count; index += 1) {
        const instruction = this.#code[addresses[index] ?? 0];
        if (instruction?.op === 'match') {
          foundStart = begins[index] ?? 0;
          foundEnd = at;
          break;
        }
        if (instruction?.op === 'byte' && instruction.members[byte] === 1) {
          this.#nextAddresses[waiting] = instruction.next;
          this.#nextBegins[waiting] = begins[index] ?? 0;
          waiting += 1;
        }
      }
      if (waiting === 0 && foundStart !== -1) break;
    }
    return foundStart === -1 ? undefined : [foundStart, foundEnd];
  }

  #follow(address: number, begin: number, place: { readonly text: string; readonly at: number }): void {
    const stack = this.#stack;
    let depth = 1;
    stack[0] = address;
    while (depth > 0) {
      depth -= 1;
      const top = stack[depth] ?? 0;
      if (this.#added[top] === this.#step) continue;
      this.#added[top] = this.#step;
      const instruction = this.#code[top];
      if (instruction === undefined) continue;
      if (instruction.op === 'split') {
        stack[depth] = instruction.second;
        stack[depth + 1] = instruction.first;
        depth += 2;
      } else if (instruction.op === 'save') {
        stack[depth] = instruction.next;
        depth += 1;
      } else if (instruction.op === 'assert') {
        if (holdsAt(instruction.what, place.text, place.at)) {
          stack[depth] = instruction.next;
          depth += 1;
        }
      } else {
        this.#addresses[this.#count] = top;
        this.#begins[this.#count] = begin;
        this.#count += 1;
      }
    }
  }
}
