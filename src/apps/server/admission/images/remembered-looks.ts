// SPDX-License-Identifier: Apache-2.0
// Memories for looks of registries: what was found is believed for a while, and two who ask at the same time share one look.
import type { Memory } from '../../../signatures/demand-looking.ts';
import type { AnswerCacheOptions } from '../asking/answer-cache.ts';
import { AnswerCache } from '../asking/answer-cache.ts';
import { Flights } from '../asking/flights.ts';

export interface RememberedLooksOptions<T> extends AnswerCacheOptions<T> {
  readonly now: () => number;
  /** Looks that may be under way at a time. */
  readonly atOnce: number;
  /** The answer when there are too many. */
  readonly busy: T;
}

export class RememberedLooks<T> implements Memory<T> {
  readonly #cache: AnswerCache<T>;
  readonly #flights: Flights<T>;
  readonly #options: RememberedLooksOptions<T>;

  constructor(options: RememberedLooksOptions<T>) {
    this.#options = options;
    this.#cache = new AnswerCache(options);
    this.#flights = new Flights(options.atOnce);
  }

  get size(): number {
    return this.#cache.size;
  }

  async get(name: string, look: () => Promise<T>): Promise<T> {
    const known = this.#cache.get(name, this.#options.now());
    if (known !== undefined) return known;
    const flight = this.#flights.run(name, async () => {
      const answer = await look();
      this.#cache.put(name, answer, { now: this.#options.now() });
      return answer;
    });
    return flight ?? this.#options.busy;
  }
}

/** Believes nothing: for demands whose answer may not be kept. */
export function forgetful<T>(): Memory<T> {
  return { get: (_name, look) => look() };
}
