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
  const trie = buildTrie(keywords.map((keyword) => Buffer.from(keyword, 'utf8')));
  const { table, classes, firstEnd, ends } = flatten(trie);
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

interface TrieState {
  readonly next: Map<number, number>;
  /** Keywords that end here, longer ones first. */
  readonly ends: number[];
  /** The longest other state that is a suffix of this one. */
  fail: number;
}

function buildTrie(keywords: readonly Uint8Array[]): readonly TrieState[] {
  const states: TrieState[] = [{ next: new Map(), ends: [], fail: 0 }];
  for (const [number, keyword] of keywords.entries()) {
    let state = 0;
    for (const byte of keyword) {
      const known = states[state]?.next.get(byte);
      const next = known ?? states.push({ next: new Map(), ends: [], fail: 0 }) - 1;
      if (known === undefined) states[state]?.next.set(byte, next);
      state = next;
    }
    if (keyword.length > 0) states[state]?.ends.push(number);
  }
  const queue = [...(states[0]?.next.values() ?? [])];
  for (let at = 0; at < queue.length; at += 1) {
    const state = states[queue[at] ?? 0];
    if (state === undefined) continue;
    for (const [byte, next] of state.next) {
      const target = states[next];
      if (target === undefined) continue;
      queue.push(next);
      target.fail = follow(states, state.fail, byte);
      target.ends.push(...(states[target.fail]?.ends ?? []));
    }
  }
  return states;
}

function follow(states: readonly TrieState[], from: number, byte: number): number {
  for (let state = from; ; state = states[state]?.fail ?? 0) {
    const next = states[state]?.next.get(byte);
    if (next !== undefined) return next;
    if (state === 0) return 0;
  }
}

interface FlatTable {
  /** Next state at `state + class`; states are multiples of the number of classes. */
  readonly table: Uint32Array;
  readonly classes: Uint8Array;
  readonly firstEnd: number;
  readonly ends: ReadonlyMap<number, readonly number[]>;
}

function flatten(states: readonly TrieState[]): FlatTable {
  const classes = new Uint8Array(256);
  let width = 1;
  for (const byte of new Set(states.flatMap((state) => [...state.next.keys()]))) {
    classes[byte] = width;
    width += 1;
  }
  for (let byte = 0x41; byte <= 0x5a; byte += 1) classes[byte] = classes[byte + 32] ?? 0;
  // States in breadth-first order, those that end a keyword behind the others.
  const order = breadthFirst(states);
  const silent = order.filter((state) => states[state]?.ends.length === 0);
  const ending = order.filter((state) => states[state]?.ends.length !== 0);
  const address = new Map([...silent, ...ending].map((state, index) => [state, index * width]));
  const table = new Uint32Array(states.length * width);
  for (const state of order) {
    const base = address.get(state) ?? 0;
    const { next, fail } = states[state] ?? { next: new Map<number, number>(), fail: 0 };
    // Rows of shorter states are complete when a longer one is filled in.
    if (state !== 0) table.copyWithin(base, address.get(fail) ?? 0, (address.get(fail) ?? 0) + width);
    for (const [byte, target] of next) table[base + (classes[byte] ?? 0)] = address.get(target) ?? 0;
  }
  const ends = new Map(ending.map((state) => [address.get(state) ?? 0, states[state]?.ends ?? []]));
  return { table, classes, firstEnd: silent.length * width, ends };
}

function breadthFirst(states: readonly TrieState[]): readonly number[] {
  const order = [0];
  for (let at = 0; at < order.length; at += 1) order.push(...(states[order[at] ?? 0]?.next.values() ?? []));
  return order;
}
