// SPDX-License-Identifier: Apache-2.0
// Tokens of Groovy, as far as build scripts need them: names, numbers, strings of all six kinds, signs, line ends. Linear in the length of the text.
// https://groovy-lang.org/syntax.html

export interface GroovyToken {
  readonly kind: 'name' | 'number' | 'string' | 'sign' | 'line end';
  /** Of a string its content with the escapes resolved. */
  readonly text: string;
  /** A string in which `$name` and `${...}` are replaced. */
  readonly interpolated: boolean;
  readonly start: number;
  readonly end: number;
}

export interface GroovyTokens {
  readonly tokens: readonly GroovyToken[];
  /** Offset of a string or comment that does not end. */
  readonly unclosed: number | undefined;
}

const name = /[A-Za-z_$][\w$]*/y;
const number = /[0-9][\w.]*/y;

const stringForms = [
  { open: "'''", close: "'''", interpolated: false },
  { open: '"""', close: '"""', interpolated: true },
  { open: "'", close: "'", interpolated: false },
  { open: '"', close: '"', interpolated: true },
  { open: '$/', close: '/$', interpolated: true },
] as const;

export function groovyTokens(text: string): GroovyTokens {
  const tokens: GroovyToken[] = [];
  let at = text.startsWith('#!') ? endOfLine(text, 0) : 0;
  let unclosed: number | undefined;
  const push = (kind: GroovyToken['kind'], end: number, content = text.slice(at, end), interpolated = false): void => {
    tokens.push({ kind, text: content, interpolated, start: at, end });
    at = end;
  };
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '\n') push('line end', at + 1);
    else if (character === '\\' && /^\r?\n/.test(text.slice(at + 1, at + 3))) at = text.indexOf('\n', at) + 1;
    else if (/\s/.test(character)) at += 1;
    else if (text.startsWith('//', at)) at = endOfLine(text, at);
    else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end === -1) unclosed ??= at;
      at = end === -1 ? text.length : end + 2;
    } else {
      const form = stringForms.find(({ open }) => text.startsWith(open, at)) ?? slashy(text, at, tokens.at(-1));
      if (form !== undefined) {
        const end = endOfString(text, at + form.open.length, form.close);
        if (end === undefined) unclosed ??= at;
        const stop = end ?? (form.open.length === 3 ? text.length : endOfLine(text, at));
        push(
          'string',
          Math.min(text.length, end === undefined ? stop : end + form.close.length),
          unescape(text.slice(at + form.open.length, stop), form.open),
          form.interpolated,
        );
      } else push(...word(text, at));
    }
  }
  return { tokens, unclosed };
}

function word(text: string, at: number): [kind: GroovyToken['kind'], end: number] {
  for (const [kind, pattern] of [
    ['name', name],
    ['number', number],
  ] as const) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return [kind, pattern.lastIndex];
  }
  return ['sign', at + 1];
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** A slash begins a string where a value is expected; elsewhere it divides. */
function slashy(
  text: string,
  at: number,
  before: GroovyToken | undefined,
): { open: string; close: string; interpolated: boolean } | undefined {
  if (text.charAt(at) !== '/') return undefined;
  const isValue =
    before === undefined ||
    before.kind === 'line end' ||
    (before.kind === 'sign' && '(,=:[!&|?{};+~'.includes(before.text));
  const end = isValue ? text.indexOf('/', at + 1) : -1;
  return end !== -1 && end < endOfLine(text, at) ? { open: '/', close: '/', interpolated: true } : undefined;
}

function endOfString(text: string, from: number, close: string): number | undefined {
  const stop = close.length === 1 && close !== '/' ? endOfLine(text, from) : text.length;
  for (let at = from; at < stop; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.startsWith(close, at)) return at;
  }
  return undefined;
}

function unescape(content: string, open: string): string {
  if (open === '/' || open === '$/') return content.replaceAll('\\/', '/');
  return content.replace(/\\(\r?\n|[\s\S])/g, (_, character: string) => {
    if (character === 'n') return '\n';
    if (character === 't') return '\t';
    return character.includes('\n') ? '' : character;
  });
}
