// SPDX-License-Identifier: Apache-2.0
// Escapes in string and bytes literals (langdef.md, String and Bytes Values).

export interface EscapeFault {
  readonly message: string;
  readonly offset: number;
}

const single: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};

const numeric = /x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}/y;

interface Escape {
  readonly code: number;
  readonly end: number;
  readonly form: 'single' | 'byte' | 'unicode';
}

function escapeAt(body: string, backslash: number): Escape | EscapeFault {
  const letter = body.charAt(backslash + 1);
  const plain = single[letter];
  if (plain !== undefined) return { code: plain.charCodeAt(0), end: backslash + 2, form: 'single' };
  numeric.lastIndex = backslash + 1;
  const digits = numeric.exec(body)?.[0];
  if (digits === undefined) return { message: `unknown escape \\${letter}`, offset: backslash };
  const end = backslash + 1 + digits.length;
  if (/^[0-3]/.test(digits)) return { code: Number.parseInt(digits, 8), end, form: 'byte' };
  const code = Number.parseInt(digits.slice(1), 16);
  return { code, end, form: /^x/i.test(digits) ? 'byte' : 'unicode' };
}

/** Text of a literal without its quotes; numeric escapes are code points. */
export function decodeStringLiteral(body: string): { readonly text: string } | EscapeFault {
  let text = '';
  let from = 0;
  for (let at = body.indexOf('\\'); at !== -1; at = body.indexOf('\\', from)) {
    const escape = escapeAt(body, at);
    if ('message' in escape) return escape;
    const isSurrogate = escape.code >= 0xd800 && escape.code <= 0xdfff;
    if (isSurrogate || escape.code > 0x10ffff) return { message: 'not a Unicode code point', offset: at };
    text += body.slice(from, at) + String.fromCodePoint(escape.code);
    from = escape.end;
  }
  return { text: text + body.slice(from) };
}

/** Bytes of a literal without its quotes: UTF-8 of what is written, single bytes for \x and octal escapes. */
export function decodeBytesLiteral(body: string): Uint8Array | EscapeFault {
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let from = 0;
  for (let at = body.indexOf('\\'); at !== -1; at = body.indexOf('\\', from)) {
    const escape = escapeAt(body, at);
    if ('message' in escape) return escape;
    if (escape.form === 'unicode') return { message: 'no Unicode escapes in bytes', offset: at };
    parts.push(encoder.encode(body.slice(from, at)), Uint8Array.of(escape.code));
    from = escape.end;
  }
  parts.push(encoder.encode(body.slice(from)));
  return new Uint8Array(Buffer.concat(parts));
}
