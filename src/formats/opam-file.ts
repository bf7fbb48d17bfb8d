// SPDX-License-Identifier: Apache-2.0
// The syntax of opam files (https://opam.ocaml.org/doc/Manual.html#Common-file-format): fields, sections, lists, options, operators.
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import { LineIndex, syntaxProblem } from './text.ts';

export type OpamValue =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  /** Identifiers, numbers, booleans and operators, as written. */
  | { readonly kind: 'word'; readonly text: string; readonly line: number }
  | { readonly kind: 'list' | 'group'; readonly items: readonly OpamValue[]; readonly line: number }
  /** What stands in braces after a value: `"dune" {>= "3.0" & build}`. */
  | { readonly kind: 'option'; readonly items: readonly OpamValue[]; readonly line: number };

export interface OpamFile {
  /** Values of a field in order: `license: ["MIT" "BSD"]` is one list. A field in a section is `section.field`. */
  readonly fields: ReadonlyMap<string, readonly OpamValue[]>;
  readonly problems: readonly Problem[];
}

interface Token {
  readonly kind: 'text' | 'word' | 'open' | 'close' | 'colon';
  readonly text: string;
  readonly offset: number;
}

/** Reads an opam file. Never throws; a break in the syntax ends the reading with a problem. */
export function parseOpamFile(text: string, path: string): OpamFile {
  const lines = new LineIndex(text);
  const { tokens, broken } = tokensOf(text);
  const reader = new OpamReader(tokens, lines);
  reader.read('');
  const problems: Problem[] = [];
  const at = broken ?? reader.broken;
  if (at !== undefined) problems.push(syntaxProblem(path, 'not valid opam syntax', lines.lineAt(at)));
  return { fields: reader.fields, problems };
}

/** All texts of a field, lists opened; options and words are left out. */
export function textsOf(values: readonly OpamValue[] | undefined): readonly string[] {
  return (values ?? []).flatMap((value) => {
    if (value.kind === 'text') return [value.text];
    return value.kind === 'list' || value.kind === 'group' ? textsOf(value.items) : [];
  });
}

class OpamReader {
  readonly fields = new Map<string, OpamValue[]>();
  broken: number | undefined;
  readonly #tokens: readonly Token[];
  readonly #lines: LineIndex;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], lines: LineIndex) {
    this.#tokens = tokens;
    this.#lines = lines;
  }

  /** Fields and sections up to the closing brace of a section, or the end. */
  read(prefix: string): void {
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      if (token === undefined || this.broken !== undefined) return;
      if (token.kind === 'close') {
        if (prefix === '') this.broken = token.offset;
        this.#at += 1;
        return;
      }
      if (token.kind !== 'word') {
        this.broken = token.offset;
        return;
      }
      this.#at += 1;
      this.#member(prefix, token);
    }
    if (prefix !== '') this.broken ??= this.#tokens.at(-1)?.offset ?? 0;
  }

  #member(prefix: string, name: Token): void {
    const next = this.#tokens[this.#at];
    if (next?.kind === 'colon') {
      this.#at += 1;
      this.fields.set(`${prefix}${name.text}`, this.#values());
      return;
    }
    // `section "label" {` or `section {`
    if (next?.kind === 'text') this.#at += 1;
    const brace = this.#tokens[this.#at];
    if (brace?.kind !== 'open' || brace.text !== '{' || prefix !== '') {
      this.broken = name.offset;
      return;
    }
    this.#at += 1;
    this.read(`${name.text}.`);
  }

  /** Values up to the next field (a word before a colon), section, or closing bracket. */
  #values(): OpamValue[] {
    const values: OpamValue[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      if (token.kind === 'close' || token.kind === 'colon') break;
      const next = this.#tokens[this.#at + 1];
      if (
        token.kind === 'word' &&
        (next?.kind === 'colon' || (values.length > 0 && this.#depth === 0 && isSection(token, next)))
      )
        break;
      this.#at += 1;
      const line = this.#lines.lineAt(token.offset);
      if (token.kind !== 'open') values.push({ kind: token.kind === 'text' ? 'text' : 'word', text: token.text, line });
      else values.push(this.#bracketed(token, line));
      if (this.broken !== undefined) break;
    }
    return values;
  }

  #bracketed(open: Token, line: number): OpamValue {
    this.#depth += 1;
    if (this.#depth > defaultLimits.depth) this.broken = open.offset;
    const items = this.broken === undefined ? this.#values() : [];
    const close = this.#tokens[this.#at];
    if (close?.kind === 'close' && close.text === closing[open.text]) this.#at += 1;
    else this.broken ??= (close ?? open).offset;
    this.#depth -= 1;
    const kind = open.text === '[' ? 'list' : open.text === '(' ? 'group' : 'option';
    return { kind, items, line };
  }
}

function isSection(token: Token, next: Token | undefined): boolean {
  return /^[a-z]/.test(token.text) && next?.kind === 'open' && next.text === '{';
}

const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };

function tokensOf(text: string): { tokens: Token[]; broken: number | undefined } {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/\s/.test(character)) at += 1;
    else if (character === '#') at = endOr(text, text.indexOf('\n', at));
    else if (text.startsWith('(*', at)) {
      const end = text.indexOf('*)', at + 2);
      at = end === -1 ? text.length : end + 2;
    } else if (character === '"') {
      const read = readString(text, at);
      if (read === undefined) return { tokens, broken: at };
      tokens.push({ kind: 'text', text: read.text, offset: at });
      at = read.end;
    } else if (/[[({]/.test(character)) {
      tokens.push({ kind: 'open', text: character, offset: at });
      at += 1;
    } else if (/[\])}]/.test(character)) {
      tokens.push({ kind: 'close', text: character, offset: at });
      at += 1;
    } else if (character === ':') {
      tokens.push({ kind: 'colon', text: ':', offset: at });
      at += 1;
    } else {
      // Words and operators run up to white space, a bracket, a quote or a colon that ends a field name.
      let end = at + 1;
      while (
        end < text.length &&
        !/[\s"[\](){}#]/.test(text.charAt(end)) &&
        !(text.charAt(end) === ':' && isWordEnd(text, end))
      )
        end += 1;
      tokens.push({ kind: 'word', text: text.slice(at, end), offset: at });
      at = end;
    }
  }
  return { tokens, broken: undefined };
}

/** `name:` ends a word, `pkg:var` does not. */
function isWordEnd(text: string, colon: number): boolean {
  return !/[A-Za-z_]/.test(text.charAt(colon + 1));
}

function endOr(text: string, index: number): number {
  return index === -1 ? text.length : index;
}

/** `"…"` with backslash escapes, or `"""…"""`. */
function readString(text: string, start: number): { text: string; end: number } | undefined {
  if (text.startsWith('"""', start)) {
    const end = text.indexOf('"""', start + 3);
    return end === -1 ? undefined : { text: text.slice(start + 3, end), end: end + 3 };
  }
  const parts: string[] = [];
  let copied = start + 1;
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      parts.push(text.slice(copied, at), text.charAt(at + 1));
      at += 1;
      copied = at + 1;
    } else if (character === '"') {
      parts.push(text.slice(copied, at));
      return { text: parts.join(''), end: at + 1 };
    }
  }
  return undefined;
}
