// SPDX-License-Identifier: Apache-2.0
// From a path to the catalogers that read it, fast enough for millions of paths: most globs end in a fixed file name or suffix.
import { compileGlob } from '../../formats/glob.ts';
import type { Cataloger } from './cataloger.ts';

interface Rule<T> {
  readonly test: (path: string) => boolean;
  readonly value: T;
}

/** Globs by the last path segment: exact names and `*.ext` are looked up, the rest is tried one by one. */
class GlobIndex<T> {
  readonly #byName = new Map<string, Rule<T>[]>();
  readonly #bySuffix = new Map<string, Rule<T>[]>();
  readonly #others: Rule<T>[] = [];

  add(glob: string, value: T): void {
    const rule = { test: compileGlob(glob), value };
    const name = glob.slice(glob.lastIndexOf('/') + 1);
    if (/^[^*?{}[\]]+$/.test(name) && !glob.slice(0, -name.length).includes('{')) push(this.#byName, name, rule);
    else if (/^\*\.[^*?{}[\].]+$/.test(name) && !glob.slice(0, -name.length).includes('{'))
      push(this.#bySuffix, name.slice(1), rule);
    else this.#others.push(rule);
  }

  find(path: string): T[] {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const dot = name.lastIndexOf('.');
    const candidates = [
      ...(this.#byName.get(name) ?? []),
      ...(dot === -1 ? [] : (this.#bySuffix.get(name.slice(dot)) ?? [])),
      ...this.#others,
    ];
    return candidates.filter((rule) => rule.test(path)).map((rule) => rule.value);
  }
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
