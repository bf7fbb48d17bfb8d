// SPDX-License-Identifier: Apache-2.0
// Which parts of a policy set passed a request without a word, for requests that nobody can tell from it. Bounded in entries and in characters; what nobody
// asked for while the younger generation filled up goes with the older one.
import type { Call } from './observation.ts';
import type { Reading } from './read-paths.ts';

/** One thing that judges by itself: a policy, or an engine as a whole. */
export interface PartPlace {
  readonly member: number;
  readonly part: number;
}

export interface AskingPart extends PartPlace {
  /** What it asked of the world; it passes as long as the answers are the same. */
  readonly calls: readonly Call[];
}

export interface Remembered {
  /** By member: the parts that have to be judged whatever the world says; undefined: none. */
  readonly open: readonly (ReadonlySet<number> | undefined)[];
  readonly asking: readonly AskingPart[];
  /** Whether the world can be asked what the parts wanted to know; without that nothing of it counts. */
  readonly presence: readonly Call[];
}

interface Entry {
  readonly values: readonly unknown[];
  readonly remembered: Remembered;
  readonly weight: number;
}

export interface PassMemoryLimits {
  readonly entries: number;
  /** Of all entries together: characters of what was read, asked and told, and eight for each value. */
  readonly characters: number;
}

/** Different requests with the same hash: more are not kept, so that nobody can make a look-up long. */
const mostAlike = 8;

export class PassMemory {
  readonly #limits: PassMemoryLimits;
  #young = new Map<number, Entry[]>();
  #old = new Map<number, Entry[]>();
  #youngEntries = 0;
  #oldEntries = 0;
  #youngWeight = 0;

  constructor(limits: PassMemoryLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#youngEntries + this.#oldEntries;
  }

  get(reading: Reading): Remembered | undefined {
    const young = find(this.#young.get(reading.hash), reading);
    if (young !== undefined) return young.remembered;
    const old = find(this.#old.get(reading.hash), reading);
    if (old === undefined) return undefined;
    takeOut(this.#old, reading.hash, old);
    this.#oldEntries -= 1;
    this.#keep(reading.hash, old);
    return old.remembered;
  }

  put(reading: Reading, remembered: Remembered): void {
    const values = reading.values.slice(0, reading.length);
    const weight = weightOf(values) + remembered.asking.reduce((sum, { calls }) => sum + weightOfCalls(calls), 0);
    // One that takes a large part of everything is not worth it.
    if (weight > this.#limits.characters / 16) return;
    this.delete(reading);
    this.#keep(reading.hash, { values, remembered, weight });
  }

  delete(reading: Reading): void {
    for (const generation of [this.#young, this.#old]) {
      const entry = find(generation.get(reading.hash), reading);
      if (entry === undefined) continue;
      takeOut(generation, reading.hash, entry);
      if (generation === this.#young) {
        this.#youngEntries -= 1;
        this.#youngWeight -= entry.weight;
      } else this.#oldEntries -= 1;
    }
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#youngEntries = 0;
    this.#oldEntries = 0;
    this.#youngWeight = 0;
  }

  #keep(hash: number, entry: Entry): void {
    const { entries, characters } = this.#limits;
    if (this.#youngEntries >= entries / 2 || this.#youngWeight + entry.weight > characters / 2) {
      this.#old = this.#young;
      this.#oldEntries = this.#youngEntries;
      this.#young = new Map();
      this.#youngEntries = 0;
      this.#youngWeight = 0;
    }
    const alike = this.#young.get(hash);
    if (alike === undefined) this.#young.set(hash, [entry]);
    else if (alike.length < mostAlike) alike.push(entry);
    else return;
    this.#youngEntries += 1;
    this.#youngWeight += entry.weight;
  }
}

function weightOf(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => sum + 8 + (typeof value === 'string' ? value.length : 0), 0);
}

/** What policies demand is the same object for all entries; what they demand it of are texts, and lists of texts. */
function weightOfCalls(calls: readonly Call[]): number {
  return calls.reduce((sum, { input = [], answer }) => {
    const members = input.flatMap((item) => (isObject(item) ? Object.values(item) : [item]));
    const texts = members.flatMap((member): unknown => (Array.isArray(member) ? member : [member]));
    return sum + weightOf(texts) + weightOf([answer.value, ...(answer.items ?? [])]);
  }, 0);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** With the list, when it was the last one: an empty one for each hash that ever was would fill the memory. */
function takeOut(generation: Map<number, Entry[]>, hash: number, entry: Entry): void {
  const left = generation.get(hash)?.filter((other) => other !== entry) ?? [];
  if (left.length === 0) generation.delete(hash);
  else generation.set(hash, left);
}

function find(alike: readonly Entry[] | undefined, reading: Reading): Entry | undefined {
  if (alike === undefined) return undefined;
  for (const entry of alike) if (reading.isEqual(entry.values)) return entry;
  return undefined;
}
