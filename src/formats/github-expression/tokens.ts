// SPDX-License-Identifier: Apache-2.0
// Tokens of GitHub Actions expressions. Linear in the text; where it cannot go on it says so and where.
import type { ExpressionFault } from './ast.ts';

export type OperatorText =
  | '('
  | ')'
  | '['
  | ']'
  | '.'
  | ','
  | '*'
  | '!'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||';

export type Token =
  | { readonly kind: 'name'; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'number';
      readonly value: number;
      readonly text: string;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'string'; readonly value: string; readonly start: number; readonly end: number }
  | { readonly kind: 'operator'; readonly text: OperatorText; readonly start: number; readonly end: number }
  | { readonly kind: 'end'; readonly start: number; readonly end: number };

export interface LexedExpression {
  /** The last is of kind `end`, unless there is a fault. */
  readonly tokens: readonly Token[];
  readonly fault?: ExpressionFault;
  /** Offset after `}}`, or the length of the text when nothing closed it. */
  readonly end: number;
}

const blank = /[ \t\r\n]+/y;
const name = /[A-Za-z_][\w-]*/y;
const number = /-?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const string = /'(?:[^']|'')*'/y;
const operator = /==|!=|<=|>=|&&|\|\||[()[\].,*!<>]/y;

/** How the text ends: with its last character, or with `}}`, which must be there. */
export type Closing = 'end-of-text' | 'braces';

/** Cuts the text from offset `from` on, which stands after `${{` where `closing` is `braces`. All offsets are relative to `from`. */
export function lexExpression(text: string, from: number, closing: Closing): LexedExpression {
  const tokens: Token[] = [];
  let at = from;
  for (;;) {
    at = matchAt(blank, text, at) ?? at;
    if (at >= text.length) break;
    if (text.startsWith('}}', at) && closing === 'braces') {
      tokens.push({ kind: 'end', start: at - from, end: at - from });
      return { tokens, end: at + 2 };
    }
    const token = tokenAt(text, at, from);
    if ('message' in token) return { tokens, fault: token, end: text.length };
    tokens.push(token);
    at = from + token.end;
  }
  if (closing === 'braces') {
    const message = 'the expression is not closed: "}}" is missing';
    return { tokens, fault: { kind: 'syntax', message, offset: text.length - from }, end: text.length };
  }
  tokens.push({ kind: 'end', start: text.length - from, end: text.length - from });
  return { tokens, end: text.length };
}

function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function tokenAt(text: string, at: number, from: number): Token | ExpressionFault {
  const start = at - from;
  const afterName = matchAt(name, text, at);
  if (afterName !== undefined) return { kind: 'name', text: text.slice(at, afterName), start, end: afterName - from };
  const afterNumber = matchAt(number, text, at);
  if (afterNumber !== undefined) return numberToken(text, at, afterNumber, from);
  if (text[at] === "'") {
    const afterString = matchAt(string, text, at);
    if (afterString === undefined) return { kind: 'syntax', message: 'the string is not closed', offset: start };
    const value = text.slice(at + 1, afterString - 1).replaceAll("''", "'");
    return { kind: 'string', value, start, end: afterString - from };
  }
  const afterOperator = matchAt(operator, text, at);
  if (afterOperator !== undefined)
    return { kind: 'operator', text: text.slice(at, afterOperator) as OperatorText, start, end: afterOperator - from };
  const hint = text[at] === '"' ? '; strings stand in single quotes' : '';
  return { kind: 'syntax', message: `unexpected character ${JSON.stringify(text[at])}${hint}`, offset: start };
}

function numberToken(text: string, at: number, after: number, from: number): Token | ExpressionFault {
  const written = text.slice(at, after);
  const next = text[after];
  if (next !== undefined && /[\w.]/.test(next))
    return { kind: 'syntax', message: `"${written}${next}" begins like a number and is none`, offset: at - from };
  const isNegative = written.startsWith('-');
  const magnitude = Number(isNegative ? written.slice(1) : written);
  const value = isNegative ? -magnitude : magnitude;
  return { kind: 'number', value, text: written, start: at - from, end: after - from };
}
