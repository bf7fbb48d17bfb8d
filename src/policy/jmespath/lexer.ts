// SPDX-License-Identifier: Apache-2.0
// The tokens of a JMESPath expression (grammar of jmespath.org, as go-jmespath reads it), each with its place in the text.
import { JmespathFault } from './fault.ts';

export type TokenKind =
  | 'identifier'
  | 'quoted'
  | 'number'
  | 'literal'
  | 'comparator'
  | '.'
  | '*'
  | '@'
  | '&'
  | '&&'
  | '|'
  | '||'
  | '!'
  | '('
  | ')'
  | '['
  | '[]'
  | '[?'
  | ']'
  | '{'
  | '}'
  | ','
  | ':'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Decoded: the name, the number, the value of a literal, the spelling of a comparator. */
  readonly value: unknown;
  readonly offset: number;
}

const blank = /[ \t\n\r]+/y;
const identifier = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /-?[0-9]+/y;
const symbol = /&&|\|\||\[\?|\[\]|[.*@&|!()[\]{},:]/y;
const comparator = /[=!<>]=|[<>]/y;

/** All tokens, closed by one of kind `end`; a fault for what is no token. */
export function readTokens(text: string): readonly Token[] | JmespathFault {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(blank, text, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const read = readToken(text, at);
    if (read instanceof JmespathFault) return read;
    tokens.push(read.token);
    at = read.end;
  }
  tokens.push({ kind: 'end', value: '', offset: text.length });
  return tokens;
}

interface Read {
  readonly token: Token;
  readonly end: number;
}

function readToken(text: string, at: number): Read | JmespathFault {
  const name = matchAt(identifier, text, at);
  if (name !== undefined) return simple('identifier', name, at);
  const first = text.charAt(at);
  if (first === '"') return readQuoted(text, at);
  if (first === "'") return readRaw(text, at);
  if (first === '`') return readLiteral(text, at);
  const compared = matchAt(comparator, text, at);
  if (compared !== undefined) return simple('comparator', compared, at);
  const mark = matchAt(symbol, text, at);
  if (mark !== undefined) return simple(mark as TokenKind, mark, at);
  const digits = matchAt(number, text, at);
  if (digits === undefined)
    return new JmespathFault('syntax', `Unknown char: ${JSON.stringify(characterAt(text, at))}`, at);
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) return new JmespathFault('syntax', `Number out of range: ${digits}`, at);
  return { token: { kind: 'number', value, offset: at }, end: at + digits.length };
}

function simple(kind: TokenKind, value: string, at: number): Read {
  return { token: { kind, value, offset: at }, end: at + value.length };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

/** The index of the closing delimiter, or -1; a backslash protects the character after it. */
function closing(text: string, at: number): number {
  const delimiter = text.charAt(at);
  for (let index = at + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === delimiter) return index;
    if (character === '\\') index += 1;
  }
  return -1;
}

function readQuoted(text: string, at: number): Read | JmespathFault {
  const end = closing(text, at);
  if (end === -1) return new JmespathFault('syntax', 'Unclosed delimiter: "', at);
  const value = parseJsonText(text.slice(at, end + 1));
  if (typeof value !== 'string') return new JmespathFault('syntax', 'Invalid quoted identifier', at);
  return { token: { kind: 'quoted', value, offset: at }, end: end + 1 };
}

/** Only `\'` is an escape in a raw string; other backslashes stand for themselves (jmespath.org, raw string literals). */
function readRaw(text: string, at: number): Read | JmespathFault {
  const end = closing(text, at);
  if (end === -1) return new JmespathFault('syntax', "Unclosed delimiter: '", at);
  const value = text.slice(at + 1, end).replaceAll("\\'", "'");
  return { token: { kind: 'literal', value, offset: at }, end: end + 1 };
}

function readLiteral(text: string, at: number): Read | JmespathFault {
  const end = closing(text, at);
  if (end === -1) return new JmespathFault('syntax', 'Unclosed delimiter: `', at);
  const source = text
    .slice(at + 1, end)
    .replaceAll('\\`', '`')
    .trim();
  const json = parseJsonText(source);
  const value = json === undefined ? legacyText(source) : json;
  if (value === undefined) return new JmespathFault('syntax', 'Invalid literal', at);
  return { token: { kind: 'literal', value, offset: at }, end: end + 1 };
}

/** The form before JEP 12: text between backticks that is not JSON is a string. What begins like JSON must be JSON. */
function legacyText(source: string): string | undefined {
  if (source === '' || /^["[{]/.test(source)) return undefined;
  const value = parseJsonText(`"${source}"`);
  return typeof value === 'string' ? value : undefined;
}

function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
