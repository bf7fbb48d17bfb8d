// SPDX-License-Identifier: Apache-2.0
// A Nix derivation (.drv): what a package of the store was built from. ATerm syntax, https://nix.dev/manual/nix/latest/protocols/derivation-aterm
import type { Problem } from '../model/problem.ts';
import { syntaxProblem } from './text.ts';

export interface NixDerivation {
  /** Path in the store by name of the output: `out`, `dev`. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Names of the outputs that are used, by path of the derivation. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** Paths of sources. */
  readonly sources: readonly string[];
}

export interface NixDerivationResult {
  readonly derivation: NixDerivation | undefined;
  readonly problems: readonly Problem[];
}

type Term = string | readonly Term[];

const deepest = 8;

/** Reads the outputs and inputs; platform, builder and environment are passed over. Never throws. */
export function parseNixDerivation(text: string, path: string): NixDerivationResult {
  const start = 'Derive(';
  if (!text.startsWith(start)) return { derivation: undefined, problems: [syntaxProblem(path, 'not a derivation')] };
  const reader = new TermReader(text, start.length);
  const [outputs, inputs, sources] = [reader.next(), reader.next(), reader.next()];
  if (outputs === undefined || inputs === undefined || sources === undefined)
    return { derivation: undefined, problems: [syntaxProblem(path, 'a derivation that cannot be read')] };
  const derivation = {
    outputs: new Map(listOf(outputs).map((item) => [textOf(listOf(item)[0]), textOf(listOf(item)[1])])),
    inputs: new Map(listOf(inputs).map((item) => [textOf(listOf(item)[0]), listOf(listOf(item)[1]).map(textOf)])),
    sources: listOf(sources).map(textOf),
  };
  return { derivation, problems: [] };
}

/** Writes what `parseNixDerivation` reads, and nothing else. */
export function printNixDerivation({ outputs, inputs, sources }: NixDerivation): string {
  const quoted = (text: string): string => `"${text.replace(/[\\"]/g, String.raw`\$&`)}"`;
  const list = (items: readonly string[]): string => `[${items.join(',')}]`;
  const ends = [...outputs].map(([name, path]) => `(${quoted(name)},${quoted(path)},"","")`);
  const starts = [...inputs].map(([path, names]) => `(${quoted(path)},${list(names.map(quoted))})`);
  return `Derive(${list(ends)},${list(starts)},${list(sources.map(quoted))})`;
}

function listOf(term: Term | undefined): readonly Term[] {
  return typeof term === 'object' ? term : [];
}

function textOf(term: Term | undefined): string {
  return typeof term === 'string' ? term : '';
}

/** Texts, and lists in square or round brackets, with a comma after each. */
class TermReader {
  #at: number;
  readonly #text: string;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** The next member of the list that the reader stands in; undefined when there is none or it is broken. */
  next(): Term | undefined {
    const term = this.#term(0);
    if (this.#text[this.#at] === ',') this.#at += 1;
    return term;
  }

  #term(depth: number): Term | undefined {
    const first = this.#text[this.#at];
    if (first === '"') return this.#quoted();
    if ((first !== '[' && first !== '(') || depth > deepest) return undefined;
    const end = first === '[' ? ']' : ')';
    this.#at += 1;
    const members: Term[] = [];
    while (this.#text[this.#at] !== end) {
      const member = this.#term(depth + 1);
      if (member === undefined) return undefined;
      members.push(member);
      if (this.#text[this.#at] === ',') this.#at += 1;
    }
    this.#at += 1;
    return members;
  }

  #quoted(): string | undefined {
    let value = '';
    let from = this.#at + 1;
    for (let at = from; at < this.#text.length; at += 1) {
      const character = this.#text[at];
      if (character === '"') {
        this.#at = at + 1;
        return value + this.#text.slice(from, at);
      }
      if (character !== '\\') continue;
      value += this.#text.slice(from, at);
      from = at + 1;
      at += 1;
    }
    return undefined;
  }
}
