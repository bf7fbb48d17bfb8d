// SPDX-License-Identifier: Apache-2.0
// From a path to the catalogers that read it, fast enough for millions of paths: most globs end in a fixed file name or in a fixed ending
// such as `.lock`, so a path is looked up by these, and only what is found is compared with the whole glob.
import { compileGlob } from '../../formats/glob.ts';
import type { FileReading } from '../../sources/source.ts';
import type { Cataloger } from './cataloger.ts';

/** One glob, without braces, and who named it. */
interface Rule {
  readonly glob: string;
  /** Compiled when the glob is compared for the first time: of most globs a run meets no path. */
  test: ((path: string) => boolean) | undefined;
  readonly parsers: Entry[];
  readonly askers: Entry[];
}

interface Entry {
  readonly cataloger: Cataloger;
  /** Place in the list of catalogers. */
  readonly order: number;
  except: readonly ((path: string) => boolean)[] | undefined;
}

/** A glob whose last segment ends in a wildcard, with the literal text that paths, their folders and their names then begin with. */
interface OpenRule {
  readonly head: string;
  readonly folder: string;
  readonly name: string;
  readonly rule: Rule;
}

export class CatalogerSelector {
  readonly #rules = new Map<string, Rule>();
  /** Globs that end in a whole file name. */
  readonly #byName = new Map<string, Rule[]>();
  /** Globs that end in a wildcard and an ending with its dot, in lower case. */
  readonly #byEnding = new Map<string, Rule[]>();
  readonly #open: OpenRule[] = [];
  /** The same by the first character of the name, and those that any name may have. */
  readonly #openByFirst = new Map<number, OpenRule[]>();
  readonly #openToAll: OpenRule[] = [];
  readonly #ends = new NameEnds();

  constructor(catalogers: readonly Cataloger[]) {
    for (const [order, cataloger] of catalogers.entries()) {
      const entry: Entry = { cataloger, order, except: undefined };
      for (const glob of cataloger.files) for (const rule of this.#rulesOf(glob)) rule.parsers.push(entry);
      for (const glob of cataloger.companions ?? []) for (const rule of this.#rulesOf(glob)) rule.askers.push(entry);
    }
  }

  /** False when no path that ends in this file name in this folder is taken; asked before a path is put together. */
  mayTake(folder: string, name: string): boolean {
    if (this.#ends.has(name)) return true;
    return (
      matchesOpen(this.#openByFirst.get(name.charCodeAt(0)), folder, name) || matchesOpen(this.#openToAll, folder, name)
    );
  }

  /** Whether some cataloger reads this path or asks for it. */
  takes(path: string): boolean {
    return this.#find(path).some(
      (rule) => rule.askers.length > 0 || rule.parsers.some((entry) => !isExcepted(entry, path)),
    );
  }

  /** Catalogers that read this path, each once, in list order. */
  parsersOf(path: string): readonly Cataloger[] {
    const entries = this.#find(path).flatMap((rule) => rule.parsers);
    return distinct(entries.filter((entry) => !isExcepted(entry, path)));
  }

  /** Catalogers that ask for this path as a companion, each once, in list order. */
  askersOf(path: string): readonly Cataloger[] {
    return distinct(this.#find(path).flatMap((rule) => rule.askers));
  }

  /** How much of this path is read: undefined for a whole file of ordinary size. */
  readingOf(path: string): FileReading | undefined {
    const rules = this.#find(path);
    const readings = rules.flatMap((rule) => rule.parsers.map(({ cataloger }) => cataloger.reads));
    if (readings.length === 0) return undefined;
    // A whole file is asked for before a beginning of it, and any of these limits is above the ordinary one.
    const asked = readings.filter((reading) => reading !== undefined);
    return (
      asked.find((reading) => reading.part === 'whole') ?? (asked.length === readings.length ? asked[0] : undefined)
    );
  }

  isCompanion(path: string): boolean {
    return this.#find(path).some((rule) => rule.askers.length > 0);
  }

  #find(path: string): readonly Rule[] {
    const nameStart = path.lastIndexOf('/') + 1;
    const name = path.slice(nameStart);
    const dot = name.lastIndexOf('.');
    const ending = dot === -1 ? '' : name.slice(dot).toLowerCase();
    const found: Rule[] = [];
    for (const rule of this.#byName.get(name) ?? none) if (isMatch(rule, path)) found.push(rule);
    for (const rule of this.#byEnding.get(ending) ?? none) if (isMatch(rule, path)) found.push(rule);
    for (const { head, name: start, rule } of this.#open) {
      if (name.startsWith(start) && path.startsWith(head) && isMatch(rule, path)) found.push(rule);
    }
    return found;
  }

  /** The rules of a glob, one for each way through its braces; the same glob of several catalogers is one rule. */
  #rulesOf(glob: string): Rule[] {
    return expandBraces(glob).map((plain) => {
      const known = this.#rules.get(plain);
      if (known !== undefined) return known;
      const rule: Rule = { glob: plain, test: undefined, parsers: [], askers: [] };
      this.#rules.set(plain, rule);
      this.#index(rule);
      return rule;
    });
  }

  #index(rule: Rule): void {
    const { glob } = rule;
    const name = glob.slice(glob.lastIndexOf('/') + 1);
    const literal = literalHead(name);
    const ending = endingOf(name);
    if (literal === name && name.length >= NameEnds.shortest) {
      push(this.#byName, name, rule);
      this.#ends.add(name);
      if (glob === `**/${name}`) rule.test = always;
    } else if (ending !== undefined && literal !== name) {
      push(this.#byEnding, ending, rule);
      this.#ends.add(ending);
    } else {
      const head = literalHead(glob);
      const open = { head, folder: head.slice(0, Math.max(0, head.lastIndexOf('/'))), name: literal, rule };
      this.#open.push(open);
      if (literal === '') this.#openToAll.push(open);
      else push(this.#openByFirst, literal.charCodeAt(0), open);
    }
  }
}

/**
 * The last characters of all names and endings that globs end in. Told by four characters, three for endings as short as `.gz`, without
 * regard to case: a name that is wanted is always found here, and few others are.
 */
class NameEnds {
  static readonly shortest = 3;
  readonly #four = new Set<number>();
  readonly #three = new Set<number>();

  /** At least `shortest` characters. */
  add(end: string): void {
    if (end.length > 3) this.#four.add(codeOfEnd(end, 4));
    else this.#three.add(codeOfEnd(end, 3));
  }

  has(name: string): boolean {
    const code = codeOfEnd(name, 4);
    return this.#four.has(code) || this.#three.has(code & threeCharacters);
  }
}

/** The part of a code of four characters that is the code of the last three. */
const threeCharacters = 0x1fffff;

/** The last characters as one number of seven bits each; those of a shorter name count as missing. */
function codeOfEnd(text: string, count: number): number {
  let code = 0;
  for (let index = text.length - count; index < text.length; index += 1) {
    // Bit 5 tells upper from lower case letters; charCodeAt gives NaN before the start, which counts as 0.
    code = (code << 7) | ((text.charCodeAt(index) | 0x20) & 0x7f);
  }
  return code;
}

const none: readonly never[] = [];
const always = (): boolean => true;

function isMatch(rule: Rule, path: string): boolean {
  rule.test ??= compileGlob(rule.glob);
  return rule.test(path);
}

function isExcepted(entry: Entry, path: string): boolean {
  entry.except ??= (entry.cataloger.except ?? []).map(compileGlob);
  return entry.except.some((test) => test(path));
}

function distinct(entries: readonly Entry[]): readonly Cataloger[] {
  if (entries.length < 2) return entries.map((entry) => entry.cataloger);
  const sorted = [...new Set(entries)].sort((a, b) => a.order - b.order);
  return sorted.map((entry) => entry.cataloger);
}

/** `a/{b,c}.{x,y}` -> four globs. */
function expandBraces(glob: string): string[] {
  const close = glob.indexOf('}');
  const open = close === -1 ? -1 : glob.lastIndexOf('{', close);
  if (open === -1) return [glob];
  const choices = glob.slice(open + 1, close).split(',');
  return choices.flatMap((choice) => expandBraces(glob.slice(0, open) + choice + glob.slice(close + 1)));
}

function literalHead(glob: string): string {
  return /^[^*?[]*/.exec(glob)?.[0] ?? '';
}

/**
 * The ending that the last segment of a glob fixes: `*.deps.json` gives `.json`; undefined when it fixes none or one too short to look up.
 * A class of one letter in both cases (`[vV]`) counts as that letter.
 */
function endingOf(name: string): string | undefined {
  const plain = name.includes('[')
    ? name.replace(/\[([A-Za-z])([A-Za-z])\]/g, (text, a: string, b: string) =>
        a.toLowerCase() === b.toLowerCase() ? a : text,
      )
    : name;
  const literal = /[^*?[\]]*$/.exec(plain)?.[0] ?? '';
  const dot = literal.lastIndexOf('.');
  return dot === -1 || literal.length - dot < NameEnds.shortest ? undefined : literal.slice(dot).toLowerCase();
}

/** A loop by index: this is asked for every file of a tree, and iterators cost more than the comparisons. */
function matchesOpen(rules: readonly OpenRule[] | undefined, folder: string, name: string): boolean {
  if (rules === undefined) return false;
  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index];
    if (rule !== undefined && name.startsWith(rule.name) && folder.startsWith(rule.folder)) return true;
  }
  return false;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
