// SPDX-License-Identifier: Apache-2.0
// A tree of RE2 syntax as a program over bytes, for the matcher that needs time in proportion to the text whatever the expression is.
import type { Re2Assertion, Re2Node } from './syntax-tree.ts';
import { Re2SyntaxError } from './syntax-tree.ts';
import { utf8Sequences } from './utf8-ranges.ts';

export type Instruction =
  | { readonly op: 'byte'; readonly members: Uint8Array; next: number }
  /** The first way is preferred. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'save'; readonly slot: number; next: number }
  | { readonly op: 'assert'; readonly what: Re2Assertion; next: number }
  | { readonly op: 'match' };

const mostInstructions = 60_000;

/** Throws Re2SyntaxError when the program would be too large. Execution begins at `start`. */
export function compileProgram(node: Re2Node): { readonly code: readonly Instruction[]; readonly start: number } {
  const code: Instruction[] = [{ op: 'match' }];
  const add = (instruction: Instruction): number => {
    if (code.length >= mostInstructions) throw new Re2SyntaxError('expression too large');
    return code.push(instruction) - 1;
  };
  /** Builds from the end: gives the address of what matches `item` and goes on at `next`. */
  const emit = (item: Re2Node, next: number): number => {
    switch (item.kind) {
      case 'empty':
        return next;
      case 'class':
        return emitClass(item.ranges, next, add);
      case 'assertion':
        return add({ op: 'assert', what: item.what, next });
      case 'group': {
        const end = add({ op: 'save', slot: item.capture * 2 + 1, next });
        return add({ op: 'save', slot: item.capture * 2, next: emit(item.node, end) });
      }
      case 'concatenation':
        return item.nodes.reduceRight((after, part) => emit(part, after), next);
      case 'alternation':
        return alternatives(
          item.nodes.map((part) => emit(part, next)),
          add,
        );
      default:
        return emitRepetition(item, next);
    }
  };
  const emitRepetition = (item: Extract<Re2Node, { kind: 'repetition' }>, next: number): number => {
    let after = next;
    if (item.most === Number.POSITIVE_INFINITY) {
      const loop = add({ op: 'split', first: next, second: next });
      const body = emit(item.node, loop);
      code[loop] = item.isLazy
        ? { op: 'split', first: next, second: body }
        : { op: 'split', first: body, second: next };
      after = loop;
    } else
      for (let count = item.least; count < item.most; count += 1) {
        const body = emit(item.node, after);
        after = add(
          item.isLazy ? { op: 'split', first: next, second: body } : { op: 'split', first: body, second: next },
        );
      }
    for (let count = 0; count < item.least; count += 1) after = emit(item.node, after);
    return after;
  };
  return { start: emit(node, 0), code };
}

function alternatives(ways: readonly number[], add: (instruction: Instruction) => number): number {
  const last = ways.at(-1) ?? 0;
  return ways.slice(0, -1).reduceRight((second, first) => add({ op: 'split', first, second }), last);
}

function emitClass(ranges: readonly number[], next: number, add: (instruction: Instruction) => number): number {
  const single = new Uint8Array(256);
  const ways: number[] = [];
  let wide = 0;
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    const first = ranges[at] ?? 0;
    const last = ranges[at + 1] ?? 0;
    single.fill(1, Math.min(first, 0x80), Math.min(last, 0x7f) + 1);
    if (last < 0x80) continue;
    wide += last - Math.max(first, 0x80) + 1;
    for (const sequence of utf8Sequences(Math.max(first, 0x80), last)) {
      const way = sequence.reduceRight((after, [from, to]) => {
        const members = new Uint8Array(256).fill(1, from, to + 1);
        return add({ op: 'byte', members, next: after });
      }, next);
      ways.push(way);
    }
  }
  // What is no UTF-8 is matched by negated classes and dots, byte by byte.
  if (wide > 100_000) single.fill(1, 0x80);
  return alternatives([add({ op: 'byte', members: single, next }), ...ways], add);
}
