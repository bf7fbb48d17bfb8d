// SPDX-License-Identifier: Apache-2.0
// Simple commands of a shell script, as far as one can tell without running it: what stands between `&&`, `||`, `;`, `|` and line ends, taken apart
// into words. Quotes are resolved, substitutions stay as written, and commands inside `$(...)` come as commands of their own.
// POSIX shell command language 2.3 to 2.9; here-documents, functions and case patterns are read as plain text.

export type ShellOperator = 'start' | '&&' | '||' | ';' | '|' | '&' | 'newline' | 'substitution';

export interface ShellCommand {
  /** Without assignments before the name and without reserved words such as `then`. Never empty. */
  readonly words: readonly string[];
  /** `NAME=value` before the name. */
  readonly assignments: readonly string[];
  /** What stands between the command and the one before. */
  readonly after: ShellOperator;
}

export interface ShellReadOptions {
  /** Commands and characters that are read at most. */
  readonly commands: number;
  readonly characters: number;
}

const defaults: ShellReadOptions = { commands: 5000, characters: 1_000_000 };
const deepest = 8;

const reserved = new Set([
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'while',
  'until',
  'do',
  'done',
  '{',
  '}',
  '!',
  'time',
  '(',
  ')',
]);

/** Reads commands from left to right. Never throws; what is not closed ends with the text. Linear for each level of substitution. */
export function readShellCommands(text: string, options: ShellReadOptions = defaults): readonly ShellCommand[] {
  const reader = new ShellReader(text.slice(0, options.characters), options.commands, 0);
  return reader.read();
}

class ShellReader {
  readonly #text: string;
  readonly #most: number;
  readonly #depth: number;
  readonly #commands: ShellCommand[] = [];
  readonly #inner: string[] = [];
  #words: string[] = [];
  #word: string | undefined;
  #after: ShellOperator = 'start';
  #at = 0;

  constructor(text: string, most: number, depth: number) {
    this.#text = text;
    this.#most = most;
    this.#depth = depth;
  }

  read(): readonly ShellCommand[] {
    while (this.#at < this.#text.length && this.#commands.length < this.#most) this.#step(this.#text.charAt(this.#at));
    this.#endCommand('newline');
    if (this.#depth >= deepest) return this.#commands;
    const rest = this.#most - this.#commands.length;
    for (const text of this.#inner) {
      const read = new ShellReader(text, Math.max(0, rest), this.#depth + 1).read();
      this.#commands.push(
        ...read.map((command) =>
          command.after === 'start' ? { ...command, after: 'substitution' as const } : command,
        ),
      );
      if (this.#commands.length >= this.#most) break;
    }
    return this.#commands;
  }

  #step(character: string): void {
    switch (character) {
      case '\\':
        return this.#escaped();
      case "'":
        return this.#quoted("'");
      case '"':
        return this.#quoted('"');
      case '`':
        return this.#substitution('`', this.#text.indexOf('`', this.#at + 1), 1);
      case '$':
        if (this.#text.charAt(this.#at + 1) === '(')
          return this.#substitution('$(', closing(this.#text, this.#at + 1), 2);
        return this.#plain(character);
      case '#':
        if (this.#word === undefined) return this.#comment();
        return this.#plain(character);
      case ' ':
      case '\t':
      case '\r':
        this.#endWord();
        this.#at += 1;
        return;
      case '\n':
      case ';':
        return this.#operator(character === ';' ? ';' : 'newline', 1);
      case '&':
        return this.#ampersand();
      case '|':
        return this.#operator(
          this.#text.charAt(this.#at + 1) === '|' ? '||' : '|',
          this.#text.charAt(this.#at + 1) === '|' ? 2 : 1,
        );
      case '(':
      case ')':
        this.#endWord();
        return this.#operator(';', 1);
      default:
        return this.#plain(character);
    }
  }

  #plain(character: string): void {
    this.#word = (this.#word ?? '') + character;
    this.#at += 1;
  }

  #escaped(): void {
    const next = this.#text.charAt(this.#at + 1);
    if (next !== '\n' && next !== '') this.#word = (this.#word ?? '') + next;
    this.#at += 2;
  }

  #quoted(quote: string): void {
    let end = this.#at + 1;
    let value = '';
    while (end < this.#text.length && this.#text.charAt(end) !== quote) {
      if (quote === '"' && this.#text.charAt(end) === '\\' && end + 1 < this.#text.length) end += 1;
      value += this.#text.charAt(end);
      end += 1;
    }
    if (quote === '"') for (const match of value.matchAll(/\$\(([^()]{1,2000})\)/g)) this.#inner.push(match[1] ?? '');
    this.#word = (this.#word ?? '') + value;
    this.#at = end + 1;
  }

  #substitution(open: string, end: number, length: number): void {
    const last = end === -1 ? this.#text.length : end;
    const inner = this.#text.slice(this.#at + length, last);
    this.#inner.push(inner);
    this.#word = `${this.#word ?? ''}${open}${inner}${open === '`' ? '`' : ')'}`;
    this.#at = last + 1;
  }

  #comment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  /** `&&`, `&` at the end of a command, or part of a redirection such as `2>&1` and `&>file`. */
  #ampersand(): void {
    const next = this.#text.charAt(this.#at + 1);
    if (next === '&') return this.#operator('&&', 2);
    if (next === '>' || this.#word?.endsWith('>') === true || this.#word?.endsWith('<') === true)
      return this.#plain('&');
    return this.#operator('&', 1);
  }

  #operator(operator: ShellOperator, length: number): void {
    this.#endCommand(operator);
    this.#at += length;
  }

  #endWord(): void {
    if (this.#word === undefined) return;
    this.#words.push(this.#word);
    this.#word = undefined;
  }

  #endCommand(next: ShellOperator): void {
    this.#endWord();
    let first = 0;
    const assignments: string[] = [];
    while (first < this.#words.length) {
      const word = this.#words[first] ?? '';
      if (/^[A-Za-z_]\w{0,200}\+?=/.test(word)) assignments.push(word);
      else if (!reserved.has(word)) break;
      first += 1;
    }
    const words = this.#words.slice(first);
    this.#words = [];
    if (words.length > 0) {
      this.#commands.push({ words, assignments, after: this.#after });
      this.#after = next;
    } else if (this.#after !== 'start' && this.#after !== '|') this.#after = next;
  }
}

/** Index of the parenthesis that closes the one at `open`; -1 when none does. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '(') depth += 1;
    else if (character === ')' && (depth -= 1) === 0) return at;
  }
  return -1;
}
