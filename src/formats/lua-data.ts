// SPDX-License-Identifier: Apache-2.0
// Lua source that holds only data, as rockspec files do (https://github.com/luarocks/luarocks/blob/main/docs/rockspec_format.md):
// assignments of strings, numbers, booleans, tables, earlier variables, and the operators .. == ~= and or not. Nothing is executed.
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import { LineIndex, syntaxProblem } from './text.ts';

/** Tables without keys become arrays, others objects without prototype; a mixed table keeps its list members under "1", "2" … */
export type LuaValue = string | number | boolean | null | readonly LuaValue[] | { readonly [key: string]: LuaValue };

export interface LuaDocument {
  /** Global variables, by name. */
  readonly globals: ReadonlyMap<string, LuaValue>;
  /** Line of the assignment. */
  lineOf(name: string): number | undefined;
  readonly problems: readonly Problem[];
}

type Token =
  | { readonly kind: 'text'; readonly text: string; readonly offset: number }
  | { readonly kind: 'name' | 'number' | 'mark'; readonly text: string; readonly offset: number };

class LuaSyntax extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Reads the assignments of a file. Never throws: reading ends at the first statement that is not data, with a problem. */
export function parseLuaData(text: string, path: string): LuaDocument {
  const lines = new LineIndex(text);
  const problems: Problem[] = [];
  const reader = new LuaReader();
  const { tokens, broken } = tokensOf(text);
  const error = broken ?? reader.read(tokens);
  if (broken !== undefined) reader.read(tokens);
  if (error !== undefined) {
    problems.push(syntaxProblem(path, `not Lua data: ${error.message}`, lines.lineAt(error.offset)));
  }
  const { globals, offsets } = reader;
  const lineOf = (name: string): number | undefined => {
    const offset = offsets.get(name);
    return offset === undefined ? undefined : lines.lineAt(offset);
  };
  return { globals, lineOf, problems };
}

class LuaReader {
  readonly globals = new Map<string, LuaValue>();
  readonly offsets = new Map<string, number>();
  readonly #locals = new Map<string, LuaValue>();
  #tokens: readonly Token[] = [];
  #at = 0;
  #depth = 0;

  /** Reads all statements; gives the error that ended it, or undefined. */
  read(tokens: readonly Token[]): LuaSyntax | undefined {
    this.#tokens = tokens;
    try {
      while (this.#at < tokens.length) this.#statement();
    } catch (error) {
      if (error instanceof LuaSyntax) return error;
      throw error;
    }
    return undefined;
  }

  #statement(): void {
    if (this.#take('mark', ';')) return;
    const isLocal = this.#take('name', 'local');
    const name = this.#next('a name');
    if (name.kind !== 'name') throw new LuaSyntax(`a name is wanted, not ${name.text}`, name.offset);
    const path: string[] = [];
    while (this.#take('mark', '.')) path.push(this.#next('a field name').text);
    if (isLocal && !this.#isMark('=')) {
      this.#locals.set(name.text, null);
      return;
    }
    this.#expect('=');
    const value = this.#expression();
    if (path.length > 0) return;
    if (isLocal) this.#locals.set(name.text, value);
    else {
      this.globals.set(name.text, value);
      this.offsets.set(name.text, name.offset);
    }
  }

  /** Operators by rising precedence: `or`, `and`, comparisons, `..`. As in Lua, only nil and false are not true. */
  #expression(): LuaValue {
    let value = this.#conjunction();
    while (this.#take('name', 'or')) {
      const right = this.#conjunction();
      if (value === null || value === false) value = right;
    }
    return value;
  }

  #conjunction(): LuaValue {
    let value = this.#comparison();
    while (this.#take('name', 'and')) {
      const right = this.#comparison();
      if (value !== null && value !== false) value = right;
    }
    return value;
  }

  #comparison(): LuaValue {
    const left = this.#joined();
    if (this.#take('mark', '==')) return left === this.#joined();
    if (this.#take('mark', '~=')) return left !== this.#joined();
    return left;
  }

  #joined(): LuaValue {
    const start = this.#tokens[this.#at]?.offset ?? 0;
    let value = this.#operand();
    while (this.#take('mark', '..')) {
      const right = this.#operand();
      if (typeof value === 'object' || typeof right === 'object')
        throw new LuaSyntax('only texts can be joined', start);
      value = `${String(value)}${String(right)}`;
      // Repeated joining of a variable with itself would grow without end.
      if (value.length > defaultLimits.manifestBytes) throw new LuaSyntax('a text that grows too long', start);
    }
    return value;
  }

  #operand(): LuaValue {
    const token = this.#next('a value');
    if (token.kind === 'text') return token.text;
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'name') return this.#named(token);
    if (token.text === '{') return this.#table(token);
    if (token.text === '(') {
      this.#enter(token);
      const value = this.#expression();
      this.#depth -= 1;
      this.#expect(')');
      return value;
    }
    if (token.text === '-') return -Number(this.#nestedOperand(token));
    throw new LuaSyntax(`a value is wanted, not ${token.text}`, token.offset);
  }

  #named(token: Token): LuaValue {
    if (token.text === 'true' || token.text === 'false') return token.text === 'true';
    if (token.text === 'nil') return null;
    if (token.text === 'not') {
      const value = this.#nestedOperand(token);
      return value === null || value === false;
    }
    let value = this.#locals.get(token.text) ?? this.globals.get(token.text);
    while (this.#take('mark', '.')) {
      const field = this.#next('a field name');
      const table: unknown = value;
      const isTable = table !== null && typeof table === 'object' && Object.hasOwn(table, field.text);
      value = isTable ? (table as Record<string, LuaValue>)[field.text] : undefined;
    }
    if (value === undefined) throw new LuaSyntax(`${token.text} is not defined before it is used`, token.offset);
    return value;
  }

  #enter(token: Token): void {
    this.#depth += 1;
    if (this.#depth > defaultLimits.depth)
      throw new LuaSyntax(`nested more than ${defaultLimits.depth} levels deep`, token.offset);
  }

  #nestedOperand(operator: Token): LuaValue {
    this.#enter(operator);
    const value = this.#operand();
    this.#depth -= 1;
    return value;
  }

  #table(open: Token): LuaValue {
    this.#enter(open);
    const items: LuaValue[] = [];
    const members: Record<string, LuaValue> = Object.create(null);
    let isList = true;
    while (!this.#take('mark', '}')) {
      const key = this.#key();
      const value = this.#expression();
      if (key === undefined) items.push(value);
      else {
        isList = false;
        members[key] = value;
      }
      if (!this.#take('mark', ',') && !this.#take('mark', ';') && !this.#isMark('}')) {
        throw new LuaSyntax('a comma or the end of the table is wanted', (this.#tokens[this.#at] ?? open).offset);
      }
    }
    this.#depth -= 1;
    if (isList) return items;
    for (const [index, item] of items.entries()) members[String(index + 1)] ??= item;
    return members;
  }

  /** `name =` or `["name"] =`; undefined for a list member. */
  #key(): string | undefined {
    const token = this.#tokens[this.#at];
    const after = this.#tokens[this.#at + 1];
    if (token?.kind === 'name' && after?.kind === 'mark' && after.text === '=') {
      this.#at += 2;
      return token.text;
    }
    if (!this.#isMark('[')) return undefined;
    this.#at += 1;
    const key = this.#expression();
    if (typeof key === 'object')
      throw new LuaSyntax('a key must be a text or a number', this.#tokens[this.#at]?.offset ?? 0);
    this.#expect(']');
    this.#expect('=');
    return String(key);
  }

  #next(wanted: string): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined)
      throw new LuaSyntax(`${wanted} is wanted, not the end of the file`, this.#tokens.at(-1)?.offset ?? 0);
    this.#at += 1;
    return token;
  }

  #isMark(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'mark' && token.text === text;
  }

  #take(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    const token = this.#next(text);
    if (token.kind !== 'mark' || token.text !== text)
      throw new LuaSyntax(`${text} is wanted, not ${token.text}`, token.offset);
  }
}

/** Tokens up to the end, or up to a text that has none. */
function tokensOf(text: string): { tokens: Token[]; broken: LuaSyntax | undefined } {
  const tokens: Token[] = [];
  try {
    tokenize(text, tokens);
  } catch (error) {
    if (error instanceof LuaSyntax) return { tokens, broken: error };
    throw error;
  }
  return { tokens, broken: undefined };
}

function tokenize(text: string, tokens: Token[]): void {
  // A first line for the shell.
  let at = text.startsWith('#') ? lineEnd(text, 0) : 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 3);
    const character = rest.charAt(0);
    if (/[\s\uFEFF]/.test(character)) at += 1;
    else if (rest.startsWith('--')) at = endOfComment(text, at);
    else if (/["']/.test(character)) {
      const read = readQuoted(text, at);
      tokens.push({ kind: 'text', text: read.text, offset: at });
      at = read.end;
    } else if (/^\[=*\[/.test(text.slice(at, at + 20))) {
      const read = readLong(text, at);
      tokens.push({ kind: 'text', text: read.text, offset: at });
      at = read.end;
    } else if (/[A-Za-z_]/.test(character)) at = pushRun(tokens, 'name', { text, at, pattern: /\w/ });
    else if (/[0-9]/.test(character)) at = pushRun(tokens, 'number', { text, at, pattern: /[\w.]/ });
    else {
      const mark = ['..', '==', '~='].find((long) => rest.startsWith(long)) ?? character;
      tokens.push({ kind: 'mark', text: mark, offset: at });
      at += mark.length;
    }
  }
}

function pushRun(
  tokens: Token[],
  kind: 'name' | 'number',
  { text, at, pattern }: { readonly text: string; readonly at: number; readonly pattern: RegExp },
): number {
  let end = at + 1;
  while (end < text.length && pattern.test(text.charAt(end))) end += 1;
  tokens.push({ kind, text: text.slice(at, end), offset: at });
  return end;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function endOfComment(text: string, at: number): number {
  return /^--\[=*\[/.test(text.slice(at, at + 20)) ? readLong(text, at + 2).end : lineEnd(text, at);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function readQuoted(text: string, start: number): { text: string; end: number } {
  const quote = text.charAt(start);
  const parts: string[] = [];
  let copied = start + 1;
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      const next = text.charAt(at + 1);
      parts.push(text.slice(copied, at), escapes[next] ?? next);
      at += 1;
      copied = at + 1;
    } else if (character === quote) {
      parts.push(text.slice(copied, at));
      return { text: parts.join(''), end: at + 1 };
    } else if (character === '\n') break;
  }
  throw new LuaSyntax('a text without an end', start);
}

/** `[[…]]` or `[==[…]==]`; a line feed right after the opening is not part of the text. */
function readLong(text: string, start: number): { text: string; end: number } {
  const level = /^\[(=*)\[/.exec(text.slice(start, start + 20))?.[1] ?? '';
  const close = `]${level}]`;
  const from = start + level.length + 2;
  const end = text.indexOf(close, from);
  if (end === -1) throw new LuaSyntax('a long text without an end', start);
  return { text: text.slice(from, end).replace(/^\r?\n/, ''), end: end + close.length };
}
