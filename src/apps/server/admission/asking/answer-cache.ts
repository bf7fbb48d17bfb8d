// SPDX-License-Identifier: Apache-2.0
// Answers for as long as they may be believed, in bounded memory. Two generations: what nobody asked for while the younger one filled up goes with the older
// one, so that a hit costs one look into a map and allocates nothing.

export interface AnswerCacheOptions<A> {
  readonly entries: number;
  /** Of all answers together, as `weigh` counts them. */
  readonly bytes: number;
  /** Milliseconds for which an answer is believed; 0: it is not kept. */
  readonly lifetime: (answer: A) => number;
  /** About how many bytes an answer holds; 500 when absent. */
  readonly weigh?: (answer: A) => number;
}

interface Kept<A> {
  readonly answer: A;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly weight: number;
}

export class AnswerCache<A> {
  readonly #options: AnswerCacheOptions<A>;
  #young = new Map<string, Kept<A>>();
  #old = new Map<string, Kept<A>>();
  #youngWeight = 0;
  #oldWeight = 0;

  constructor(options: AnswerCacheOptions<A>) {
    this.#options = options;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get bytes(): number {
    return this.#youngWeight + this.#oldWeight;
  }

  /** Undefined: not known, or not believed any more. */
  get(name: string, now: number): A | undefined {
    const young = this.#young.get(name);
    if (young !== undefined) return young.until > now ? young.answer : undefined;
    const old = this.#old.get(name);
    if (old === undefined) return undefined;
    this.#old.delete(name);
    this.#oldWeight -= old.weight;
    if (old.until <= now) return undefined;
    this.#keep(name, old);
    return old.answer;
  }

  /** `until`: not longer than that, in milliseconds since 1970. */
  put(name: string, answer: A, { now, until = Infinity }: { readonly now: number; readonly until?: number }): void {
    const end = Math.min(now + this.#options.lifetime(answer), until);
    this.delete(name);
    if (end <= now) return;
    const weight = (this.#options.weigh?.(answer) ?? 500) + 2 * name.length;
    // One answer that is larger than all together may be is looked up again.
    if (weight > this.#options.bytes / 2) return;
    this.#keep(name, { answer, until: end, weight });
  }

  /** Milliseconds since 1970 until which an answer is believed; undefined when it is not known. */
  untilOf(name: string): number | undefined {
    return (this.#young.get(name) ?? this.#old.get(name))?.until;
  }

  delete(name: string): void {
    this.#youngWeight -= this.#young.get(name)?.weight ?? 0;
    this.#oldWeight -= this.#old.get(name)?.weight ?? 0;
    this.#young.delete(name);
    this.#old.delete(name);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#youngWeight = 0;
    this.#oldWeight = 0;
  }

  #keep(name: string, kept: Kept<A>): void {
    const { entries, bytes } = this.#options;
    if (this.#young.size >= entries / 2 || this.#youngWeight + kept.weight > bytes / 2) {
      this.#old = this.#young;
      this.#oldWeight = this.#youngWeight;
      this.#young = new Map();
      this.#youngWeight = 0;
    }
    this.#young.set(name, kept);
    this.#youngWeight += kept.weight;
  }
}
