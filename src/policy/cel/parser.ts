// SPDX-License-Identifier: Apache-2.0
// Text to syntax tree (langdef.md, Syntax): precedence climbing with positions, macros expanded on the way. Nesting and size are bounded, so that neither
// the parser nor whoever walks the tree can run out of stack.

import type { Expression } from './ast.ts';
import { qualifiedName, rootOf } from './ast.ts';
import { expandExtendedMacro } from './extended-macros.ts';
import type { SyntaxFault, Token } from './lexer.ts';
import { lexCel } from './lexer.ts';
import type { MacroCall } from './macros.ts';
import { expandMacro } from './macros.ts';
import { boolType, bytesType, doubleType, intType, nullType, stringType, uintType } from './types.ts';
import { CelBytes, CelDouble, CelUint, largestInt, largestUint, normalInt, smallestInt } from './values.ts';

export interface ParseOptions {
  /** `extended`: also those that a host has no need of (cel.block of the optimizer, proto.getExt). */
  readonly macros?: 'on' | 'off' | 'extended';
  /** Most characters of an expression. */
  readonly length?: number;
  /** Most levels of nesting. */
  readonly depth?: number;
}

export interface ParsedExpression {
  readonly text: string;
  readonly root: Expression;
  /** How many nodes there are; ids are below it. */
  readonly nodes: number;
}

export type Parsed =
  | { readonly kind: 'expression'; readonly expression: ParsedExpression }
  | { readonly kind: 'fault'; readonly fault: SyntaxFault };

const defaultLength = 1_048_576;
const defaultDepth = 250;

/** Parses one expression. Never throws. */
export function parseCel(text: string, options: ParseOptions = {}): Parsed {
  if (text.length > (options.length ?? defaultLength)) return fault('expression is too long', 0);
  const lexed = lexCel(text);
  if (lexed.kind === 'fault') return lexed;
  try {
    const parser = new Parser(text, lexed.tokens, options);
    return { kind: 'expression', expression: parser.parse() };
  } catch (error) {
    if (error instanceof Stop) return fault(error.message, error.offset);
    throw error;
  }
}

function fault(message: string, offset: number): Parsed {
  return { kind: 'fault', fault: { message, offset } };
}

/** Leaves the recursion of the parser; never leaves this file. */
class Stop extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);
const keywords = new Set(['in', 'true', 'false', 'null']);

const relations: Readonly<Record<string, string>> = {
  '==': '_==_',
  '!=': '_!=_',
  '<': '_<_',
  '<=': '_<=_',
  '>': '_>_',
  '>=': '_>=_',
};

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #options: ParseOptions;
  #at = 0;
  #depth = 0;
  #nodes = 0;

  constructor(text: string, tokens: readonly Token[], options: ParseOptions) {
    this.#text = text;
    this.#tokens = tokens;
    this.#options = options;
  }

  parse(): ParsedExpression {
    const root = this.#expression();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new Stop(`unexpected ${this.#show(rest)}`, rest.start);
    return { text: this.#text, root, nodes: this.#nodes };
  }

  #expression(): Expression {
    this.#depth += 1;
    if (this.#depth > (this.#options.depth ?? defaultDepth))
      throw new Stop('expression is nested too deeply', this.#peek().start);
    const condition = this.#logic('||');
    const result = this.#takes('?') ? this.#conditional(condition) : condition;
    this.#depth -= 1;
    return result;
  }

  #conditional(condition: Expression): Expression {
    const consequent = this.#logic('||');
    this.#expect(':');
    const otherwise = this.#expression();
    return { kind: 'conditional', ...this.#node(condition.start), condition, consequent, otherwise };
  }

  #logic(operator: '&&' | '||'): Expression {
    const next = (): Expression => (operator === '||' ? this.#logic('&&') : this.#relation());
    const first = next();
    if (!this.#is(operator)) return first;
    const operands = [first];
    while (this.#takes(operator)) operands.push(next());
    return { kind: 'logic', ...this.#node(first.start), operator, operands };
  }

  #relation(): Expression {
    return this.#binary(
      () => this.#sum(),
      (token) =>
        token.kind === 'operator'
          ? relations[token.text]
          : token.kind === 'name' && token.form === 'plain' && token.text === 'in'
            ? '@in'
            : undefined,
    );
  }

  #sum(): Expression {
    return this.#binary(
      () => this.#product(),
      (token) =>
        token.kind === 'operator' && (token.text === '+' || token.text === '-') ? `_${token.text}_` : undefined,
    );
  }

  #product(): Expression {
    return this.#binary(
      () => this.#unary(),
      (token) => (token.kind === 'operator' && ['*', '/', '%'].includes(token.text) ? `_${token.text}_` : undefined),
    );
  }

  /** Operators of one level, which bind to the left. The chain is bounded like nesting, because the tree leans as deep as the chain is long. */
  #binary(operand: () => Expression, nameOf: (token: Token) => string | undefined): Expression {
    let left = operand();
    let links = 0;
    for (let name = nameOf(this.#peek()); name !== undefined; name = nameOf(this.#peek())) {
      links += 1;
      if (links > chainLimit) throw new Stop('too many operators in a row', this.#peek().start);
      this.#at += 1;
      const right = operand();
      left = { kind: 'call', ...this.#node(left.start), name, target: undefined, arguments: [left, right] };
    }
    return left;
  }

  #unary(): Expression {
    const token = this.#peek();
    if (token.kind !== 'operator' || (token.text !== '!' && token.text !== '-')) return this.#member();
    const next = this.#tokens[this.#at + 1];
    if (token.text === '-' && (next?.kind === 'int' || next?.kind === 'double')) return this.#member();
    let count = 0;
    while (this.#takes(token.text)) count += 1;
    const operand = this.#member();
    // cel-go parser/parser.go: an even number of signs is none.
    if (count % 2 === 0) return operand;
    const name = token.text === '!' ? '!_' : '-_';
    return { kind: 'call', ...this.#node(token.start), name, target: undefined, arguments: [operand] };
  }

  #member(): Expression {
    let operand = this.#primary();
    let links = 0;
    for (;;) {
      links += 1;
      if (links > chainLimit) throw new Stop('too many selections in a row', this.#peek().start);
      if (this.#takes('.')) operand = this.#select(operand);
      else if (this.#takes('[')) {
        const form = this.#takes('?') ? 'optional' : 'plain';
        const index = this.#expression();
        this.#expect(']');
        operand = { kind: 'index', ...this.#node(operand.start), operand, index, form };
      } else if (this.#is('{') && isTypeName(operand)) operand = this.#message(operand);
      else return operand;
    }
  }

  #select(operand: Expression): Expression {
    const form = this.#takes('?') ? 'optional' : 'plain';
    const token = this.#peek();
    if (token.kind !== 'name' || (token.form === 'plain' && token.text === 'in'))
      throw new Stop(`expected a field after '.', found ${this.#show(token)}`, token.start);
    this.#at += 1;
    if (form === 'plain' && token.form === 'plain' && this.#is('(')) return this.#call(token, operand, operand.start);
    return { kind: 'select', ...this.#node(operand.start), operand, field: token.text, form };
  }

  #call(token: Extract<Token, { kind: 'name' }>, target: Expression | undefined, start: number): Expression {
    this.#expect('(');
    const args = this.#list(')', () => this.#expression());
    const node = this.#node(start);
    const call: MacroCall = {
      name: token.text,
      target,
      arguments: args,
      at: node,
      newNode: (from) => this.#nodeLike(from),
    };
    if (this.#options.macros !== 'off') {
      const isExtended = this.#options.macros === 'extended';
      const expanded = (isExtended ? expandExtendedMacro(call) : undefined) ?? expandMacro(call);
      if (expanded !== undefined) {
        if ('message' in expanded) throw new Stop(expanded.message, expanded.offset);
        return expanded.expression;
      }
    }
    return { kind: 'call', ...node, name: token.text, target, arguments: args };
  }

  #message(type: Expression): Expression {
    this.#expect('{');
    const fields = this.#list('}', () => {
      const form = this.#takes('?') ? 'optional' : ('plain' as const);
      const token = this.#peek();
      if (token.kind !== 'name') throw new Stop(`expected a field, found ${this.#show(token)}`, token.start);
      this.#at += 1;
      this.#expect(':');
      return { name: token.text, value: this.#expression(), form } as const;
    });
    const isRooted = rootOf(type)?.rooted === 'root';
    const name = `${isRooted ? '.' : ''}${qualifiedName(type) ?? ''}`;
    return { kind: 'message', ...this.#node(type.start), name, fields };
  }

  #primary(): Expression {
    const token = this.#peek();
    this.#at += 1;
    switch (token.kind) {
      case 'name':
        return this.#name(token);
      case 'int':
      case 'uint':
      case 'double':
        return this.#number(token, 1n);
      case 'string':
        return { kind: 'literal', ...this.#node(token.start), value: token.text, type: stringType };
      case 'bytes':
        return { kind: 'literal', ...this.#node(token.start), value: new CelBytes(token.bytes), type: bytesType };
      case 'operator':
        return this.#opened(token);
      default:
        throw new Stop('unexpected end of the expression', token.start);
    }
  }

  #opened(token: Extract<Token, { kind: 'operator' }>): Expression {
    const next = this.#peek();
    if (token.text === '-' && (next.kind === 'int' || next.kind === 'double')) {
      this.#at += 1;
      return this.#number({ ...next, start: token.start }, -1n);
    }
    if (token.text === '(') {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    if (token.text === '[') {
      const elements = this.#list(']', () => {
        const form = this.#takes('?') ? 'optional' : ('plain' as const);
        return { form, value: this.#expression() } as const;
      });
      return { kind: 'list', ...this.#node(token.start), elements };
    }
    if (token.text === '{') {
      const entries = this.#list('}', () => {
        const form = this.#takes('?') ? 'optional' : ('plain' as const);
        const key = this.#expression();
        this.#expect(':');
        return { form, key, value: this.#expression() } as const;
      });
      return { kind: 'map', ...this.#node(token.start), entries };
    }
    if (token.text === '.' && next.kind === 'name' && next.form === 'plain') {
      this.#at += 1;
      if (this.#is('(')) return this.#call(next, undefined, token.start);
      return { kind: 'identifier', ...this.#node(token.start), name: this.#plainName(next), rooted: 'root' };
    }
    throw new Stop(`unexpected ${this.#show(token)}`, token.start);
  }

  #name(token: Extract<Token, { kind: 'name' }>): Expression {
    if (token.form === 'plain') {
      if (token.text === 'true' || token.text === 'false')
        return { kind: 'literal', ...this.#node(token.start), value: token.text === 'true', type: boolType };
      if (token.text === 'null') return { kind: 'literal', ...this.#node(token.start), value: null, type: nullType };
      if (this.#is('(')) {
        this.#plainName(token);
        return this.#call(token, undefined, token.start);
      }
    } else throw new Stop('a quoted name may only stand after a dot', token.start);
    return { kind: 'identifier', ...this.#node(token.start), name: this.#plainName(token), rooted: 'container' };
  }

  #plainName(token: Extract<Token, { kind: 'name' }>): string {
    if (reserved.has(token.text) || keywords.has(token.text))
      throw new Stop(`reserved identifier: ${token.text}`, token.start);
    return token.text;
  }

  #number(token: Extract<Token, { kind: 'int' | 'uint' | 'double' }>, sign: 1n | -1n): Expression {
    const place = this.#node(token.start);
    if (token.kind === 'double')
      return { kind: 'literal', ...place, value: new CelDouble(Number(sign) * token.value), type: doubleType };
    const value = sign * token.value;
    if (token.kind === 'uint') {
      if (value > largestUint) throw new Stop('invalid uint literal', token.start);
      return { kind: 'literal', ...place, value: new CelUint(value), type: uintType };
    }
    if (value > largestInt || value < smallestInt) throw new Stop('invalid int literal', token.start);
    return { kind: 'literal', ...place, value: normalInt(value), type: intType };
  }

  /** Items up to a closing bracket, with a comma allowed after the last. */
  #list<Item>(close: string, item: () => Item): Item[] {
    const items: Item[] = [];
    while (!this.#takes(close)) {
      if (items.length > 0) {
        this.#expect(',');
        if (close !== ')' && this.#takes(close)) break;
      }
      items.push(item());
    }
    return items;
  }

  #node(start: number): { id: number; start: number; end: number } {
    this.#nodes += 1;
    return { id: this.#nodes - 1, start, end: this.#tokens[this.#at - 1]?.end ?? start };
  }

  #nodeLike(from: { readonly start: number; readonly end: number }): { id: number; start: number; end: number } {
    this.#nodes += 1;
    return { id: this.#nodes - 1, start: from.start, end: from.end };
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', start: this.#text.length, end: this.#text.length };
  }

  #is(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'operator' && token.text === text;
  }

  #takes(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    const token = this.#peek();
    if (!this.#takes(text)) throw new Stop(`expected '${text}', found ${this.#show(token)}`, token.start);
  }

  #show(token: Token): string {
    return token.kind === 'end'
      ? 'the end of the expression'
      : JSON.stringify(this.#text.slice(token.start, token.end));
  }
}

const chainLimit = 1_000;

function isTypeName(expression: Expression): boolean {
  return qualifiedName(expression) !== undefined;
}
