// SPDX-License-Identifier: Apache-2.0
// Groovy as a tree of calls with closures, which is what declarative build scripts are (Jenkinsfile). Nothing is evaluated. Statements of other forms are kept as
// what they are, with the calls inside them. Not here: which calls mean something.
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { GroovyToken } from './groovy-tokens.ts';
import { groovyTokens } from './groovy-tokens.ts';
import { LineIndex } from './text.ts';

export type GroovyStatement = GroovyCall | GroovyAssignment | GroovyOther;

/** `name(arguments) { body }`, `name arguments`, `a.b(arguments)`. */
export interface GroovyCall {
  readonly kind: 'call';
  /** With what stands before its dots. */
  readonly name: string;
  readonly arguments: readonly GroovyArgument[];
  readonly body?: readonly GroovyStatement[];
  readonly location: Location;
}

export interface GroovyAssignment {
  readonly kind: 'assignment';
  readonly name: string;
  readonly value: GroovyValue;
  readonly location: Location;
}

export interface GroovyOther {
  readonly kind: 'other';
  readonly text: string;
  readonly calls: readonly GroovyCall[];
  readonly location: Location;
}

export interface GroovyArgument {
  /** Of a named argument. */
  readonly name?: string;
  readonly value: GroovyValue;
}

export type GroovyValue =
  | { readonly kind: 'string'; readonly text: string; readonly interpolated: boolean; readonly location: Location }
  | { readonly kind: 'word'; readonly text: string; readonly location: Location }
  | { readonly kind: 'list'; readonly items: readonly GroovyArgument[]; readonly location: Location }
  | { readonly kind: 'call'; readonly call: GroovyCall; readonly location: Location }
  | {
      readonly kind: 'other';
      readonly text: string;
      readonly calls: readonly GroovyCall[];
      readonly location: Location;
    };

export interface GroovyScript {
  readonly statements: readonly GroovyStatement[];
  readonly problems: readonly Problem[];
}

const longestText = 4_000_000;
const longestOther = 200;
/** Steps of reading for each token: honest scripts need about two. */
const mostWork = 40;

/** Never throws: what is not understood is a statement or value of the kind `other`. */
export function parseGroovyScript(text: string, path: string): GroovyScript {
  if (text.length > longestText)
    return {
      statements: [],
      problems: [
        {
          kind: 'limit',
          message: `longer than ${longestText} characters; not read`,
          location: { path },
          hidesFindings: true,
        },
      ],
    };
  const { tokens, unclosed } = groovyTokens(text);
  const parser = new GroovyParser(text, path, tokens);
  const statements = parser.block(0);
  if (unclosed !== undefined) parser.problem('syntax', 'a string or comment has no end', unclosed);
  return { statements, problems: parser.problems };
}

const openers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

class GroovyParser {
  readonly #text: string;
  readonly #path: string;
  readonly #tokens: readonly GroovyToken[];
  readonly #lines: LineIndex;
  readonly problems: Problem[] = [];
  #at = 0;
  /** What is no call after all is read a second time; nested, that would double with each level. */
  #work = 0;

  constructor(text: string, path: string, tokens: readonly GroovyToken[]) {
    this.#text = text;
    this.#path = path;
    this.#tokens = tokens;
    this.#lines = new LineIndex(text);
  }

  problem(kind: Problem['kind'], message: string, offset: number): void {
    this.problems.push({ kind, message, location: this.#lines.locate(this.#path, offset), hidesFindings: true });
  }

  /** Statements up to the closing brace, which is taken, or the end. */
  block(depth: number): GroovyStatement[] {
    const statements: GroovyStatement[] = [];
    for (;;) {
      this.#skipSeparators();
      const token = this.#peek();
      if (token === undefined) {
        if (depth > 0) this.problem('syntax', 'a closing brace is missing', this.#text.length);
        return statements;
      }
      if (isSign(token, '}') || isSign(token, ')') || isSign(token, ']')) {
        this.#at += 1;
        if (isSign(token, '}') && depth > 0) return statements;
        this.problem('syntax', `"${token.text}" closes nothing`, token.start);
        continue;
      }
      const before = this.#at;
      statements.push(this.#statement(depth));
      if (this.#at === before) this.#at += 1;
    }
  }

  #statement(depth: number): GroovyStatement {
    const first = this.#peek();
    const start = this.#at;
    if (depth > defaultLimits.depth) {
      if (first !== undefined) this.problem('limit', 'blocks nested too deep; the rest was not read', first.start);
      this.#at = this.#tokens.length;
      return { kind: 'other', text: '', calls: [], location: { path: this.#path } };
    }
    const name = this.#dottedName();
    if (name !== undefined) {
      const next = this.#peek();
      if (next !== undefined && isSign(next, '=') && !isSign(this.#tokens[this.#at + 1], '=')) {
        this.#at += 1;
        return { kind: 'assignment', name, value: this.#value(depth + 1), location: this.#locate(start) };
      }
      const call = this.#callAfter(name, start, depth);
      if (call !== undefined && (call.body !== undefined || this.#isAtEnd())) return call;
    }
    this.#at = start;
    return this.#other(depth);
  }

  /** The rest of a call whose name was read; undefined when it is none. */
  #callAfter(name: string, start: number, depth: number): GroovyCall | undefined {
    const location = this.#locate(start);
    const next = this.#peek();
    let list: readonly GroovyArgument[] = [];
    if (next !== undefined && isSign(next, '(')) {
      this.#at += 1;
      list = this.#arguments(')', depth + 1);
    } else if (next !== undefined && next.kind !== 'line end' && !isSign(next, '{') && !this.#isAtEnd()) {
      if (next.kind === 'sign' && next.text !== '[') return undefined;
      list = this.#arguments(undefined, depth + 1);
    }
    const after = this.#peek();
    if (after === undefined || !isSign(after, '{')) return { kind: 'call', name, arguments: list, location };
    this.#at += 1;
    return { kind: 'call', name, arguments: list, body: this.block(depth + 1), location };
  }

  /** Up to the closing sign, which is taken; without one, up to the end of the line. */
  #arguments(close: string | undefined, depth: number): readonly GroovyArgument[] {
    const found: GroovyArgument[] = [];
    for (;;) {
      if (close !== undefined) this.#skipSeparators();
      const token = this.#peek();
      if (
        token === undefined ||
        (close === undefined && this.#isAtEnd()) ||
        (close === undefined && isSign(token, '{'))
      )
        return found;
      if (close !== undefined && isSign(token, close)) {
        this.#at += 1;
        return found;
      }
      if (token.kind === 'sign' && '})]'.includes(token.text)) return found;
      if (isSign(token, ',')) {
        this.#at += 1;
        this.#skipLineEnds();
        continue;
      }
      const before = this.#at;
      found.push(this.#argument(depth));
      if (this.#at === before) this.#at += 1;
    }
  }

  #argument(depth: number): GroovyArgument {
    const token = this.#peek();
    if (
      token !== undefined &&
      (token.kind === 'name' || token.kind === 'string') &&
      isSign(this.#tokens[this.#at + 1], ':')
    ) {
      this.#at += 2;
      this.#skipLineEnds();
      return { name: token.text, value: this.#value(depth) };
    }
    return { value: this.#value(depth) };
  }

  /** One value, up to a comma, a closing sign or the end of the line. */
  #value(depth: number): GroovyValue {
    const start = this.#at;
    const token = this.#peek();
    const location = this.#locate(start);
    if (token === undefined || depth > defaultLimits.depth) {
      if (depth > defaultLimits.depth && token !== undefined) {
        this.problem('limit', 'values nested too deep; the rest was not read', token.start);
        this.#at = this.#tokens.length;
      }
      return { kind: 'other', text: '', calls: [], location };
    }
    if (token.kind === 'string') {
      this.#at += 1;
      if (this.#endsValue()) return { kind: 'string', text: token.text, interpolated: token.interpolated, location };
    } else if (isSign(token, '[')) {
      this.#at += 1;
      const items = this.#arguments(']', depth + 1);
      if (this.#endsValue()) return { kind: 'list', items, location };
    } else {
      const name = this.#dottedName();
      if (name !== undefined) {
        if (this.#endsValue()) return { kind: 'word', text: name, location };
        const next = this.#peek();
        if (next !== undefined && (isSign(next, '(') || next.kind === 'string')) {
          const call = this.#callAfter(name, start, depth + 1);
          if (call !== undefined && this.#endsValue()) return { kind: 'call', call, location };
        }
      }
    }
    this.#at = start;
    const other = this.#other(depth, ',');
    return { kind: 'other', text: other.text, calls: other.calls, location };
  }

  /** Anything else, up to the end of its line (brackets in balance), with the calls that can be told in it. */
  #other(depth: number, stop?: string): GroovyOther {
    const start = this.#at;
    const location = this.#locate(start);
    const calls: GroovyCall[] = [];
    const open: string[] = [];
    for (;;) {
      const token = this.#peek();
      if (token === undefined) break;
      if (
        open.length === 0 &&
        (token.kind === 'line end' || isSign(token, ';') || (stop !== undefined && isSign(token, stop)))
      )
        break;
      if (token.kind === 'sign' && open.length === 0 && '})]'.includes(token.text)) break;
      if (isSign(token, '{')) {
        this.#at += 1;
        const body = depth < defaultLimits.depth ? this.block(depth + 1) : [];
        calls.push({ kind: 'call', name: '', arguments: [], body, location: this.#locate(start) });
        continue;
      }
      const closer = token.kind === 'sign' ? openers[token.text] : undefined;
      if (closer !== undefined) open.push(closer);
      else if (token.kind === 'sign' && token.text === open.at(-1)) open.pop();
      const argument = this.#tokens[this.#at + 1];
      if (
        token.kind === 'name' &&
        argument !== undefined &&
        (isSign(argument, '(') || argument.kind === 'string') &&
        calls.length < 1000
      ) {
        const back = this.#at;
        this.#at += 1;
        const call = this.#callAfter(token.text, back, depth + 1);
        if (call !== undefined) {
          calls.push(call);
          continue;
        }
        this.#at = back;
      }
      this.#at += 1;
    }
    const first = this.#tokens[start];
    const last = this.#tokens[Math.max(start, this.#at - 1)];
    const text =
      first === undefined
        ? ''
        : this.#text.slice(first.start, Math.min(last?.end ?? first.end, first.start + longestOther));
    return { kind: 'other', text, calls, location };
  }

  #dottedName(): string | undefined {
    const first = this.#peek();
    if (first?.kind !== 'name') return undefined;
    this.#at += 1;
    let name = first.text;
    while (isSign(this.#peek(), '.') && this.#tokens[this.#at + 1]?.kind === 'name') {
      name += `.${this.#tokens[this.#at + 1]?.text}`;
      this.#at += 2;
    }
    return name;
  }

  #endsValue(): boolean {
    const token = this.#peek();
    return token === undefined || token.kind === 'line end' || (token.kind === 'sign' && ',)]};{'.includes(token.text));
  }

  #isAtEnd(): boolean {
    const token = this.#peek();
    return token === undefined || token.kind === 'line end' || isSign(token, ';') || isSign(token, '}');
  }

  #skipSeparators(): void {
    while (this.#peek()?.kind === 'line end' || isSign(this.#peek(), ';')) this.#at += 1;
  }

  #skipLineEnds(): void {
    while (this.#peek()?.kind === 'line end') this.#at += 1;
  }

  #peek(): GroovyToken | undefined {
    this.#work += 1;
    if (this.#work > mostWork * this.#tokens.length + 1000 && this.#at < this.#tokens.length) {
      this.problem('limit', 'too tangled to be read; the rest was not', this.#tokens[this.#at]?.start ?? 0);
      this.#at = this.#tokens.length;
    }
    return this.#tokens[this.#at];
  }

  #locate(at: number): Location {
    return this.#lines.locate(this.#path, this.#tokens[at]?.start ?? this.#text.length);
  }
}

function isSign(token: GroovyToken | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign;
}

/** All calls below, in the order of the text, with the statements of closures. */
export function* callsIn(statements: readonly GroovyStatement[]): Generator<GroovyCall> {
  for (const statement of statements) {
    if (statement.kind === 'call') {
      yield statement;
      for (const { value } of statement.arguments) yield* callsInValue(value);
      yield* callsIn(statement.body ?? []);
    } else if (statement.kind === 'assignment') yield* callsInValue(statement.value);
    else yield* callsIn(statement.calls);
  }
}

function* callsInValue(value: GroovyValue): Generator<GroovyCall> {
  if (value.kind === 'call') yield* callsIn([value.call]);
  else if (value.kind === 'list') for (const item of value.items) yield* callsInValue(item.value);
  else if (value.kind === 'other') yield* callsIn(value.calls);
}
