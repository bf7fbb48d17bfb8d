// SPDX-License-Identifier: Apache-2.0
// Finds all keywords of all rules in one pass over the bytes (A. Aho, M. Corasick: Efficient String Matching, 1975), ASCII case ignored.
// One flat table with the next state for every state and class of byte; states in which a keyword ends come last, so that one comparison
// per byte tells them.

export interface KeywordHits {
  /** Offsets at which each keyword begins, ascending, by its number; undefined where it does not occur. */
  readonly places: readonly (readonly number[] | undefined)[];
  /** Numbers of the keywords that occur. */
  readonly found: readonly number[];
  readonly isAscii: boolean;
}

export interface KeywordTable {
  /** What it gives holds until the next search. */
  search(bytes: Uint8Array): KeywordHits;
}

/** `keywords` in lower case, without duplicates. */
export function keywordTable(keywords: readonly string[]): KeywordTable {
  const { table, classes, firstEnd, ends } = flatTable(keywords.map((keyword) => Buffer.from(keyword, 'utf8')));
  const lengths = keywords.map((keyword) => Buffer.byteLength(keyword, 'utf8'));
  let states = new Int32Array(1024);
  let places = new Int32Array(1024);
  const search = (bytes: Uint8Array): KeywordHits => {
    let count = 0;
    let state = 0;
    let all = 0;
    const length = bytes.length;
    for (let at = 0; at < length; at += 1) {
      const byte = bytes[at] ?? 0;
      all |= byte;
      state = table[state + (classes[byte] ?? 0)] ?? 0;
      if (state >= firstEnd) {
        if (count === states.length) {
          states = grown(states);
          places = grown(places);
        }
        states[count] = state;
        places[count] = at + 1;
        count += 1;
      }
    }
    return { ...gather(states, places, count), isAscii: all < 0x80 };
  };
  const byKeyword = Array.from({ length: keywords.length }, (): number[] | undefined => undefined);
  let touched: number[] = [];
  const gather = (hitStates: Int32Array, hitPlaces: Int32Array, count: number): Omit<KeywordHits, 'isAscii'> => {
    for (const keyword of touched) byKeyword[keyword] = undefined;
    const found: number[] = [];
    touched = found;
    for (let index = 0; index < count; index += 1) {
      const end = hitPlaces[index] ?? 0;
      for (const keyword of ends.get(hitStates[index] ?? 0) ?? []) {
        const place = end - (lengths[keyword] ?? 0);
        const list = byKeyword[keyword];
        if (list === undefined) {
          byKeyword[keyword] = [place];
          found.push(keyword);
        } else list.push(place);
      }
    }
    return { places: byKeyword, found };
  };
  return { search };
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

interface FlatTable {
  /** Next state at `state + class`; states are multiples of the number of classes. */
  readonly table: Uint32Array;
  readonly classes: Uint8Array;
  readonly firstEnd: number;
  readonly ends: ReadonlyMap<number, readonly number[]>;
}

/** Typed arrays from the first state on: a hook of some milliseconds builds this anew each time. */
function flatTable(keywords: readonly Uint8Array[]): FlatTable {
  const { classes, width } = classesOf(keywords);
  const most = 1 + keywords.reduce((sum, keyword) => sum + keyword.length, 0);
  const next = new Uint32Array(most * width);
  const ends: (number[] | undefined)[] = [];
  let count = 1;
  for (const [number, keyword] of keywords.entries()) {
    let state = 0;
    for (const byte of keyword) {
      const at = state * width + (classes[byte] ?? 0);
      if (next[at] === 0) {
        next[at] = count;
        count += 1;
      }
      state = next[at] ?? 0;
    }
    if (keyword.length > 0) (ends[state] ??= []).push(number);
  }
  complete(next, { width, count, ends });
  return reordered(next, { classes, width, count, ends });
}

function classesOf(keywords: readonly Uint8Array[]): { readonly classes: Uint8Array; readonly width: number } {
  const classes = new Uint8Array(256);
  let width = 1;
  for (const keyword of keywords)
    for (const byte of keyword) {
      if (classes[byte] !== 0) continue;
      classes[byte] = width;
      width += 1;
    }
  for (let byte = 0x41; byte <= 0x5a; byte += 1) classes[byte] = classes[byte + 32] ?? 0;
  return { classes, width };
}

interface Trie {
  readonly width: number;
  readonly count: number;
  /** Keywords that end in a state. */
  readonly ends: (number[] | undefined)[];
}

/** Puts into every gap where the longest suffix goes that is a state itself: shorter states first. */
function complete(next: Uint32Array, { width, count, ends }: Trie): void {
  const fail = new Uint32Array(count);
  const queue = new Uint32Array(count);
  let filled = 0;
  for (let code = 0; code < width; code += 1) {
    const child = next[code] ?? 0;
    if (child !== 0) queue[filled++] = child;
  }
  for (let at = 0; at < filled; at += 1) {
    const state = queue[at] ?? 0;
    const back = (fail[state] ?? 0) * width;
    for (let code = 0; code < width; code += 1) {
      const child = next[state * width + code] ?? 0;
      if (child === 0) next[state * width + code] = next[back + code] ?? 0;
      else {
        const suffix = next[back + code] ?? 0;
        fail[child] = suffix;
        const more = ends[suffix];
        if (more !== undefined) (ends[child] ??= []).push(...more);
        queue[filled++] = child;
      }
    }
  }
}

/** States in which a keyword ends behind the others, each as the offset of its row. */
function reordered(
  next: Uint32Array,
  { classes, width, count, ends }: Trie & { readonly classes: Uint8Array },
): FlatTable {
  const offsets = new Uint32Array(count);
  let row = 0;
  for (let state = 0; state < count; state += 1) if (ends[state] === undefined) offsets[state] = row++ * width;
  const firstEnd = row * width;
  const endsByOffset = new Map<number, readonly number[]>();
  for (let state = 0; state < count; state += 1) {
    const ending = ends[state];
    if (ending === undefined) continue;
    offsets[state] = row++ * width;
    endsByOffset.set(offsets[state] ?? 0, ending);
  }
  const table = new Uint32Array(count * width);
  for (let state = 0; state < count; state += 1) {
    const from = state * width;
    const to = offsets[state] ?? 0;
    for (let code = 0; code < width; code += 1) table[to + code] = offsets[next[from + code] ?? 0] ?? 0;
  }
  return { table, classes, firstEnd, ends: endsByOffset };
}
