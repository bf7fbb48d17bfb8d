// SPDX-License-Identifier: Apache-2.0
// Text to tree of one expression. From loose to tight: `||`, `&&`, `==` `!=`, `<` `<=` `>` `>=`, `!`, then member access and calls.
// Bounded in length and depth, never throws.
import { defaultLimits } from '../../model/limits.ts';
import type { ComparisonOperator, ExpressionFault, ExpressionNode, ParsedExpression } from './ast.ts';
import type { OperatorText, Token } from './tokens.ts';
import { lexExpression } from './tokens.ts';

/** Parses a text that is one expression as a whole, without `${{` and `}}`. */
export function parseExpression(text: string): ParsedExpression {
  if (text.length > defaultLimits.workflowExpressionLength) return tooLong();
  const lexed = lexExpression(text, 0, 'end-of-text');
  return lexed.fault === undefined ? parseTokens(lexed.tokens) : { kind: 'fault', fault: lexed.fault };
}

/** What is said of an expression that is longer than the limit. */
export function tooLong(): ParsedExpression {
  const message = `the expression is longer than ${defaultLimits.workflowExpressionLength} characters`;
  return { kind: 'fault', fault: { kind: 'limit', message, offset: 0 } };
}

/** Parses tokens whose last is of kind `end`. */
export function parseTokens(tokens: readonly Token[]): ParsedExpression {
  try {
    return { kind: 'expression', node: new ExpressionParser(tokens).whole() };
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'fault', fault: error.fault };
    throw error;
  }
}

/** Leaves the recursion; never leaves this file. */
class Stopped extends Error {
  readonly fault: ExpressionFault;

  constructor(fault: ExpressionFault) {
    super(fault.message);
    this.fault = fault;
  }
}

class ExpressionParser {
  readonly #tokens: readonly Token[];
  readonly #depths = new Map<ExpressionNode, number>();
  #at = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): ExpressionNode {
    if (this.#token().kind === 'end') this.#stop('the expression is empty');
    const node = this.#or();
    if (this.#token().kind !== 'end')
      this.#stop(`unexpected ${described(this.#token())} after the end of the expression`);
    return node;
  }

  #or(): ExpressionNode {
    return this.#chain('||', () => this.#chain('&&', () => this.#equality()));
  }

  #chain(operator: '&&' | '||', next: () => ExpressionNode): ExpressionNode {
    const first = next();
    const operands = [first];
    while (this.#accept(operator)) operands.push(next());
    const last = operands.at(-1) ?? first;
    if (operands.length === 1) return first;
    return this.#made({ kind: 'logical', operator, operands, start: first.start, end: last.end }, operands);
  }

  #equality(): ExpressionNode {
    return this.#compared(['==', '!='], () => this.#compared(['<', '<=', '>', '>='], () => this.#prefix()));
  }

  #compared(operators: readonly ComparisonOperator[], next: () => ExpressionNode): ExpressionNode {
    let left = next();
    for (;;) {
      const operator = operators.find((candidate) => this.#accept(candidate));
      if (operator === undefined) return left;
      const right = next();
      left = this.#made({ kind: 'comparison', operator, left, right, start: left.start, end: right.end }, [
        left,
        right,
      ]);
    }
  }

  #prefix(): ExpressionNode {
    const { start } = this.#token();
    if (!this.#accept('!')) return this.#postfix(this.#primary());
    const operand = this.#nested(() => this.#prefix());
    return this.#made({ kind: 'not', operand, start, end: operand.end }, [operand]);
  }

  #postfix(first: ExpressionNode): ExpressionNode {
    let node = first;
    for (;;) {
      if (this.#accept('.')) node = this.#member(node);
      else if (this.#accept('[')) node = this.#index(node);
      else return node;
    }
  }

  #member(receiver: ExpressionNode): ExpressionNode {
    const token = this.#token();
    if (this.#accept('*'))
      return this.#made({ kind: 'star', receiver, start: receiver.start, end: token.end }, [receiver]);
    if (token.kind !== 'name') return this.#stop(`a property name or * is expected after ".", not ${described(token)}`);
    this.#at += 1;
    return this.#made(
      { kind: 'property', receiver, name: token.text, nameStart: token.start, start: receiver.start, end: token.end },
      [receiver],
    );
  }

  #index(receiver: ExpressionNode): ExpressionNode {
    if (this.#accept('*')) {
      const end = this.#expect(']');
      return this.#made({ kind: 'star', receiver, start: receiver.start, end }, [receiver]);
    }
    const index = this.#nested(() => this.#or());
    const end = this.#expect(']');
    return this.#made({ kind: 'index', receiver, index, start: receiver.start, end }, [receiver, index]);
  }

  #primary(): ExpressionNode {
    const token = this.#token();
    const { start, end } = token;
    if (token.kind === 'end') this.#stop('the expression ends where a value is expected');
    this.#at += 1;
    if (token.kind === 'string') return { kind: 'string', value: token.value, start, end };
    if (token.kind === 'number') return { kind: 'number', value: token.value, text: token.text, start, end };
    if (token.kind === 'name') return this.#named(token.text, start, end);
    if (token.kind === 'operator' && token.text === '(') {
      const node = this.#nested(() => this.#or());
      this.#expect(')');
      return node;
    }
    this.#at -= 1;
    return this.#stop(`unexpected ${described(token)} where a value is expected`);
  }

  #named(text: string, start: number, end: number): ExpressionNode {
    if (this.#accept('(')) return this.#call(text, start);
    // Keywords are compared without case, as all names are.
    const keyword = text.toLowerCase();
    if (keyword === 'true' || keyword === 'false') return { kind: 'boolean', value: keyword === 'true', start, end };
    if (keyword === 'null') return { kind: 'null', start, end };
    if (keyword === 'nan') return { kind: 'number', value: Number.NaN, text, start, end };
    if (keyword === 'infinity') return { kind: 'number', value: Infinity, text, start, end };
    return { kind: 'variable', name: text, start, end };
  }

  #call(name: string, start: number): ExpressionNode {
    const given: ExpressionNode[] = [];
    if (!this.#sees(')')) {
      do given.push(this.#nested(() => this.#or()));
      while (this.#accept(','));
    }
    const end = this.#expect(')');
    return this.#made({ kind: 'call', name, arguments: given, start, end }, given);
  }

  #nested(read: () => ExpressionNode): ExpressionNode {
    this.#nesting += 1;
    if (this.#nesting > defaultLimits.workflowExpressionDepth) this.#tooDeep();
    const node = read();
    this.#nesting -= 1;
    return node;
  }

  #made<T extends ExpressionNode>(node: T, children: readonly ExpressionNode[]): T {
    const depth = 1 + children.reduce((most, child) => Math.max(most, this.#depths.get(child) ?? 0), 0);
    if (depth > defaultLimits.workflowExpressionDepth) this.#tooDeep();
    this.#depths.set(node, depth);
    return node;
  }

  #token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', start: 0, end: 0 };
  }

  #sees(text: OperatorText): boolean {
    const token = this.#token();
    return token.kind === 'operator' && token.text === text;
  }

  #accept(text: OperatorText): boolean {
    if (!this.#sees(text)) return false;
    this.#at += 1;
    return true;
  }

  /** Offset after the token. */
  #expect(text: OperatorText): number {
    const token = this.#token();
    if (!this.#accept(text)) this.#stop(`"${text}" is expected, not ${described(token)}`);
    return token.end;
  }

  #tooDeep(): never {
    const message = `the expression is nested deeper than ${defaultLimits.workflowExpressionDepth} levels`;
    throw new Stopped({ kind: 'limit', message, offset: this.#token().start });
  }

  #stop(message: string): never {
    throw new Stopped({ kind: 'syntax', message, offset: this.#token().start });
  }
}

function described(token: Token): string {
  if (token.kind === 'end') return 'the end';
  if (token.kind === 'string') return 'a string';
  return `"${token.text}"`;
}
