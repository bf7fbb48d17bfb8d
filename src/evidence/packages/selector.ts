// SPDX-License-Identifier: Apache-2.0
// From a path to the catalogers that read it, fast enough for millions of paths: most globs end in a fixed file name or suffix.
import { compileGlob } from '../../formats/glob.ts';
import type { Cataloger } from './cataloger.ts';

interface Rule<T> {
  readonly test: (path: string) => boolean;
  readonly value: T;
}

/** How many characters of a path's end are looked up. */
const tailLength = 5;

/** Globs by the literal text they end in (`.lock`, `.json`): few are tried for a path, and for most paths none. */
class GlobIndex<T> {
  /** By tail, lower case, at most `tailLength` long. */
  readonly #byTail = new Map<string, Rule<T>[]>();
  /** The last two characters of every tail: most paths are turned away by them. */
  readonly #ends = new Set<string>();
  /** Globs that end in a wildcard, with the literal text that the path and its last segment must begin with. */
  readonly #others: { readonly head: string; readonly name: string; readonly rule: Rule<T> }[] = [];

  add(glob: string, value: T): void {
    const rule = { test: compileGlob(glob), value };
    for (const tail of new Set(expandBraces(glob).map(tailOf))) {
      if (tail === '')
        this.#others.push({ head: literalHead(glob), name: literalHead(glob.slice(glob.lastIndexOf('/') + 1)), rule });
      else {
        push(this.#byTail, tail, rule);
        this.#ends.add(tail.length < 2 ? tail : tail.slice(-2));
      }
    }
  }

  find(path: string): T[] {
    let found: T[] | undefined;
    const pair = path.slice(-2).toLowerCase();
    const isPossible = this.#ends.has(pair) || this.#ends.has(pair.slice(-1));
    const end = isPossible ? path.slice(-tailLength).toLowerCase() : '';
    for (let start = 0; start < end.length; start += 1) {
      for (const rule of this.#byTail.get(end.slice(start)) ?? none) {
        if (rule.test(path)) found = [...(found ?? []), rule.value];
      }
    }
    const nameStart = path.lastIndexOf('/') + 1;
    for (const { head, name, rule } of this.#others) {
      if (path.startsWith(head) && path.startsWith(name, nameStart) && rule.test(path))
        found = [...(found ?? []), rule.value];
    }
    return found ?? [];
  }
}

const none: readonly never[] = [];

/** `a/{b,c}.{x,y}` -> four globs. */
function expandBraces(glob: string): string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(glob);
  if (match === null) return [glob];
  const [, before = '', choices = '', after = ''] = match;
  return choices.split(',').flatMap((choice) => expandBraces(before + choice + after));
}

function literalHead(glob: string): string {
  return /^[^*?[{]*/.exec(glob)?.[0] ?? '';
}

/** The literal end of a glob in lower case; a class such as `[vV]` counts as its letter. */
function tailOf(glob: string): string {
  const plain = glob.replace(/\[([A-Za-z])([A-Za-z])\]/g, (text, a: string, b: string) =>
    a.toLowerCase() === b.toLowerCase() ? a : text,
  );
  const literal = /[^*?[\]]*$/.exec(plain)?.[0] ?? '';
  // Without the slash: `**/.env` takes `.env` at the root too.
  return literal
    .slice(literal.lastIndexOf('/') + 1)
    .slice(-tailLength)
    .toLowerCase();
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

export class CatalogerSelector {
  readonly #files = new GlobIndex<Cataloger>();
  readonly #companions = new GlobIndex<Cataloger>();
  readonly #except = new Map<Cataloger, ((path: string) => boolean)[]>();

  constructor(catalogers: readonly Cataloger[]) {
    for (const cataloger of catalogers) {
      for (const glob of cataloger.files) this.#files.add(glob, cataloger);
      for (const glob of cataloger.companions ?? []) this.#companions.add(glob, cataloger);
      this.#except.set(cataloger, (cataloger.except ?? []).map(compileGlob));
    }
  }

  /** Catalogers that read this path, each once, in list order of their globs. */
  parsersOf(path: string): readonly Cataloger[] {
    const found = this.#files.find(path);
    if (found.length === 0) return found;
    return [...new Set(found)].filter((cataloger) => this.#except.get(cataloger)?.some((test) => test(path)) !== true);
  }

  /** Catalogers that ask for this path as a companion, each once. */
  askersOf(path: string): readonly Cataloger[] {
    const found = this.#companions.find(path);
    return found.length < 2 ? found : [...new Set(found)];
  }

  isCompanion(path: string): boolean {
    return this.#companions.find(path).length > 0;
  }
}
