// SPDX-License-Identifier: Apache-2.0
// Tokens to tree: the operator-precedence grammar of JMESPath (the binding powers are those of the reference implementations).
// Nesting is bounded, chains of operators included, so that neither compiling nor evaluating can exhaust the stack.
import type { Comparator, Node } from './ast.ts';
import { JmespathFault } from './fault.ts';
import type { Token, TokenKind } from './lexer.ts';
import { readTokens } from './lexer.ts';

const powers: Partial<Record<TokenKind, number>> = {
  '|': 1,
  '||': 2,
  '&&': 3,
  comparator: 5,
  '[]': 9,
  '*': 20,
  '[?': 21,
  '.': 40,
  '!': 45,
  '{': 50,
  '[': 55,
  '(': 60,
};
/** What binds weaker than this ends a projection. */
const projectionStop = 10;

export interface ParseLimits {
  readonly length: number;
  readonly depth: number;
}

/** The tree of an expression, or the fault. Never throws. */
export function parseJmespath(text: string, limits: ParseLimits): Node | JmespathFault {
  if (text.length > limits.length)
    return new JmespathFault('limit', `the expression is longer than ${limits.length} characters`, 0);
  const tokens = readTokens(text);
  if (tokens instanceof JmespathFault) return tokens;
  try {
    return new Parser(tokens, limits.depth).parse();
  } catch (thrown) {
    if (thrown instanceof ParseStop) return thrown.fault;
    throw thrown;
  }
}

/** Only inside this file: leaves the recursive descent. */
class ParseStop extends Error {
  readonly fault: JmespathFault;
  constructor(fault: JmespathFault) {
    super(fault.message);
    this.fault = fault;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #most: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], most: number) {
    this.#tokens = tokens;
    this.#most = most;
  }

  parse(): Node {
    const node = this.#expression(0);
    if (this.#peek().kind !== 'end') throw this.#unexpected(this.#peek());
    return node;
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #expect(kind: TokenKind): Token {
    const token = this.#next();
    if (token.kind !== kind) throw this.#unexpected(token);
    return token;
  }

  #take(kind: TokenKind): boolean {
    if (this.#peek().kind !== kind) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(token: Token): ParseStop {
    const message = token.kind === 'end' ? 'Incomplete expression' : `Unexpected token: ${token.kind}`;
    return new ParseStop(new JmespathFault('syntax', message, token.offset));
  }

  #deepen(): void {
    this.#depth += 1;
    if (this.#depth > this.#most)
      throw new ParseStop(
        new JmespathFault('limit', `the expression is nested deeper than ${this.#most}`, this.#peek().offset),
      );
  }

  #expression(power: number): Node {
    const depth = this.#depth;
    this.#deepen();
    let left = this.#prefix(this.#next());
    while (power < (powers[this.#peek().kind] ?? 0)) {
      this.#deepen();
      left = this.#infix(this.#next(), left);
    }
    this.#depth = depth;
    return left;
  }

  #prefix(token: Token): Node {
    const { offset } = token;
    const current: Node = { kind: 'current', offset };
    switch (token.kind) {
      case 'literal':
        return { kind: 'literal', value: token.value, offset };
      case 'identifier':
        return { kind: 'field', name: String(token.value), offset };
      case 'quoted':
        if (this.#peek().kind === '(')
          throw new ParseStop(new JmespathFault('syntax', "Can't have quoted identifier as function name.", offset));
        return { kind: 'field', name: String(token.value), offset };
      case '@':
        return current;
      case '*':
        return { kind: 'values', left: current, right: this.#projected(powers['*'] ?? 0), offset };
      case '[?':
        return this.#filter(current, offset);
      case '[]':
        return this.#flattened(current, offset);
      case '[':
        return this.#bracket(offset);
      case '{':
        return this.#hash(offset);
      case '&':
        return { kind: 'reference', of: this.#expression(0), offset };
      case '!':
        return { kind: 'not', of: this.#expression(powers['!'] ?? 0), offset };
      case '(': {
        const inner = this.#expression(0);
        this.#expect(')');
        // Parentheses stop a projection: what follows is asked of the whole list.
        return { kind: 'chain', left: inner, right: { kind: 'current', offset }, offset };
      }
      default:
        throw this.#unexpected(token);
    }
  }

  #infix(token: Token, left: Node): Node {
    const { offset, kind } = token;
    switch (kind) {
      case '.':
        if (!this.#take('*')) return { kind: 'chain', left, right: this.#afterDot(powers['.'] ?? 0), offset };
        return { kind: 'values', left, right: this.#projected(powers['.'] ?? 0), offset };
      case '|':
        return { kind: 'pipe', left, right: this.#expression(1), offset };
      case '||':
        return { kind: 'or', left, right: this.#expression(2), offset };
      case '&&':
        return { kind: 'and', left, right: this.#expression(3), offset };
      case 'comparator':
        return {
          kind: 'comparison',
          operator: this.#comparator(token),
          left,
          right: this.#expression(powers.comparator ?? 0),
          offset,
        };
      case '(':
        return this.#call(token, left);
      case '[?':
        return this.#filter(left, offset);
      case '[]':
        return this.#flattened(left, offset);
      case '[':
        return this.#indexed(left, offset);
      default:
        throw this.#unexpected(token);
    }
  }

  #comparator(token: Token): Comparator {
    return token.value as Comparator;
  }

  #call(token: Token, left: Node): Node {
    const before = this.#tokens[this.#at - 2];
    if (left.kind !== 'field' || before?.kind !== 'identifier') throw this.#unexpected(token);
    const args: Node[] = [];
    if (!this.#take(')')) {
      do args.push(this.#expression(0));
      while (this.#take(','));
      this.#expect(')');
    }
    return { kind: 'call', name: left.name, args, offset: left.offset };
  }

  /** `[0]`, `[1:2]`, `[*]` and `[a, b]` at the beginning of an expression. */
  #bracket(offset: number): Node {
    const { kind } = this.#peek();
    const current: Node = { kind: 'current', offset };
    if (kind === 'number' || kind === ':') return this.#projectIfSlice(current, this.#indexOrSlice(offset));
    if (kind === '*' && this.#peek(1).kind === ']') {
      this.#at += 2;
      return { kind: 'projection', left: current, right: this.#projected(powers['*'] ?? 0), offset };
    }
    return this.#list(offset);
  }

  #indexed(left: Node, offset: number): Node {
    const { kind } = this.#peek();
    if (kind === 'number' || kind === ':') return this.#projectIfSlice(left, this.#indexOrSlice(offset));
    this.#expect('*');
    this.#expect(']');
    return { kind: 'projection', left, right: this.#projected(powers['*'] ?? 0), offset };
  }

  #projectIfSlice(left: Node, right: Node): Node {
    const { offset } = right;
    const chain: Node = { kind: 'chain', left, right, offset };
    if (right.kind !== 'slice') return chain;
    return { kind: 'projection', left: chain, right: this.#projected(powers['*'] ?? 0), offset };
  }

  #indexOrSlice(offset: number): Node {
    const parts: (number | undefined)[] = [undefined, undefined, undefined];
    let part = 0;
    for (;;) {
      const token = this.#next();
      if (token.kind === ']') break;
      if (token.kind === ':' && part < 2) part += 1;
      else if (token.kind === 'number' && parts[part] === undefined) parts[part] = Number(token.value);
      else throw this.#unexpected(token);
    }
    const [start, stop, step = 1] = parts;
    if (part === 0) return { kind: 'index', index: start ?? 0, offset };
    if (step === 0) throw new ParseStop(new JmespathFault('invalid-value', 'Invalid slice, step cannot be 0', offset));
    return {
      kind: 'slice',
      ...(start === undefined ? {} : { start }),
      ...(stop === undefined ? {} : { stop }),
      step,
      offset,
    };
  }

  #filter(left: Node, offset: number): Node {
    const condition = this.#expression(0);
    this.#expect(']');
    const right: Node = this.#peek().kind === '[]' ? { kind: 'current', offset } : this.#projected(powers['[?'] ?? 0);
    return { kind: 'filter', left, right, condition, offset };
  }

  #flattened(left: Node, offset: number): Node {
    const flat: Node = { kind: 'flatten', left, offset };
    return { kind: 'projection', left: flat, right: this.#projected(powers['[]'] ?? 0), offset };
  }

  /** What is asked of each element of a projection. */
  #projected(power: number): Node {
    const token = this.#peek();
    if ((powers[token.kind] ?? 0) < projectionStop) return { kind: 'current', offset: token.offset };
    if (token.kind === '[' || token.kind === '[?') return this.#expression(power);
    if (token.kind !== '.') throw this.#unexpected(token);
    this.#at += 1;
    return this.#afterDot(power);
  }

  #afterDot(power: number): Node {
    const token = this.#peek();
    if (token.kind === 'identifier' || token.kind === 'quoted' || token.kind === '*') return this.#expression(power);
    if (token.kind !== '[' && token.kind !== '{') throw this.#unexpected(token);
    this.#at += 1;
    return token.kind === '[' ? this.#list(token.offset) : this.#hash(token.offset);
  }

  #list(offset: number): Node {
    const items: Node[] = [];
    do items.push(this.#expression(0));
    while (this.#take(','));
    this.#expect(']');
    return { kind: 'list', items, offset };
  }

  #hash(offset: number): Node {
    const entries: { key: string; value: Node }[] = [];
    do {
      const token = this.#next();
      if (token.kind !== 'identifier' && token.kind !== 'quoted') throw this.#unexpected(token);
      this.#expect(':');
      entries.push({ key: String(token.value), value: this.#expression(0) });
    } while (this.#take(','));
    this.#expect('}');
    return { kind: 'hash', entries, offset };
  }
}
