// SPDX-License-Identifier: Apache-2.0
// Tokens of CEL (langdef.md, Syntax): names, reserved words, numbers, strings with all their escapes, bytes, operators. Linear in the text.

import { decodeBytesLiteral, decodeStringLiteral } from './string-literal.ts';

export type Token =
  | {
      readonly kind: 'name';
      readonly text: string;
      readonly form: 'plain' | 'quoted';
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'int' | 'uint'; readonly value: bigint; readonly start: number; readonly end: number }
  | { readonly kind: 'double'; readonly value: number; readonly start: number; readonly end: number }
  | { readonly kind: 'string'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly start: number; readonly end: number }
  | { readonly kind: 'operator'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'end'; readonly start: number; readonly end: number };

export interface SyntaxFault {
  readonly message: string;
  readonly offset: number;
}

export type Lexed =
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[] }
  | { readonly kind: 'fault'; readonly fault: SyntaxFault };

const blank = /[ \t\n\f\r]+|\/\/[^\n]*/y;
const name = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const quotedName = /`([a-zA-Z0-9_.\-/ ]+)`/y;
const number =
  /0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+\.[0-9]+|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|[0-9]+[uU]?/y;
const stringStart = /(?:[rR][bB]?|[bB][rR]?)?(?:"""|'''|"|')/y;
const operator = /==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}]/y;

/** Cuts a text into tokens, the last of kind `end`; or says where it cannot. */
export function lexCel(text: string): Lexed {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = skipBlanks(text, at);
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    if ('message' in token) return { kind: 'fault', fault: token };
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return { kind: 'tokens', tokens };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (let end = matchAt(blank, text, at); end !== undefined; end = matchAt(blank, text, at)) at = end;
  return at;
}

function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function tokenAt(text: string, start: number): Token | SyntaxFault {
  const opening = matchAt(stringStart, text, start);
  if (opening !== undefined) return stringToken(text, start, opening);
  const afterName = matchAt(name, text, start);
  if (afterName !== undefined)
    return { kind: 'name', text: text.slice(start, afterName), form: 'plain', start, end: afterName };
  const afterNumber = matchAt(number, text, start);
  if (afterNumber !== undefined) return numberToken(text.slice(start, afterNumber), start);
  const afterQuoted = matchAt(quotedName, text, start);
  if (afterQuoted !== undefined)
    return { kind: 'name', text: text.slice(start + 1, afterQuoted - 1), form: 'quoted', start, end: afterQuoted };
  const afterOperator = matchAt(operator, text, start);
  if (afterOperator !== undefined)
    return { kind: 'operator', text: text.slice(start, afterOperator), start, end: afterOperator };
  return { message: `unexpected character ${JSON.stringify(text.charAt(start))}`, offset: start };
}

function numberToken(text: string, start: number): Token {
  const end = start + text.length;
  const isHexadecimal = /^0[xX]/.test(text);
  if (!isHexadecimal && /[.eE]/.test(text)) return { kind: 'double', value: Number(text), start, end };
  const isUnsigned = /[uU]$/.test(text);
  const value = BigInt(isUnsigned ? text.slice(0, -1) : text);
  return { kind: isUnsigned ? 'uint' : 'int', value, start, end };
}

function stringToken(text: string, start: number, opening: number): Token | SyntaxFault {
  const head = text.slice(start, opening);
  const quote = head.replace(/^[rRbB]+/, '');
  const prefix = head.slice(0, head.length - quote.length).toLowerCase();
  const close = endOfString(text, { from: opening, quote, escapes: prefix.includes('r') ? 'none' : 'read' });
  if (close === undefined) return { message: 'unterminated string', offset: start };
  const body = text.slice(opening, close);
  const end = close + quote.length;
  const isRaw = prefix.includes('r');
  if (prefix.includes('b')) {
    const bytes = isRaw ? new TextEncoder().encode(body) : decodeBytesLiteral(body);
    return 'message' in bytes
      ? { message: bytes.message, offset: opening + bytes.offset }
      : { kind: 'bytes', bytes, start, end };
  }
  const decoded = isRaw ? { text: body } : decodeStringLiteral(body);
  return 'message' in decoded
    ? { message: decoded.message, offset: opening + decoded.offset }
    : { kind: 'string', text: decoded.text, start, end };
}

interface StringShape {
  readonly from: number;
  readonly quote: string;
  readonly escapes: 'read' | 'none';
}

function endOfString(text: string, { from, quote, escapes }: StringShape): number | undefined {
  const isLong = quote.length === 3;
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith(quote, at)) return at;
    const character = text.charAt(at);
    if (character === '\\' && escapes === 'read') at += 1;
    else if (!isLong && (character === '\n' || character === '\r')) return undefined;
  }
  return undefined;
}
