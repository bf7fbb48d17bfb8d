// SPDX-License-Identifier: Apache-2.0
// The part of CUE that image policies are written in (cuelang.org/docs/reference/spec): fields, structs, lists, literals, bounds, conjunctions,
// disjunctions, `if`, calls of a few packages. Everything else is a fault: a policy that is half understood must not be applied.

export type CueExpression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'select'; readonly of: CueExpression; readonly member: string }
  | { readonly kind: 'call'; readonly of: CueExpression; readonly arguments: readonly CueExpression[] }
  | { readonly kind: 'bound'; readonly operator: BoundOperator; readonly operand: CueExpression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: CueExpression; readonly right: CueExpression }
  | { readonly kind: 'not'; readonly operand: CueExpression }
  | { readonly kind: 'list'; readonly items: readonly CueExpression[]; readonly isOpen: boolean }
  | { readonly kind: 'struct'; readonly fields: readonly CueField[]; readonly conditions: readonly CueCondition[] };

export type CueStruct = Extract<CueExpression, { kind: 'struct' }>;
export type BoundOperator = '<' | '<=' | '>' | '>=' | '!=' | '=~' | '!~';

export interface CueField {
  readonly label: string;
  readonly isOptional: boolean;
  readonly value: CueExpression;
}

/** `if CONDITION { FIELDS }` */
export interface CueCondition {
  readonly condition: CueExpression;
  readonly body: CueStruct;
}

export interface CueFile {
  readonly root: CueStruct;
  /** Packages by the name that they are called by. */
  readonly imports: ReadonlySet<string>;
}

export type ParsedCue =
  | { readonly kind: 'file'; readonly file: CueFile }
  | { readonly kind: 'unsupported'; readonly reason: string };

const most = { text: 100_000, tokens: 20_000, depth: 60 };
/** Packages of which at least one function is known. */
const packages: readonly string[] = ['time', 'struct', 'list'];

/** Never throws. */
export function parseCue(text: string): ParsedCue {
  try {
    if (text.length > most.text) throw new CueFault(`a policy of more than ${most.text} characters`);
    return { kind: 'file', file: new Parser(tokensOf(text)).file() };
  } catch (error) {
    if (error instanceof CueFault) return { kind: 'unsupported', reason: error.message };
    throw error;
  }
}

/** What cannot be judged here, with a reason. */
export class CueFault extends Error {}

interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'mark' | 'end';
  readonly text: string;
}

const marks = /^(?:\.\.\.|<=|>=|!=|=~|!~|==|&&|\|\||[{}[\](),:?&|<>.+*!-])/;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\', '/': '/' };

/** A line break ends a field after a word, a literal or a closing bracket, as in Go. */
function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const endLine = (): void => {
    const last = tokens.at(-1);
    const endsField = last !== undefined && (last.kind !== 'mark' || ['}', ']', ')', '...', '?'].includes(last.text));
    if (endsField) tokens.push({ kind: 'mark', text: ',' });
  };
  for (let at = 0; at < text.length; ) {
    if (tokens.length > most.tokens) throw new CueFault('too many words');
    const rest = text.slice(at, at + 256);
    const character = text[at] ?? '';
    if (character === '\n') {
      endLine();
      at += 1;
    } else if (/\s/.test(character)) at += 1;
    else if (rest.startsWith('//')) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (character === '"') {
      if (rest.startsWith('"""')) throw new CueFault('texts of several lines are not read');
      const { value, end } = stringAt(text, at + 1);
      tokens.push({ kind: 'string', text: value });
      at = end;
    } else {
      const word = /^[A-Za-z_$#][A-Za-z0-9_$#]*/.exec(rest)?.[0];
      const number = word === undefined ? /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(rest)?.[0] : undefined;
      const mark = word === undefined && number === undefined ? marks.exec(rest)?.[0] : undefined;
      const found = word ?? number ?? mark;
      if (found === undefined) throw new CueFault(`"${character}" is not read`);
      tokens.push({ kind: word !== undefined ? 'word' : number !== undefined ? 'number' : 'mark', text: found });
      at += found.length;
    }
  }
  endLine();
  return [...tokens, { kind: 'end', text: '' }];
}

function stringAt(text: string, start: number): { readonly value: string; readonly end: number } {
  let value = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') return { value, end: at + 1 };
    if (character === '\n') break;
    if (character !== '\\') value += character;
    else {
      const escaped = escapes[text[at + 1] ?? ''];
      if (escaped === undefined) throw new CueFault('an escape in a text is not read');
      value += escaped;
      at += 1;
    }
  }
  throw new CueFault('a text does not end');
}

const bounds: readonly string[] = ['<', '<=', '>', '>=', '!=', '=~', '!~'];
const comparisons: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];
/** From loose to tight. */
const levels: readonly (readonly string[])[] = [['|'], ['&'], ['||'], ['&&'], comparisons, ['+', '-']];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #accept(text: string): boolean {
    if (this.#next.kind !== 'mark' || this.#next.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw new CueFault(`"${text}" is expected where "${this.#next.text}" stands`);
  }

  file(): CueFile {
    const imports = new Set<string>();
    while (this.#accept(','));
    while (this.#next.kind === 'word' && this.#next.text === 'import') {
      this.#at += 1;
      const name = this.#take();
      if (name.kind !== 'string' || !packages.includes(name.text))
        throw new CueFault(`the package ${name.text} is not known here`);
      imports.add(name.text);
      while (this.#accept(','));
    }
    const root = this.#members('end');
    return { root, imports };
  }

  #members(end: '}' | 'end'): CueStruct {
    this.#depth += 1;
    if (this.#depth > most.depth) throw new CueFault('too deep');
    const fields: CueField[] = [];
    const conditions: CueCondition[] = [];
    for (;;) {
      while (this.#accept(','));
      if (end === '}' ? this.#accept('}') : this.#next.kind === 'end') break;
      // Structs of a policy are open in any case.
      if (this.#accept('...')) continue;
      if (this.#next.kind === 'word' && this.#next.text === 'if' && !this.#isLabel()) {
        this.#at += 1;
        const condition = this.#expression();
        this.#expect('{');
        conditions.push({ condition, body: this.#members('}') });
      } else fields.push(this.#field());
      if (
        this.#next.kind !== 'end' &&
        !(this.#next.kind === 'mark' && (this.#next.text === '}' || this.#next.text === ','))
      )
        throw new CueFault(`"${this.#next.text}" is not expected`);
    }
    this.#depth -= 1;
    return { kind: 'struct', fields, conditions };
  }

  #isLabel(): boolean {
    const after = this.#tokens[this.#at + 1];
    return after?.kind === 'mark' && (after.text === ':' || after.text === '?');
  }

  #field(): CueField {
    const label = this.#take();
    if (label.kind !== 'word' && label.kind !== 'string') throw new CueFault(`"${label.text}" is no name of a field`);
    if (label.kind === 'word' && label.text.startsWith('#')) throw new CueFault('definitions (#) are not judged');
    const isOptional = this.#accept('?');
    this.#expect(':');
    const isPath = (this.#next.kind === 'word' || this.#next.kind === 'string') && this.#isLabel();
    if (!isPath) return { label: label.text, isOptional, value: this.#expression() };
    const value: CueStruct = { kind: 'struct', fields: [this.#field()], conditions: [] };
    return { label: label.text, isOptional, value };
  }

  #expression(level = 0): CueExpression {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    this.#depth += 1;
    if (this.#depth > most.depth * levels.length) throw new CueFault('too deep');
    let left = this.#expression(level + 1);
    while (this.#next.kind === 'mark' && operators.includes(this.#next.text)) {
      const operator = this.#take().text;
      left = { kind: 'binary', operator, left, right: this.#expression(level + 1) };
    }
    this.#depth -= 1;
    return left;
  }

  #unary(): CueExpression {
    const { kind, text } = this.#next;
    if (kind === 'mark' && bounds.includes(text)) {
      this.#at += 1;
      return { kind: 'bound', operator: text as BoundOperator, operand: this.#unary() };
    }
    if (this.#accept('!')) return { kind: 'not', operand: this.#unary() };
    if (this.#accept('-')) {
      const number = this.#take();
      if (number.kind !== 'number') throw new CueFault('"-" stands before numbers only');
      return { kind: 'literal', value: -Number(number.text) };
    }
    if (text === '*') throw new CueFault('defaults (*) are not judged');
    return this.#primary();
  }

  #primary(): CueExpression {
    let value = this.#operand();
    for (;;) {
      if (this.#accept('.')) {
        const member = this.#take();
        if (member.kind !== 'word' && member.kind !== 'string') throw new CueFault('a member is expected');
        value = { kind: 'select', of: value, member: member.text };
      } else if (this.#accept('(')) value = { kind: 'call', of: value, arguments: this.#list(')').items };
      else if (this.#next.kind === 'mark' && this.#next.text === '[') throw new CueFault('indexes are not judged');
      else return value;
    }
  }

  #operand(): CueExpression {
    const token = this.#take();
    if (token.kind === 'string') return { kind: 'literal', value: token.text };
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'word') return wordOf(token.text);
    if (token.text === '{') return this.#members('}');
    if (token.text === '[') return { kind: 'list', ...this.#list(']') };
    if (token.text !== '(') throw new CueFault(`"${token.text}" is not expected`);
    const value = this.#expression();
    this.#expect(')');
    return value;
  }

  #list(end: string): { readonly items: readonly CueExpression[]; readonly isOpen: boolean } {
    const items: CueExpression[] = [];
    for (;;) {
      while (this.#accept(','));
      if (this.#accept(end)) return { items, isOpen: false };
      if (this.#accept('...')) {
        while (this.#accept(','));
        this.#expect(end);
        return { items, isOpen: true };
      }
      items.push(this.#expression());
    }
  }
}

function wordOf(text: string): CueExpression {
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
  if (text === 'null') return { kind: 'literal', value: null };
  if (['for', 'let', 'in', 'package', 'import'].includes(text)) throw new CueFault(`"${text}" is not judged`);
  return { kind: 'name', name: text };
}
