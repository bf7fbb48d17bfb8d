// SPDX-License-Identifier: Apache-2.0
// The text format of protocol buffers (protobuf.dev/reference/protobuf/textformat-spec) as plain messages. Knows nothing of schemas.
import type { Problem } from '../../model/problem.ts';
import { syntaxProblem } from '../text.ts';

export interface TextMessage {
  readonly kind: 'message';
  readonly fields: readonly TextField[];
}

export interface TextScalar {
  /** `word`: an enumeration value, true, false, inf, nan. */
  readonly kind: 'string' | 'number' | 'word';
  readonly text: string;
}

export interface TextField {
  readonly name: string;
  readonly value: TextMessage | TextScalar;
  readonly line: number;
}

export interface TextDocument {
  readonly message: TextMessage;
  readonly problems: readonly Problem[];
}

interface Token {
  readonly kind: 'mark' | 'string' | 'number' | 'word';
  readonly text: string;
  readonly line: number;
}

class TextSyntaxError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const maximumDepth = 200;

/** Reads one message. Never throws; after an error what was read before it is kept. */
export function parseTextproto(text: string, path: string): TextDocument {
  const fields: TextField[] = [];
  try {
    const tokens = tokenize(text);
    new Parser(tokens).readFields(fields, undefined, 0);
  } catch (error) {
    if (!(error instanceof TextSyntaxError)) throw error;
    return { message: { kind: 'message', fields }, problems: [syntaxProblem(path, error.message, error.line)] };
  }
  return { message: { kind: 'message', fields }, problems: [] };
}

const tokenPattern =
  /(?<blank>[ \t\r\f\v]+)|(?<newline>\n)|(?<comment>#[^\n]*)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<number>(?:0[xX][0-9A-Fa-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)[fF]?)|(?<quote>["'])|(?<mark>[{}<>[\]:;,.\-/])/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let index = 0;
  while (index < text.length) {
    tokenPattern.lastIndex = index;
    const match = tokenPattern.exec(text);
    if (match?.groups === undefined)
      throw new TextSyntaxError(`unexpected ${JSON.stringify(text.charAt(index))}`, line);
    const { newline, word, number, quote, mark } = match.groups;
    if (quote !== undefined) {
      const end = endOfQuoted(text, index, line);
      tokens.push({ kind: 'string', text: unescape(text.slice(index + 1, end), line), line });
      index = end + 1;
      continue;
    }
    if (newline !== undefined) line += 1;
    if (word !== undefined) tokens.push({ kind: 'word', text: word, line });
    if (number !== undefined) tokens.push({ kind: 'number', text: number, line });
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, line });
    index = tokenPattern.lastIndex;
  }
  return tokens;
}

function endOfQuoted(text: string, start: number, line: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === quote) return at;
    if (character === '\n') break;
    if (character === '\\') at += 1;
  }
  throw new TextSyntaxError('a string is not closed on its line', line);
}

const plainEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Octal and hexadecimal escapes are bytes of UTF-8, as the format says. */
function unescape(text: string, line: number): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const pattern =
    /\\(?:(?<octal>[0-7]{1,3})|[xX](?<hex>[0-9A-Fa-f]{1,2})|u(?<short>[0-9A-Fa-f]{4})|U(?<long>[0-9A-Fa-f]{8})|(?<plain>[^]))|(?<run>[^\\]+)|(?<lone>\\)/gy;
  for (const { groups } of text.matchAll(pattern)) {
    const { octal, hex, short, long, plain, run } = groups ?? {};
    const point = short ?? long;
    if (run !== undefined) for (const byte of encoder.encode(run)) bytes.push(byte);
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (point !== undefined) {
      const code = Number.parseInt(point, 16);
      if (code > 0x10ffff) throw new TextSyntaxError('an escape names no character', line);
      for (const byte of encoder.encode(String.fromCodePoint(code))) bytes.push(byte);
    } else for (const byte of encoder.encode(plainEscapes[plain ?? ''] ?? plain ?? '')) bytes.push(byte);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  #fail(message: string): never {
    throw new TextSyntaxError(message, (this.#tokens[this.#at] ?? this.#tokens.at(-1))?.line ?? 1);
  }

  #peek(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'mark' && token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#peek(text)) return false;
    this.#at += 1;
    return true;
  }

  /** Reads fields until the closing mark, or until the end of the text when there is none. */
  readFields(fields: TextField[], close: string | undefined, depth: number): void {
    if (depth > maximumDepth) this.#fail(`nested more than ${maximumDepth} levels deep`);
    while (close === undefined ? this.#at < this.#tokens.length : !this.#take(close)) {
      const token = this.#tokens[this.#at];
      if (token === undefined) this.#fail(`the text ends before "${close}"`);
      if (token.kind !== 'word') this.#fail(`a field name is expected, not "${token.text}"`);
      this.#at += 1;
      const hasColon = this.#take(':');
      if (this.#take('[')) this.#readList(fields, token, depth);
      else fields.push({ name: token.text, value: this.#readValue(hasColon, depth), line: token.line });
      if (!this.#take(',')) this.#take(';');
    }
  }

  #readList(fields: TextField[], name: Token, depth: number): void {
    if (this.#take(']')) return;
    do {
      const { line } = this.#tokens[this.#at] ?? name;
      fields.push({ name: name.text, value: this.#readValue(true, depth), line });
    } while (this.#take(','));
    if (!this.#take(']')) this.#fail('a list is not closed');
  }

  #readValue(hasColon: boolean, depth: number): TextMessage | TextScalar {
    const close = this.#take('{') ? '}' : this.#take('<') ? '>' : undefined;
    if (close !== undefined) {
      const fields: TextField[] = [];
      this.readFields(fields, close, depth + 1);
      return { kind: 'message', fields };
    }
    if (!hasColon) this.#fail('a colon or an opening brace is expected after a field name');
    const sign = this.#take('-') ? '-' : '';
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === 'mark') this.#fail('a value is expected');
    this.#at += 1;
    if (token.kind !== 'string') return { kind: token.kind, text: sign + token.text };
    let text = token.text;
    for (let next = this.#tokens[this.#at]; next?.kind === 'string'; next = this.#tokens[this.#at]) {
      text += next.text;
      this.#at += 1;
    }
    return { kind: 'string', text };
  }
}
