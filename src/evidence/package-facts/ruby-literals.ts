// SPDX-License-Identifier: Apache-2.0
// Ruby string literals and lists of them at the beginning of an expression: 'a', "a\n", %q(a), %w[a b], ["a".freeze, 'b'].

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', s: ' ', '0': '\0', e: '\u001B' };

/**
 * The strings the expression begins with: one for a string, several for a list (or for arguments separated by commas).
 * Empty when it begins with something else. `.freeze` and other parameterless calls after a string are passed over.
 */
export function readRubyStrings(expression: string): string[] {
  const reader = new LiteralReader(expression);
  reader.skip(/[\s]/);
  if (reader.peek() === '(') reader.at += 1;
  const isList = reader.peek() === '[';
  if (isList) reader.at += 1;
  const strings: string[] = [];
  for (;;) {
    reader.skip(isList ? /\s/ : /[ \t]/);
    const found = reader.literal();
    if (found === undefined) return strings;
    strings.push(...found);
    reader.calls();
    reader.skip(isList ? /\s/ : /[ \t]/);
    if (reader.peek() !== ',') return strings;
    reader.at += 1;
    reader.skip(/\s/);
  }
}

class LiteralReader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): string {
    return this.#text.charAt(this.at);
  }

  skip(what: RegExp): void {
    while (this.at < this.#text.length && what.test(this.peek())) this.at += 1;
  }

  /** Passes over `.freeze`, `.strip` and the like. */
  calls(): void {
    for (;;) {
      const call = /^\.[a-z_]{1,30}(?![a-z_(])/.exec(this.#text.slice(this.at, this.at + 40));
      if (call === null) return;
      this.at += call[0].length;
    }
  }

  literal(): string[] | undefined {
    const quote = this.peek();
    if (quote === '"' || quote === "'") {
      this.at += 1;
      const text = this.#until(quote, quote, quote === '"');
      return text === undefined ? undefined : [text];
    }
    const percent = /^%([qQwWiI]?)([([{<|!/])/.exec(this.#text.slice(this.at, this.at + 3));
    if (percent === null) return undefined;
    const [whole, kind = '', open = ''] = percent;
    this.at += whole.length;
    const text = this.#until(closers[open] ?? open, open, kind === '' || /[QWI]/.test(kind));
    if (text === undefined) return undefined;
    return /[wWiI]/.test(kind) ? text.split(/\s+/).filter((word) => word !== '') : [text];
  }

  #until(close: string, open: string, interpolated: boolean): string | undefined {
    let depth = 1;
    let out = '';
    while (this.at < this.#text.length) {
      const character = this.peek();
      this.at += 1;
      if (character === '\\') out += this.#escape(interpolated);
      else if (character === close && (depth -= 1) === 0) return out;
      else {
        if (character === open && open !== close) depth += 1;
        out += character;
      }
    }
    return undefined;
  }

  #escape(interpolated: boolean): string {
    const next = this.peek();
    this.at += 1;
    if (!interpolated) return next === "'" || next === '\\' ? next : `\\${next}`;
    if (next !== 'u') return escapes[next] ?? next;
    const code = /^(?:([0-9A-Fa-f]{4})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.#text.slice(this.at, this.at + 8));
    if (code === null) return 'u';
    this.at += code[0].length;
    const point = Number.parseInt(code[1] ?? code[2] ?? '', 16);
    return point > 0x10ffff ? '\uFFFD' : String.fromCodePoint(point);
  }
}
