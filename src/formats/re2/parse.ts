// SPDX-License-Identifier: Apache-2.0
// Reads RE2 syntax as Go's regexp package does. What Go refuses (back references, lookaround, repetition above 1,000) is refused here.
import {
  complementOf,
  foldCase,
  lastCodePoint,
  normalRanges,
  perlClass,
  posixClass,
  unicodeClass,
} from './character-class.ts';
import type { Re2Expression, Re2Node } from './syntax-tree.ts';
import { Re2SyntaxError } from './syntax-tree.ts';

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

const mostRepetitions = 1000;
const mostDepth = 250;

const charEscapes: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** Throws Re2SyntaxError. */
export function parseRe2(source: string): Re2Expression {
  return new Parser(source).parse();
}

class Parser {
  readonly #text: readonly string[];
  #at = 0;
  #captures = 0;
  #depth = 0;
  #flags: Flags = { i: false, m: false, s: false, U: false };

  constructor(source: string) {
    this.#text = Array.from(source);
  }

  parse(): Re2Expression {
    const node = this.#alternation();
    if (this.#at < this.#text.length) throw new Re2SyntaxError(`unexpected ): \`${this.#text.join('')}\``);
    return { node, captures: this.#captures };
  }

  #peek(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) if (this.#text[this.#at + index] !== text[index]) return false;
    return true;
  }

  #ahead(count: number): string {
    return this.#text.slice(this.#at, this.#at + count).join('');
  }

  #alternation(): Re2Node {
    this.#depth += 1;
    if (this.#depth > mostDepth) throw new Re2SyntaxError('expression nests too deeply');
    const branches: Re2Node[] = [];
    let parts: Re2Node[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== ')') {
      if (this.#text[this.#at] === '|') {
        this.#at += 1;
        branches.push(sequence(parts));
        parts = [];
      } else this.#term(parts);
    }
    branches.push(sequence(parts));
    this.#depth -= 1;
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: 'alternation', nodes: branches };
  }

  #term(parts: Re2Node[]): void {
    const char = this.#text[this.#at] ?? '';
    if (char === '(') this.#group(parts);
    else if (char === '[') parts.push(this.#bracketClass());
    else if (char === '.') {
      this.#at += 1;
      const ranges = this.#flags.s ? [0, lastCodePoint] : [0, 9, 11, lastCodePoint];
      parts.push({ kind: 'class', ranges });
    } else if (char === '^' || char === '$') {
      this.#at += 1;
      const isStart = char === '^';
      const what = this.#flags.m ? (isStart ? 'line-start' : 'line-end') : isStart ? 'text-start' : 'text-end';
      parts.push({ kind: 'assertion', what });
    } else if (char === '*' || char === '+' || char === '?') this.#repeat(parts, char);
    else if (char === '{' && this.#counts() !== undefined) this.#repeat(parts, char);
    else if (char === '\\') this.#escape(parts);
    else {
      this.#at += 1;
      parts.push(this.#literal(char.codePointAt(0) ?? 0));
    }
  }

  #literal(code: number): Re2Node {
    return { kind: 'class', ranges: this.#flags.i ? foldCase([code, code]) : [code, code] };
  }

  /** `{2}`, `{2,}`, `{2,5}`; anything else is a brace that stands for itself. */
  #counts(): { readonly least: number; readonly most: number; readonly length: number } | undefined {
    const head = this.#ahead(16);
    const match = /^\{(\d{1,5})(?:(,)(\d{1,5})?)?\}/.exec(head);
    if (match === null) return undefined;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3]);
    return { least, most, length: match[0].length };
  }

  #repeat(parts: Re2Node[], operator: string): void {
    const begin = this.#at;
    const counts = this.#counts() ?? {
      least: operator === '+' ? 1 : 0,
      most: operator === '?' ? 1 : Number.POSITIVE_INFINITY,
      length: 1,
    };
    this.#at += counts.length;
    const isSwapped = this.#text[this.#at] === '?';
    if (isSwapped) this.#at += 1;
    const { least, most } = counts;
    const written = this.#text.slice(begin, this.#at).join('');
    const bound = most === Number.POSITIVE_INFINITY ? least : most;
    if (bound > mostRepetitions || least > most) throw new Re2SyntaxError(`invalid repeat count: \`${written}\``);
    const node = parts.pop();
    if (node === undefined) throw new Re2SyntaxError(`missing argument to repetition operator: \`${written}\``);
    const next = this.#text[this.#at];
    if (next === '*' || next === '+' || next === '?' || (next === '{' && this.#counts() !== undefined))
      throw new Re2SyntaxError(`invalid nested repetition operator: \`${written}${next}\``);
    parts.push({ kind: 'repetition', node, least, most, isLazy: isSwapped !== this.#flags.U });
  }

  #group(parts: Re2Node[]): void {
    this.#at += 1;
    const before = this.#flags;
    let capture = 0;
    if (!this.#peek('?')) {
      this.#captures += 1;
      capture = this.#captures;
    } else {
      const name = /^\?P?<([A-Za-z0-9_]{1,100})>/.exec(this.#ahead(110));
      if (name !== null) {
        this.#at += name[0].length;
        this.#captures += 1;
        capture = this.#captures;
      } else if (!this.#groupFlags()) return;
    }
    const node = this.#alternation();
    if (this.#text[this.#at] !== ')') throw new Re2SyntaxError('missing closing )');
    this.#at += 1;
    this.#flags = before;
    // A group of its own keeps what is repeated together; a sequence is the same.
    parts.push(capture > 0 ? { kind: 'group', capture, node } : node);
  }

  /** `?i-s:` opens a group (true), `?i)` changes the flags for the rest of the one around (false). */
  #groupFlags(): boolean {
    const match = /^\?([imsU]{0,8})(?:-([imsU]{1,8}))?([:)])/.exec(this.#ahead(24));
    if (match === null) throw new Re2SyntaxError(`invalid or unsupported Perl syntax: \`(${this.#ahead(3)}\``);
    const set = (flag: keyof Flags): boolean =>
      match[2]?.includes(flag) === true ? false : match[1]?.includes(flag) === true || this.#flags[flag];
    this.#flags = { i: set('i'), m: set('m'), s: set('s'), U: set('U') };
    this.#at += match[0].length;
    return match[3] === ':';
  }

  #escape(parts: Re2Node[]): void {
    const letter = this.#text[this.#at + 1];
    if (letter === undefined) throw new Re2SyntaxError('trailing backslash at end of expression');
    const assertion = ({ A: 'text-start', z: 'text-end', b: 'word-boundary', B: 'no-word-boundary' } as const)[
      letter as 'A'
    ];
    if (assertion !== undefined) {
      this.#at += 2;
      parts.push({ kind: 'assertion', what: assertion });
    } else if (letter === 'Q') this.#quoted(parts);
    else {
      const set = this.#setEscape();
      if (set !== undefined) parts.push({ kind: 'class', ranges: this.#flags.i ? foldCase(set) : set });
      else parts.push(this.#literal(this.#charEscape()));
    }
  }

  #quoted(parts: Re2Node[]): void {
    this.#at += 2;
    while (this.#at < this.#text.length && !this.#peek('\\E')) {
      parts.push(this.#literal(this.#text[this.#at]?.codePointAt(0) ?? 0));
      this.#at += 1;
    }
    this.#at += 2;
  }

  /** `\d`, `\pL`, `\p{Greek}` at the present place; undefined when it is none. */
  #setEscape(): number[] | undefined {
    const letter = this.#text[this.#at + 1] ?? '';
    const perl = perlClass(letter);
    if (perl !== undefined) {
      this.#at += 2;
      return perl;
    }
    if (letter !== 'p' && letter !== 'P') return undefined;
    const match = /^\\[pP](?:\{(\^?[A-Za-z_]{1,40})\}|([A-Z]))/.exec(this.#ahead(50));
    const name = match?.[1] ?? match?.[2];
    const set = name === undefined ? undefined : unicodeClass(name);
    if (match === null || set === undefined)
      throw new Re2SyntaxError(`invalid character class range: \`${this.#ahead(12)}\``);
    this.#at += match[0].length;
    return letter === 'P' ? complementOf(set) : set;
  }

  #charEscape(): number {
    const letter = this.#text[this.#at + 1] ?? '';
    const code = charEscapes[letter];
    const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/.exec(this.#ahead(14));
    const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(this.#ahead(4));
    if (code !== undefined) this.#at += 2;
    else if (hex !== null) {
      this.#at += hex[0].length;
      const value = Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
      if (value <= lastCodePoint) return value;
    } else if (octal !== null) {
      this.#at += octal[0].length;
      return Number.parseInt(octal[1] ?? '', 8);
    } else if (/^[\0-\x7f]$/.test(letter) && !/[0-9A-Za-z]/.test(letter)) {
      this.#at += 2;
      return letter.codePointAt(0) ?? 0;
    }
    if (code === undefined) throw new Re2SyntaxError(`invalid escape sequence: \`\\${letter}\``);
    return code;
  }

  #bracketClass(): Re2Node {
    this.#at += 1;
    const isNegated = this.#peek('^');
    if (isNegated) this.#at += 1;
    const ranges: number[] = [];
    for (let isFirst = true; isFirst || this.#text[this.#at] !== ']'; isFirst = false) {
      if (this.#at >= this.#text.length) throw new Re2SyntaxError('missing closing ]');
      this.#classMember(ranges);
    }
    this.#at += 1;
    const all = this.#flags.i ? foldCase(normalRanges(ranges)) : normalRanges(ranges);
    return { kind: 'class', ranges: isNegated ? complementOf(all) : all };
  }

  #classMember(ranges: number[]): void {
    const posix = /^\[:(\^?[a-z]{1,10}):\]/.exec(this.#ahead(16));
    if (posix !== null) {
      const set = posixClass(posix[1] ?? '');
      if (set === undefined) throw new Re2SyntaxError(`invalid character class range: \`${posix[0]}\``);
      this.#at += posix[0].length;
      ranges.push(...set);
      return;
    }
    if (this.#text[this.#at] === '\\') {
      const set = this.#setEscape();
      if (set !== undefined) {
        for (const bound of set) ranges.push(bound);
        return;
      }
    }
    const first = this.#classChar();
    let last = first;
    if (this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']' && this.#at + 1 < this.#text.length) {
      this.#at += 1;
      last = this.#classChar();
      if (last < first) throw new Re2SyntaxError('invalid character class range');
    }
    ranges.push(first, last);
  }

  #classChar(): number {
    if (this.#at >= this.#text.length) throw new Re2SyntaxError('missing closing ]');
    if (this.#text[this.#at] === '\\') return this.#charEscape();
    const code = this.#text[this.#at]?.codePointAt(0) ?? 0;
    this.#at += 1;
    return code;
  }
}

function sequence(parts: readonly Re2Node[]): Re2Node {
  const [only] = parts;
  if (only === undefined) return { kind: 'empty' };
  return parts.length === 1 ? only : { kind: 'concatenation', nodes: parts };
}
