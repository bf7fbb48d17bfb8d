// SPDX-License-Identifier: Apache-2.0
// The part of Starlark that build files use to declare things: calls, assignments, strings, lists, `+`. Nothing is executed: functions,
// loops and comprehensions give unknown values. https://github.com/bazelbuild/starlark/blob/master/spec.md
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { StarlarkToken } from './starlark-tokens.ts';
import { tokenizeStarlark } from './starlark-tokens.ts';

export type StarlarkValue =
  | { readonly kind: 'string'; readonly text: string; readonly location: Location }
  | { readonly kind: 'list'; readonly items: readonly StarlarkValue[] }
  | { readonly kind: 'call'; readonly call: StarlarkCall }
  | { readonly kind: 'unknown' };

export interface StarlarkCall {
  /** Dotted name as written: `maven_install`, `maven.install`. */
  readonly name: string;
  readonly positional: readonly StarlarkValue[];
  readonly named: ReadonlyMap<string, StarlarkValue>;
  readonly location: Location;
}

export interface StarlarkFile {
  /** Calls that stand at the top level, in order. */
  readonly calls: readonly StarlarkCall[];
  /** Values of names assigned at the top level. */
  readonly variables: ReadonlyMap<string, StarlarkValue>;
  readonly problems: readonly Problem[];
}

const unknown: StarlarkValue = { kind: 'unknown' };

/** Items that joining lists may make; `a = a + a` doubles with every line. */
const longestList = 200_000;

/** Reads one file. Never throws; unbalanced brackets and broken strings are problems. */
export function parseStarlark(text: string, path: string): StarlarkFile {
  const { statements, problems } = tokenizeStarlark(text, path);
  const reader = new StatementReader(path);
  for (const statement of statements) reader.read(statement);
  return { calls: reader.calls, variables: reader.variables, problems };
}

/** The strings of a value: of a list, or the string itself; what is unknown is left out. */
export function stringsOf(value: StarlarkValue | undefined): { readonly text: string; readonly location: Location }[] {
  if (value?.kind === 'string') return [value];
  return value?.kind === 'list' ? value.items.flatMap(stringsOf) : [];
}

class StatementReader {
  readonly calls: StarlarkCall[] = [];
  readonly variables = new Map<string, StarlarkValue>();
  readonly #path: string;
  #tokens: readonly StarlarkToken[] = [];
  #at = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** One logical line without indentation; compound statements (`def`, `for`) give nothing. */
  read(tokens: readonly StarlarkToken[]): void {
    this.#tokens = tokens;
    this.#at = 0;
    const [first, second] = tokens;
    if (first?.kind === 'name' && second?.kind === 'operator' && (second.text === '=' || second.text === '+=')) {
      this.#at = 2;
      const value = this.#expression(0);
      const before = second.text === '+=' ? this.variables.get(first.text) : undefined;
      this.variables.set(first.text, second.text === '+=' ? joined(before ?? unknown, value) : value);
      return;
    }
    const value = this.#expression(0);
    if (value.kind === 'call') this.calls.push(value.call);
  }

  /** Ends before a comma, a closing bracket or the end; anything but `+` between operands makes the whole unknown. */
  #expression(depth: number): StarlarkValue {
    let value = this.#operand(depth);
    while (!this.#isEnd()) {
      if (this.#takes('+')) value = joined(value, this.#operand(depth));
      else {
        this.#skip();
        value = unknown;
      }
    }
    return value;
  }

  #operand(depth: number): StarlarkValue {
    const token = this.#tokens[this.#at];
    if (token === undefined || depth > defaultLimits.depth) return unknown;
    if (token.kind === 'string') return this.#string();
    if (token.kind === 'name') return this.#name(depth);
    if (token.text === '[' || token.text === '(') {
      this.#at += 1;
      const { positional, isPlain } = this.#arguments(token.text === '[' ? ']' : ')', depth + 1);
      const single = positional[0];
      if (!isPlain) return unknown;
      return token.text === '(' && positional.length === 1 && single !== undefined
        ? single
        : { kind: 'list', items: positional };
    }
    this.#skip();
    return unknown;
  }

  /** Neighbouring literals are one string. */
  #string(): StarlarkValue {
    let text = '';
    const line = this.#tokens[this.#at]?.line ?? 1;
    for (let token = this.#tokens[this.#at]; token?.kind === 'string'; token = this.#tokens[this.#at]) {
      text += token.text;
      this.#at += 1;
    }
    return { kind: 'string', text, location: { path: this.#path, line } };
  }

  #name(depth: number): StarlarkValue {
    const first = this.#tokens[this.#at];
    let name = first?.text ?? '';
    this.#at += 1;
    while (this.#tokens[this.#at]?.text === '.' && this.#tokens[this.#at + 1]?.kind === 'name') {
      name += `.${this.#tokens[this.#at + 1]?.text}`;
      this.#at += 2;
    }
    if (!this.#takes('(')) return this.variables.get(name) ?? unknown;
    const { positional, named } = this.#arguments(')', depth + 1);
    const endLine = this.#tokens[this.#at - 1]?.line ?? first?.line ?? 1;
    const location = { path: this.#path, line: first?.line ?? 1, endLine };
    return { kind: 'call', call: { name, positional, named, location } };
  }

  #arguments(
    close: string,
    depth: number,
  ): { positional: StarlarkValue[]; named: Map<string, StarlarkValue>; isPlain: boolean } {
    const positional: StarlarkValue[] = [];
    const named = new Map<string, StarlarkValue>();
    let isPlain = true;
    while (this.#at < this.#tokens.length && !this.#takes(close)) {
      const key = this.#tokens[this.#at];
      const isNamed = key?.kind === 'name' && this.#tokens[this.#at + 1]?.text === '=';
      if (isNamed) this.#at += 2;
      const before = this.#at;
      const value = this.#expression(depth);
      if (isNamed) named.set(key.text, value);
      else positional.push(value);
      if (!this.#takes(',') && this.#at === before) this.#at += 1;
      // A comprehension: its result cannot be told.
      isPlain &&= !this.#tokens.slice(before, this.#at).some((token) => token.kind === 'name' && token.text === 'for');
    }
    return { positional, named, isPlain };
  }

  #isEnd(): boolean {
    const token = this.#tokens[this.#at];
    return token === undefined || (token.kind === 'operator' && /^[,\])}]$/.test(token.text));
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'operator' || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  /** Passes over one token, or over everything between brackets. */
  #skip(): void {
    let open = 0;
    do {
      const token = this.#tokens[this.#at];
      if (token === undefined) return;
      if (token.kind === 'operator' && /^[[({]$/.test(token.text)) open += 1;
      if (token.kind === 'operator' && /^[\])}]$/.test(token.text)) open -= 1;
      this.#at += 1;
    } while (open > 0);
  }
}

function joined(left: StarlarkValue, right: StarlarkValue): StarlarkValue {
  if (left.kind === 'string' && right.kind === 'string') {
    const text = left.text + right.text;
    return text.length > defaultLimits.pathLength ? unknown : { ...left, text };
  }
  if (left.kind === 'list' || right.kind === 'list') {
    const items = [left, right].flatMap((side) => (side.kind === 'list' ? side.items : []));
    return items.length > longestList ? unknown : { kind: 'list', items };
  }
  return unknown;
}
