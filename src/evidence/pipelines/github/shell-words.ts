// SPDX-License-Identifier: Apache-2.0
// Cuts a script of a POSIX shell or of PowerShell into words and operators. No expansion and no evaluation; linear in the text.

export type ShellDialect = 'posix' | 'powershell';

export interface ShellWord {
  readonly kind: 'word';
  /** As written, quotes included. */
  readonly raw: string;
  /** Without quotes; expansions as written. */
  readonly text: string;
  /** Holds no expansion, substitution or template. */
  readonly isLiteral: boolean;
  readonly start: number;
  readonly end: number;
  /** Scripts of command substitutions in it. */
  readonly inner: readonly { readonly start: number; readonly end: number }[];
}

export interface ShellOperator {
  readonly kind: 'operator';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type ShellToken = ShellWord | ShellOperator;

const operators = [
  '&&',
  '||',
  ';;',
  '|&',
  '&>>',
  '&>',
  '>>',
  '>&',
  '>|',
  '<<<',
  '<<-',
  '<<',
  '<&',
  '>',
  '<',
  '|',
  '&',
  ';',
  '(',
  ')',
  '\n',
];

/** All tokens of a part of a script. */
export function shellTokens(
  script: string,
  dialect: ShellDialect,
  within: { start: number; end: number },
): ShellToken[] {
  return new ShellLexer(script, dialect, within).tokens();
}

class ShellLexer {
  readonly #script: string;
  readonly #dialect: ShellDialect;
  readonly #end: number;
  readonly #tokens: ShellToken[] = [];
  /** Here-documents that begin at the next line. */
  #pending: { readonly delimiter: string; readonly stripsTabs: boolean }[] = [];
  #at: number;

  constructor(script: string, dialect: ShellDialect, within: { start: number; end: number }) {
    this.#script = script;
    this.#dialect = dialect;
    this.#at = within.start;
    this.#end = within.end;
  }

  tokens(): ShellToken[] {
    while (this.#at < this.#end) {
      if (this.#skipBlank()) continue;
      const operator = this.#operator();
      if (operator === undefined) this.#word();
      else this.#take(operator);
    }
    return this.#tokens;
  }

  #skipBlank(): boolean {
    const character = this.#script.charAt(this.#at);
    if (character === ' ' || character === '\t' || character === '\r') {
      this.#at += 1;
      return true;
    }
    const escape = this.#dialect === 'posix' ? '\\' : '`';
    if (character === escape && /^\r?\n/.test(this.#script.slice(this.#at + 1, this.#at + 3))) {
      this.#at += this.#script.charAt(this.#at + 1) === '\r' ? 3 : 2;
      return true;
    }
    if (this.#dialect === 'powershell' && this.#script.startsWith('<#', this.#at)) {
      const end = this.#script.indexOf('#>', this.#at);
      this.#at = end === -1 ? this.#end : end + 2;
      return true;
    }
    if (character !== '#') return false;
    const lineEnd = this.#script.indexOf('\n', this.#at);
    this.#at = lineEnd === -1 ? this.#end : Math.min(lineEnd, this.#end);
    return true;
  }

  #operator(): string | undefined {
    if (this.#dialect === 'powershell') {
      const character = this.#script.charAt(this.#at);
      if (character === '{' || character === '}') return character;
      if (/^[*1-6]>/.test(this.#script.slice(this.#at, this.#at + 2)))
        return this.#script.slice(this.#at, this.#at + 2);
    }
    const operator = operators.find((text) => this.#script.startsWith(text, this.#at));
    // `1>file`, `2>&1`: the number belongs to the redirection and is read as a word before it, which does no harm.
    return operator;
  }

  #take(text: string): void {
    const start = this.#at;
    this.#at += text.length;
    this.#tokens.push({ kind: 'operator', text, start, end: this.#at });
    if (text === '\n') this.#skipHereDocuments();
    if ((text === '<<' || text === '<<-') && this.#dialect === 'posix') this.#hereDocument(text === '<<-');
  }

  #hereDocument(stripsTabs: boolean): void {
    while (this.#script.charAt(this.#at) === ' ') this.#at += 1;
    const before = this.#tokens.length;
    this.#word();
    const word = this.#tokens[before];
    if (word?.kind === 'word' && word.text !== '') this.#pending.push({ delimiter: word.text, stripsTabs });
  }

  #skipHereDocuments(): void {
    for (const { delimiter, stripsTabs } of this.#pending) {
      for (;;) {
        const lineEnd = this.#script.indexOf('\n', this.#at);
        const line = this.#script.slice(this.#at, lineEnd === -1 || lineEnd > this.#end ? this.#end : lineEnd);
        const content = stripsTabs ? line.replace(/^\t+/, '') : line;
        this.#at = lineEnd === -1 || lineEnd > this.#end ? this.#end : lineEnd + 1;
        if (content.trimEnd() === delimiter || this.#at >= this.#end) break;
      }
    }
    this.#pending = [];
  }

  #word(): void {
    const start = this.#at;
    const word = { text: '', isLiteral: true, inner: [] as { start: number; end: number }[] };
    while (this.#at < this.#end && !this.#atWordEnd()) this.#piece(word);
    if (this.#at === start) this.#at += 1;
    this.#tokens.push({ kind: 'word', raw: this.#script.slice(start, this.#at), start, end: this.#at, ...word });
  }

  #atWordEnd(): boolean {
    const character = this.#script.charAt(this.#at);
    if (/[\s;&|()<>]/.test(character)) return true;
    return this.#dialect === 'powershell' && (character === '{' || character === '}');
  }

  #piece(word: { text: string; isLiteral: boolean; inner: { start: number; end: number }[] }): void {
    const character = this.#script.charAt(this.#at);
    const escape = this.#dialect === 'posix' ? '\\' : '`';
    if (character === "'") return this.#singleQuoted(word);
    if (character === '"') return this.#doubleQuoted(word);
    if (character === escape) {
      const next = this.#script.charAt(this.#at + 1);
      const isLineEnd = next === '\n' || next === '\r';
      if (!isLineEnd) word.text += next;
      this.#at = Math.min(this.#end, this.#at + (next === '\r' ? 3 : 2));
      return;
    }
    if (character === '$' || (character === '`' && this.#dialect === 'posix')) return this.#expansion(word);
    word.text += character;
    this.#at += 1;
  }

  #singleQuoted(word: { text: string; isLiteral: boolean }): void {
    const close = this.#script.indexOf("'", this.#at + 1);
    const end = close === -1 || close >= this.#end ? this.#end : close;
    const content = this.#script.slice(this.#at + 1, end);
    if (content.includes('${{')) word.isLiteral = false;
    word.text += content;
    this.#at = Math.min(this.#end, end + 1);
  }

  #doubleQuoted(word: { text: string; isLiteral: boolean; inner: { start: number; end: number }[] }): void {
    const escape = this.#dialect === 'posix' ? '\\' : '`';
    this.#at += 1;
    while (this.#at < this.#end && this.#script.charAt(this.#at) !== '"') {
      const character = this.#script.charAt(this.#at);
      if (character === escape) {
        word.text += this.#script.slice(this.#at, this.#at + 2);
        this.#at += 2;
      } else if (character === '$' || (character === '`' && this.#dialect === 'posix')) this.#expansion(word);
      else {
        word.text += character;
        this.#at += 1;
      }
    }
    this.#at = Math.min(this.#end, this.#at + 1);
  }

  /** `$NAME`, `${...}`, `$(...)`, back quotes and `${{ ... }}`. */
  #expansion(word: { text: string; isLiteral: boolean; inner: { start: number; end: number }[] }): void {
    const start = this.#at;
    word.isLiteral = false;
    if (this.#script.startsWith('${{', start)) this.#at = this.#after('}}', start + 3);
    else if (this.#script.startsWith('$(', start)) {
      this.#at = this.#closing(start + 1, '(', ')');
      word.inner.push({ start: start + 2, end: Math.max(start + 2, this.#at - 1) });
    } else if (this.#script.startsWith('${', start)) this.#at = this.#closing(start + 1, '{', '}');
    else if (this.#script.charAt(start) === '`') {
      this.#at = this.#after('`', start + 1);
      word.inner.push({ start: start + 1, end: Math.max(start + 1, this.#at - 1) });
    } else this.#at = start + 1;
    word.text += this.#script.slice(start, this.#at);
  }

  #after(closing: string, from: number): number {
    const at = this.#script.indexOf(closing, from);
    return at === -1 ? this.#end : Math.min(this.#end, at + closing.length);
  }

  /** The offset after the bracket that closes the one at `from`; quotes are skipped. */
  #closing(from: number, open: string, close: string): number {
    let depth = 0;
    for (let at = from; at < this.#end; at += 1) {
      const character = this.#script.charAt(at);
      if (character === '\\') at += 1;
      else if (character === "'" && open === '(') {
        const quote = this.#script.indexOf("'", at + 1);
        if (quote !== -1 && quote < this.#end) at = quote;
      } else if (character === open) depth += 1;
      else if (character === close) {
        depth -= 1;
        if (depth === 0) return at + 1;
      }
    }
    return this.#end;
  }
}
