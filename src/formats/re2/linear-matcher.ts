// SPDX-License-Identifier: Apache-2.0
// Runs an expression over a text of bytes (latin1) in time proportional to text times expression: all threads of the program advance
// together (K. Thompson; R. Pike's way of keeping priorities and captures). Slower than V8 on good expressions, never slow on bad ones.

import { holdsAt } from './assertions.ts';
import type { Instruction } from './byte-program.ts';
import { compileProgram } from './byte-program.ts';
import { parseRe2 } from './parse.ts';
import { SpanSearch } from './span-search.ts';

interface Thread {
  readonly address: number;
  /** Start and end of the match, then of each group; undefined where a group took no part. */
  readonly slots: readonly (number | undefined)[];
}

export interface LinearMatcher {
  /** Slots of the leftmost match that begins at `from` or later: start, end, then start and end of each group. */
  find(text: string, from: number): readonly (number | undefined)[] | undefined;
  /** Start and end of that match only, which is faster. */
  span(text: string, from: number): readonly [start: number, end: number] | undefined;
}

/** Throws Re2SyntaxError for what RE2 refuses, and for expressions of too many steps. */
export function linearMatcher(source: string): LinearMatcher {
  const { node, captures } = parseRe2(source);
  const { code, start } = compileProgram(node);
  const width = captures * 2 + 2;
  const spans = new SpanSearch(code, start);
  return {
    find: (text, from) => new Run(code, text, width).find(start, from),
    span: (text, from) => spans.search(text, from),
  };
}

class Run {
  readonly #code: readonly Instruction[];
  readonly #text: string;
  readonly #width: number;
  /** Step at which an address was last added. */
  readonly #added: Int32Array;
  #step = 0;

  constructor(code: readonly Instruction[], text: string, width: number) {
    this.#code = code;
    this.#text = text;
    this.#width = width;
    this.#added = new Int32Array(code.length).fill(-1);
  }

  find(start: number, from: number): readonly (number | undefined)[] | undefined {
    let threads: Thread[] = [];
    let found: readonly (number | undefined)[] | undefined;
    for (let at = from; at <= this.#text.length; at += 1) {
      this.#step += 1;
      const ready: Thread[] = [];
      // Threads that were begun earlier come first; a new one only as long as nothing was found.
      for (const thread of threads) this.#follow(ready, thread, at);
      if (found === undefined) {
        const slots = Array.from({ length: this.#width }, (): number | undefined => undefined);
        slots[0] = at;
        this.#follow(ready, { address: start, slots }, at);
      }
      threads = [];
      const byte = this.#text.charCodeAt(at);
      for (const { address, slots } of ready) {
        const instruction = this.#code[address];
        if (instruction?.op === 'match') {
          found = slots.with(1, at);
          // What has lower priority is given up.
          break;
        }
        if (instruction?.op === 'byte' && instruction.members[byte] === 1)
          threads.push({ address: instruction.next, slots });
      }
      if (threads.length === 0 && found !== undefined) return found;
    }
    return found;
  }

  /** Adds what the thread reaches without taking a byte, in order of preference. */
  #follow(ready: Thread[], thread: Thread, at: number): void {
    const stack: Thread[] = [thread];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { address, slots } = next;
      if (this.#added[address] === this.#step) continue;
      this.#added[address] = this.#step;
      const instruction = this.#code[address];
      if (instruction === undefined) continue;
      if (instruction.op === 'split') {
        stack.push({ address: instruction.second, slots }, { address: instruction.first, slots });
      } else if (instruction.op === 'save') {
        stack.push({ address: instruction.next, slots: slots.with(instruction.slot, at) });
      } else if (instruction.op === 'assert') {
        if (holdsAt(instruction.what, this.#text, at)) stack.push({ address: instruction.next, slots });
      } else ready.push(next);
    }
  }
}
