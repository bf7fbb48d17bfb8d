// SPDX-License-Identifier: Apache-2.0
// Literals in Python source: assignments to plain names, and the keyword arguments of calls. Nothing is executed or imported; what is
// not a literal is `computed`, with the literals that were seen inside it.
import { defaultLimits } from '../model/limits.ts';

export type PythonValue =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly PythonValue[]; readonly line: number }
  | { readonly kind: 'table'; readonly entries: readonly PythonEntry[]; readonly line: number }
  | { readonly kind: 'name'; readonly name: string; readonly line: number }
  /** Lists, tables and names joined by `+`. */
  | { readonly kind: 'sum'; readonly parts: readonly PythonValue[]; readonly line: number }
  /** Any other expression; `parts` are the lists, tables and names inside it, not its texts (they may be templates). */
  | { readonly kind: 'computed'; readonly parts: readonly PythonValue[]; readonly line: number };

export interface PythonEntry {
  readonly key: PythonValue;
  readonly value: PythonValue;
}

export interface PythonCall {
  /** Last part of the called name: `setup` for `setuptools.setup(…)`. */
  readonly name: string;
  readonly keywords: ReadonlyMap<string, PythonValue>;
  /** Values behind `**`. */
  readonly spread: readonly PythonValue[];
  readonly line: number;
}

export interface PythonModule {
  readonly assignments: ReadonlyMap<string, PythonValue>;
  readonly calls: readonly PythonCall[];
}

type Token =
  | { readonly kind: 'text'; readonly text: string; readonly line: number; readonly isTemplate: boolean }
  | { readonly kind: 'name' | 'mark' | 'end'; readonly text: string; readonly line: number };

/** Reads a module. `callName` is the function whose calls are wanted. Never throws; broken source gives what came before. */
export function parsePythonLiterals(source: string, callName: string): PythonModule {
  return new LiteralReader(tokens(source), callName).module();
}

class LiteralReader {
  readonly #tokens: readonly Token[];
  readonly #callName: string;
  readonly #calls: PythonCall[] = [];
  #at = 0;
  #depth = 0;

  constructor(list: readonly Token[], callName: string) {
    this.#tokens = list;
    this.#callName = callName;
  }

  module(): PythonModule {
    const assignments = new Map<string, PythonValue>();
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      this.#at += 1;
      if (token?.kind !== 'name') continue;
      if (this.#isMark('=') && !this.#isAfterComma()) {
        this.#at += 1;
        assignments.set(token.text, this.#expression());
      } else if (token.text === this.#callName && this.#isMark('(')) this.#call(token);
    }
    return { assignments, calls: this.#calls };
  }

  /** `f(a, b=1)`: a keyword of a call that is not wanted is not an assignment. */
  #isAfterComma(): boolean {
    const before = this.#tokens[this.#at - 2];
    return before?.kind === 'mark' && /^[,(]$/.test(before.text);
  }

  #isMark(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'mark' && token.text === text;
  }

  #call(name: Token): void {
    const keywords = new Map<string, PythonValue>();
    const spread: PythonValue[] = [];
    this.#at += 1;
    this.#depth += 1;
    while (this.#at < this.#tokens.length && !this.#isMark(')')) {
      const token = this.#tokens[this.#at];
      const next = this.#tokens[this.#at + 1];
      if (token?.kind === 'name' && next?.kind === 'mark' && next.text === '=') {
        this.#at += 2;
        keywords.set(token.text, this.#expression());
      } else if (this.#isMark('**')) {
        this.#at += 1;
        spread.push(this.#expression());
      } else this.#expression();
      if (this.#isMark(',')) this.#at += 1;
      else if (!this.#isMark(')')) this.#at += 1;
    }
    this.#at += 1;
    this.#depth -= 1;
    this.#calls.push({ name: name.text, keywords, spread, line: name.line });
  }

  /** Up to a comma, closing bracket, colon or end of line that belongs to the expression's surroundings. */
  #expression(): PythonValue {
    const line = this.#tokens[this.#at]?.line ?? 0;
    const operands: PythonValue[] = [];
    let isPlain = true;
    let hasPlus = false;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || token.kind === 'end' || (token.kind === 'mark' && /^[,)\]}:]$/.test(token.text)))
        break;
      const before = this.#at;
      const operand = this.#operand();
      if (operand !== undefined) {
        // Texts that stand side by side are one text; anything else side by side is an expression.
        const isBeside = operands.length > 0 && !hasPlus;
        if (isBeside && (operand.kind !== 'text' || operands.at(-1)?.kind !== 'text')) isPlain = false;
        operands.push(operand);
        hasPlus = false;
      } else if (this.#isMark('+')) {
        hasPlus = true;
        this.#at += 1;
      } else isPlain = false;
      if (this.#at === before) this.#at += 1;
    }
    return joined(operands, isPlain, line);
  }

  #operand(): PythonValue | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined) return undefined;
    const { line } = token;
    if (token.kind === 'text') {
      this.#at += 1;
      return token.isTemplate ? { kind: 'computed', parts: [], line } : { kind: 'text', text: token.text, line };
    }
    if (token.kind === 'name') {
      this.#at += 1;
      if (token.text === this.#callName && this.#isMark('(') && this.#depth < defaultLimits.depth) {
        this.#call(token);
        return { kind: 'computed', parts: [], line };
      }
      return { kind: 'name', name: token.text, line };
    }
    if (token.kind === 'mark' && /^[[({]$/.test(token.text)) return this.#brackets(token.text, line);
    return undefined;
  }

  #brackets(open: string, line: number): PythonValue {
    this.#at += 1;
    this.#depth += 1;
    const items: PythonValue[] = [];
    const entries: PythonEntry[] = [];
    let commas = 0;
    while (this.#at < this.#tokens.length && this.#tokens[this.#at]?.kind !== 'end' && !this.#isClosing()) {
      if (this.#depth > defaultLimits.depth) {
        this.#at += 1;
        continue;
      }
      const item = this.#expression();
      if (open === '{' && this.#isMark(':')) {
        this.#at += 1;
        entries.push({ key: item, value: this.#expression() });
      } else items.push(item);
      if (this.#isMark(',')) {
        commas += 1;
        this.#at += 1;
      } else if (!this.#isClosing()) this.#at += 1;
    }
    if (this.#isClosing()) this.#at += 1;
    this.#depth -= 1;
    if (entries.length > 0) return { kind: 'table', entries, line };
    // Parentheses around one value are no tuple.
    const only = items[0];
    return open === '(' && commas === 0 && only !== undefined ? only : { kind: 'list', items, line };
  }

  #isClosing(): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'mark' && /^[)\]}]$/.test(token.text);
  }
}

function joined(operands: readonly PythonValue[], isPlain: boolean, line: number): PythonValue {
  const first = operands[0];
  if (isPlain && operands.length === 1 && first !== undefined) return first;
  if (isPlain && operands.length > 1) {
    const texts = operands.filter((item) => item.kind === 'text');
    if (texts.length === operands.length) return { kind: 'text', text: texts.map((item) => item.text).join(''), line };
    const lists = operands.filter((item) => item.kind === 'list');
    if (lists.length === operands.length) return { kind: 'list', items: lists.flatMap((item) => item.items), line };
    if (texts.length === 0) return { kind: 'sum', parts: operands, line };
  }
  return { kind: 'computed', parts: operands.filter((item) => item.kind !== 'text'), line };
}

/** Splits source into tokens. Line ends count only outside brackets. Numbers and operators are marks. */
function tokens(source: string): Token[] {
  const found: Token[] = [];
  let line = 1;
  let depth = 0;
  let at = 0;
  while (at < source.length) {
    const character = source.charAt(at);
    if (character === '\n') {
      if (depth === 0) found.push({ kind: 'end', text: '\n', line });
      line += 1;
      at += 1;
    } else if (/\s/.test(character) || character === '\\') {
      if (character === '\\' && source.charAt(at + 1) === '\n') {
        line += 1;
        at += 1;
      }
      at += 1;
    } else if (character === '#') {
      const end = source.indexOf('\n', at);
      at = end === -1 ? source.length : end;
    } else if (/["']/.test(character) || isPrefixed(source, at)) {
      const read = readText(source, at);
      found.push({ kind: 'text', text: read.text, line, isTemplate: read.isTemplate });
      for (let inside = at; inside < read.end; inside += 1) if (source.charCodeAt(inside) === 10) line += 1;
      at = read.end;
    } else if (/[A-Za-z_]/.test(character)) {
      let end = at + 1;
      while (end < source.length && /\w/.test(source.charAt(end))) end += 1;
      found.push({ kind: 'name', text: source.slice(at, end), line });
      at = end;
    } else {
      const text =
        source.startsWith('**', at) || /^[=!<>+*/-]=/.test(source.slice(at, at + 2))
          ? source.slice(at, at + 2)
          : character;
      if (/^[[({]$/.test(text)) depth += 1;
      if (/^[)\]}]$/.test(text)) depth = Math.max(0, depth - 1);
      found.push({ kind: 'mark', text, line });
      at += text.length;
    }
  }
  return found;
}

function isPrefixed(source: string, at: number): boolean {
  return /^(?:[rRbBuUfF]|[rR][bBfF]|[bBfF][rR])["']/.test(source.slice(at, at + 3));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

/** Reads a string literal, with its prefix. An unterminated one ends at the line end (or the end of the source). */
function readText(source: string, start: number): { text: string; end: number; isTemplate: boolean } {
  const quoteAt = /["']/.test(source.charAt(start))
    ? start
    : /["']/.test(source.charAt(start + 1))
      ? start + 1
      : start + 2;
  const prefix = source.slice(start, quoteAt).toLowerCase();
  const quote = source.charAt(quoteAt);
  const isLong = source.startsWith(quote.repeat(3), quoteAt);
  const closing = isLong ? quote.repeat(3) : quote;
  const parts: string[] = [];
  let at = quoteAt + closing.length;
  let copied = at;
  while (at < source.length) {
    const character = source.charAt(at);
    if (character === '\\') {
      const next = source.charAt(at + 1);
      if (!prefix.includes('r')) {
        parts.push(source.slice(copied, at), escapes[next] ?? (/[\\"']/.test(next) ? next : `\\${next}`));
        copied = at + 2;
      }
      at += 2;
    } else if (character === quote && source.startsWith(closing, at)) {
      parts.push(source.slice(copied, at));
      return { text: parts.join(''), end: at + closing.length, isTemplate: prefix.includes('f') };
    } else if (character === '\n' && !isLong) break;
    else at += 1;
  }
  parts.push(source.slice(copied, at));
  return { text: parts.join(''), end: Math.min(at, source.length), isTemplate: true };
}
