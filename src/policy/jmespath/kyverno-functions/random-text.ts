// SPDX-License-Identifier: Apache-2.0
// random: a text that a simple regular expression fits, made by chance (Kyverno uses goregen). Understood are characters, classes, groups,
// alternatives and counted repetitions; anything else is a fault.
import type { KyvernoFunction } from './define.ts';
import { define, functionFault } from './define.ts';

export const randomFunctions: readonly KyvernoFunction[] = [
  define('random', {
    parameters: ['string'],
    returns: 'string',
    note: 'A text made by chance that fits a regular expression, such as `[a-z0-9]{8}`.',
    run: ([pattern], { surroundings, budget }) => {
      if (!Number.isFinite(surroundings.random(1))) return functionFault('random', 'there is no source of chance here');
      const text = new Generator(String(pattern), (below) => surroundings.random(below)).generate();
      budget.spend(text?.length ?? 0);
      return text ?? functionFault('random', `cannot make a text for ${JSON.stringify(pattern)}`);
    },
  }),
];

const longestPattern = 500;
const longestResult = 10_000;
const deepest = 50;
/** What `*` and `+` are repeated at most. */
const mostRepeats = 64;

const printable = range(0x20, 0x7e);
const classes: Readonly<Record<string, readonly string[]>> = {
  d: range(0x30, 0x39),
  w: [...range(0x30, 0x39), ...range(0x41, 0x5a), '_', ...range(0x61, 0x7a)],
  s: [' ', '\t', '\n'],
};

function range(first: number, last: number): string[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => String.fromCharCode(first + index));
}

type Node =
  | { readonly kind: 'choice'; readonly characters: readonly string[] }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'alternatives'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number };

class Unsupported extends Error {}

class Generator {
  readonly #pattern: string;
  readonly #random: (below: number) => number;
  #at = 0;
  #left = longestResult;

  constructor(pattern: string, random: (below: number) => number) {
    this.#pattern = pattern;
    this.#random = random;
  }

  generate(): string | undefined {
    if (this.#pattern === '' || this.#pattern.length > longestPattern) return undefined;
    try {
      const node = this.#alternatives(0);
      return this.#at === this.#pattern.length ? this.#make(node) : undefined;
    } catch (error) {
      if (error instanceof Unsupported) return undefined;
      throw error;
    }
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #alternatives(depth: number): Node {
    if (depth > deepest) throw new Unsupported();
    const items = [this.#sequence(depth)];
    while (this.#take('|')) items.push(this.#sequence(depth));
    return { kind: 'alternatives', items };
  }

  #sequence(depth: number): Node {
    const items: Node[] = [];
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#pattern.charAt(this.#at)))
      items.push(this.#repeated(depth));
    return { kind: 'sequence', items };
  }

  #repeated(depth: number): Node {
    const of = this.#atom(depth);
    if (this.#take('?')) return { kind: 'repeat', of, least: 0, most: 1 };
    if (this.#take('*')) return { kind: 'repeat', of, least: 0, most: mostRepeats };
    if (this.#take('+')) return { kind: 'repeat', of, least: 1, most: mostRepeats };
    const counted = /^\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}/.exec(this.#pattern.slice(this.#at));
    if (counted === null) return of;
    const [whole, first = '0', comma, last] = counted;
    this.#at += whole.length;
    const least = Number(first);
    const most = comma === undefined ? least : Number(last ?? Math.max(least, mostRepeats));
    if (most < least) throw new Unsupported();
    return { kind: 'repeat', of, least, most };
  }

  #atom(depth: number): Node {
    if (this.#take('(?:') || this.#take('(')) {
      const inner = this.#alternatives(depth + 1);
      if (!this.#take(')')) throw new Unsupported();
      return inner;
    }
    if (this.#take('[')) return this.#class();
    if (this.#take('.')) return { kind: 'choice', characters: printable };
    if (this.#take('\\')) return { kind: 'choice', characters: this.#escaped() };
    if (this.#take('^') || this.#take('$')) return { kind: 'sequence', items: [] };
    const character = this.#character();
    if (/[*+?{}\])]/.test(character)) throw new Unsupported();
    return { kind: 'choice', characters: [character] };
  }

  #character(): string {
    const point = this.#pattern.codePointAt(this.#at);
    if (point === undefined) throw new Unsupported();
    const character = String.fromCodePoint(point);
    this.#at += character.length;
    return character;
  }

  #escaped(): readonly string[] {
    const character = this.#character();
    const known = classes[character];
    if (known === undefined && /[A-Za-z0-9]/.test(character)) throw new Unsupported();
    return known ?? [character];
  }

  #class(): Node {
    const isNegated = this.#take('^');
    const characters: string[] = [];
    while (!this.#take(']')) {
      const items = this.#take('\\') ? this.#escaped() : [this.#character()];
      const [first = ''] = items;
      if (items.length === 1 && /^-[^\]]/.test(this.#pattern.slice(this.#at))) {
        this.#at += 1;
        const last = this.#take('\\') ? (this.#escaped()[0] ?? '') : this.#character();
        characters.push(...range(first.charCodeAt(0), Math.min(last.charCodeAt(0), first.charCodeAt(0) + 1_000)));
      } else characters.push(...items);
    }
    const chosen = isNegated ? printable.filter((character) => !characters.includes(character)) : characters;
    if (chosen.length === 0) throw new Unsupported();
    return { kind: 'choice', characters: chosen };
  }

  #make(node: Node): string {
    switch (node.kind) {
      case 'choice':
        this.#left -= 1;
        if (this.#left < 0) throw new Unsupported();
        return node.characters[this.#random(node.characters.length)] ?? '';
      case 'sequence':
        return node.items.map((item) => this.#make(item)).join('');
      case 'alternatives': {
        const chosen = node.items[node.items.length > 1 ? this.#random(node.items.length) : 0];
        return chosen === undefined ? '' : this.#make(chosen);
      }
      default: {
        const count = node.least + (node.most > node.least ? this.#random(node.most - node.least + 1) : 0);
        let text = '';
        for (let index = 0; index < count; index += 1) {
          this.#left -= 1;
          if (this.#left < 0) throw new Unsupported();
          text += this.#make(node.of);
        }
        return text;
      }
    }
  }
}
