// SPDX-License-Identifier: Apache-2.0
// Data terms of Erlang and Elixir source: tuples, lists, atoms, strings, binaries, numbers and maps. Enough for lock files and
// application resource files; expressions and calls are refused. Erlang: Reference Manual "Data Types"; Elixir: "Syntax reference".
import { defaultLimits } from '../model/limits.ts';

export type Term =
  | { readonly kind: 'atom'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'tuple'; readonly items: readonly Term[] }
  | { readonly kind: 'list'; readonly items: readonly Term[] }
  /** Pairs of a map or a keyword list entry; keys in the order of the text. */
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Term, Term])[] };

export type BeamLanguage = 'erlang' | 'elixir';

export interface ReadTerm {
  readonly term: Term;
  /** Offset of the first character of the term, and of the one after it. */
  readonly start: number;
  readonly end: number;
}

export interface TermFailure {
  readonly message: string;
  readonly offset: number;
}

/** Reads the term at `start`; a failure says where. Never throws. */
export function readTerm(text: string, language: BeamLanguage, start = 0): ReadTerm | TermFailure {
  const reader = new TermReader(text, language, start);
  reader.skip();
  const begin = reader.at;
  const term = reader.term(0);
  if (term === undefined) return { message: reader.failure ?? 'not a term', offset: reader.at };
  return { term, start: begin, end: reader.at };
}

/** All terms of an Erlang file, each ended by a dot (`file:consult/1`). */
export function readErlangTerms(text: string): { readonly terms: readonly ReadTerm[]; readonly failure?: TermFailure } {
  const terms: ReadTerm[] = [];
  const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  let at = 0;
  for (;;) {
    const rest = new TermReader(source, 'erlang', at);
    rest.skip();
    if (rest.at >= source.length) return { terms };
    const found = readTerm(source, 'erlang', rest.at);
    if (!('term' in found)) return { terms, failure: found };
    terms.push(found);
    const after = new TermReader(source, 'erlang', found.end);
    after.skip();
    if (source.charAt(after.at) !== '.')
      return { terms, failure: { message: 'expected a dot after the term', offset: after.at } };
    at = after.at + 1;
  }
}

/** Text of an atom or a string, else undefined. */
export function termText(term: Term | undefined): string | undefined {
  return term?.kind === 'atom' || term?.kind === 'string' ? term.text : undefined;
}

/** Items of a tuple or list, else none. */
export function termItems(term: Term | undefined): readonly Term[] {
  return term?.kind === 'tuple' || term?.kind === 'list' ? term.items : [];
}

/** The value of `{key, Value}` or `key: value` in a list; undefined when absent. */
export function termOption(list: Term | undefined, key: string): Term | undefined {
  for (const item of termItems(list)) {
    if (item.kind === 'tuple' && item.items.length === 2 && termText(item.items[0]) === key) return item.items[1];
  }
  return undefined;
}

const atomStart = /[a-zA-Z_]/;
const atomText = /[a-zA-Z0-9_@?!.]/;

class TermReader {
  at: number;
  failure: string | undefined;
  readonly #text: string;
  readonly #language: BeamLanguage;

  constructor(text: string, language: BeamLanguage, at: number) {
    this.#text = text;
    this.#language = language;
    this.at = at;
  }

  skip(): void {
    const comment = this.#language === 'erlang' ? '%' : '#';
    while (this.at < this.#text.length) {
      const character = this.#text.charAt(this.at);
      if (character === comment) {
        const end = this.#text.indexOf('\n', this.at);
        this.at = end === -1 ? this.#text.length : end;
      } else if (/\s/.test(character)) this.at += 1;
      else return;
    }
  }

  term(depth: number): Term | undefined {
    this.skip();
    if (depth > defaultLimits.depth) return this.#fail('nested too deep');
    const character = this.#text.charAt(this.at);
    if (this.#text.startsWith('<<', this.at)) return this.#binary();
    if (this.#text.startsWith(this.#language === 'elixir' ? '%{' : '#{', this.at)) return this.#map(depth);
    if (character === '{') return this.#sequence('tuple', '}', depth);
    if (character === '[') return this.#sequence('list', ']', depth);
    if (character === '"') return this.#strings();
    if (character === "'") return this.#quoted("'", this.#language === 'erlang' ? 'atom' : 'string');
    if (character === ':' && this.#language === 'elixir') {
      this.at += 1;
      return this.#text.charAt(this.at) === '"' ? this.#quoted('"', 'atom') : this.#atom();
    }
    if (/[-+0-9$]/.test(character)) return this.#number();
    if (atomStart.test(character)) return this.#atom();
    return this.#fail(character === '' ? 'unexpected end of file' : `unexpected ${JSON.stringify(character)}`);
  }

  #sequence(kind: 'tuple' | 'list', close: string, depth: number): Term | undefined {
    this.at += 1;
    const items: Term[] = [];
    for (;;) {
      this.skip();
      if (this.#take(close)) return { kind, items };
      const item = this.#keyword(depth) ?? this.term(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      this.skip();
      if (!this.#take(',') && this.#text.charAt(this.at) !== close) return this.#fail(`expected , or ${close}`);
    }
  }

  /** `key: value` of Elixir, which stands for `{:key, value}`. */
  #keyword(depth: number): Term | undefined {
    if (this.#language !== 'elixir') return undefined;
    const key = /^(?:([a-zA-Z_][a-zA-Z0-9_@]{0,254}[?!]?)|"([^"\\]{1,255})"):(?=\s)/.exec(
      this.#text.slice(this.at, this.at + 260),
    );
    if (key === null) return undefined;
    this.at += key[0].length;
    const value = this.term(depth + 1);
    const name: Term = { kind: 'atom', text: key[1] ?? key[2] ?? '' };
    return value === undefined ? undefined : { kind: 'tuple', items: [name, value] };
  }

  #map(depth: number): Term | undefined {
    this.at += 2;
    const entries: (readonly [Term, Term])[] = [];
    for (;;) {
      this.skip();
      if (this.#take('}')) return { kind: 'map', entries };
      const pair = this.#keyword(depth);
      if (pair?.kind === 'tuple' && pair.items[0] !== undefined && pair.items[1] !== undefined) {
        entries.push([pair.items[0], pair.items[1]]);
      } else {
        const key = this.term(depth + 1);
        this.skip();
        if (key === undefined || !this.#take('=>')) return this.#fail('expected a key');
        const value = this.term(depth + 1);
        if (value === undefined) return undefined;
        entries.push([key, value]);
      }
      this.skip();
      if (!this.#take(',') && this.#text.charAt(this.at) !== '}') return this.#fail('expected , or }');
    }
  }

  /** Strings that follow each other are one string in Erlang. */
  #strings(): Term | undefined {
    let text = '';
    for (;;) {
      const part = this.#quoted('"', 'string');
      if (part?.kind !== 'string') return undefined;
      text += part.text;
      this.skip();
      if (this.#language !== 'erlang' || this.#text.charAt(this.at) !== '"') return { kind: 'string', text };
    }
  }

  #quoted(quote: string, kind: 'atom' | 'string'): Term | undefined {
    let text = '';
    for (let at = this.at + 1; at < this.#text.length; at += 1) {
      const character = this.#text.charAt(at);
      if (character === quote) {
        this.at = at + 1;
        return { kind, text };
      }
      if (character === '\\') {
        at += 1;
        text += escaped(this.#text.charAt(at));
      } else text += character;
    }
    return this.#fail(`no closing ${quote}`);
  }

  /** `<<"text">>`, with or without `/utf8`; binaries of numbers are kept as text. */
  #binary(): Term | undefined {
    this.at += 2;
    this.skip();
    if (this.#text.charAt(this.at) !== '"') {
      const end = this.#text.indexOf('>>', this.at);
      if (end === -1) return this.#fail('no closing >>');
      const text = this.#text.slice(this.at, end).trim();
      this.at = end + 2;
      return { kind: 'string', text };
    }
    const text = this.#strings();
    this.skip();
    if (this.#take('/utf8')) this.skip();
    return text !== undefined && this.#take('>>') ? text : this.#fail('expected >>');
  }

  #number(): Term {
    const match = /^(?:\$\\?.|[-+]?[0-9][0-9A-Za-z_#.]{0,300})/s.exec(this.#text.slice(this.at, this.at + 310));
    const raw = match?.[0] ?? this.#text.charAt(this.at);
    // The dot that ends an Erlang term is not part of the number before it.
    const text = raw.endsWith('.') ? raw.slice(0, -1) : raw;
    this.at += Math.max(1, text.length);
    return { kind: 'number', text };
  }

  #atom(): Term | undefined {
    const start = this.at;
    while (this.at < this.#text.length && atomText.test(this.#text.charAt(this.at))) {
      const isDot = this.#text.charAt(this.at) === '.';
      if (isDot && (this.#language === 'erlang' || !atomStart.test(this.#text.charAt(this.at + 1)))) break;
      this.at += 1;
    }
    if (this.at === start) return this.#fail('expected an atom');
    return { kind: 'atom', text: this.#text.slice(start, this.at) };
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  #fail(message: string): undefined {
    this.failure ??= message;
    return undefined;
  }
}

function escaped(character: string): string {
  const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', s: ' ', e: '\u001B' };
  return known[character] ?? character;
}
