// SPDX-License-Identifier: Apache-2.0
// Looks that are under way, each once: whoever asks the same meanwhile waits for the same answer. Bounded, since who asks may go away and the look does not.

export class Flights<A> {
  readonly #most: number;
  readonly #open = new Map<string, Promise<A>>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Undefined when too many are under way already. Rejects as `look` does. */
  run(name: string, look: () => Promise<A>): Promise<A> | undefined {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    if (this.#open.size >= this.#most) return undefined;
    const flight = look().finally(() => this.#open.delete(name));
    this.#open.set(name, flight);
    return flight;
  }
}
