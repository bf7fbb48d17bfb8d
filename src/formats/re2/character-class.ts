// SPDX-License-Identifier: Apache-2.0
// Sets of code points as sorted pairs of first and last, and the named sets of RE2: Perl classes and POSIX classes are ASCII only there.

export const lastCodePoint = 0x10ffff;

export type Ranges = readonly number[];

/** Sorts pairs and joins those that touch. */
export function normalRanges(pairs: Ranges): number[] {
  const sorted: [number, number][] = [];
  for (let at = 0; at + 1 < pairs.length; at += 2) sorted.push([pairs[at] ?? 0, pairs[at + 1] ?? 0]);
  sorted.sort((a, b) => a[0] - b[0]);
  const joined: number[] = [];
  for (const [first, last] of sorted) {
    const end = joined.at(-1);
    if (end !== undefined && first <= end + 1) joined[joined.length - 1] = Math.max(end, last);
    else joined.push(first, last);
  }
  return joined;
}

/** Everything else; `ranges` must be normal. */
export function complementOf(ranges: Ranges): number[] {
  const rest: number[] = [];
  let next = 0;
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    const first = ranges[at] ?? 0;
    if (first > next) rest.push(next, first - 1);
    next = (ranges[at + 1] ?? 0) + 1;
  }
  if (next <= lastCodePoint) rest.push(next, lastCodePoint);
  return rest;
}

/** Adds the other case of every ASCII letter. The Kelvin sign and the long s, which RE2 folds as well, stay apart: no secret has them. */
export function foldCase(ranges: Ranges): number[] {
  const all = [...ranges];
  const addShifted = (first: number, last: number, shift: number): void => {
    for (let at = 0; at + 1 < ranges.length; at += 2) {
      const from = Math.max(ranges[at] ?? 0, first);
      const to = Math.min(ranges[at + 1] ?? 0, last);
      if (from <= to) all.push(from + shift, to + shift);
    }
  };
  addShifted(0x41, 0x5a, 32);
  addShifted(0x61, 0x7a, -32);
  return normalRanges(all);
}

const digits: Ranges = [0x30, 0x39];
const upper: Ranges = [0x41, 0x5a];
const lower: Ranges = [0x61, 0x7a];
const wordRanges: Ranges = [...digits, ...upper, 0x5f, 0x5f, ...lower];

/** `\d \s \w` and their opposites; undefined for another letter. `\s` has no vertical tab, unlike in JavaScript. */
export function perlClass(letter: string): number[] | undefined {
  const sets: Readonly<Record<string, Ranges>> = {
    d: digits,
    s: [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20],
    w: wordRanges,
  };
  const found = Object.hasOwn(sets, letter.toLowerCase()) ? sets[letter.toLowerCase()] : undefined;
  if (found === undefined) return undefined;
  return letter === letter.toLowerCase() ? [...found] : complementOf(found);
}

const posixSets: Readonly<Record<string, Ranges>> = {
  alnum: [...digits, ...upper, ...lower],
  alpha: [...upper, ...lower],
  ascii: [0, 0x7f],
  blank: [0x09, 0x09, 0x20, 0x20],
  cntrl: [0, 0x1f, 0x7f, 0x7f],
  digit: digits,
  graph: [0x21, 0x7e],
  lower,
  print: [0x20, 0x7e],
  punct: [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e],
  space: [0x09, 0x0d, 0x20, 0x20],
  upper,
  word: wordRanges,
  xdigit: [...digits, 0x41, 0x46, 0x61, 0x66],
};

/** `[:alnum:]` and `[:^alnum:]` by their name with or without the caret; undefined for another name. */
export function posixClass(name: string): number[] | undefined {
  const isNegated = name.startsWith('^');
  const key = isNegated ? name.slice(1) : name;
  const found = Object.hasOwn(posixSets, key) ? posixSets[key] : undefined;
  if (found === undefined) return undefined;
  return isNegated ? complementOf(found) : [...found];
}

/** `\p{Greek}`, by asking the JavaScript engine for every code point; undefined when it does not know the name. */
export function unicodeClass(name: string): number[] | undefined {
  const isNegated = name.startsWith('^');
  const key = isNegated ? name.slice(1) : name;
  if (!/^[A-Za-z_]{1,40}$/.test(key)) return undefined;
  const tests = [key, `Script=${key}`].map(unicodeTest).filter((test) => test !== undefined);
  const [test] = tests;
  if (key === 'Any') return isNegated ? [] : [0, lastCodePoint];
  if (test === undefined) return undefined;
  const ranges: number[] = [];
  for (let code = 0; code <= lastCodePoint; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    if (!test.test(String.fromCodePoint(code))) continue;
    if (ranges.at(-1) === code - 1) ranges[ranges.length - 1] = code;
    else ranges.push(code, code);
  }
  return isNegated ? complementOf(ranges) : ranges;
}

function unicodeTest(property: string): RegExp | undefined {
  try {
    return new RegExp(`^\\p{${property}}$`, 'u');
  } catch {
    return undefined;
  }
}
