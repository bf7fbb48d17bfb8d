// SPDX-License-Identifier: Apache-2.0
// Keeps two who disagree from writing against each other for ever: the same object is acted on so often within so long, and then left alone.
import type { Clock } from '../../../../io/clock.ts';

export interface RepeatLimit {
  readonly times: number;
  /** Milliseconds. */
  readonly within: number;
}

const mostRemembered = 20_000;

export class RepeatGuard {
  readonly #clock: Clock;
  readonly #limit: RepeatLimit;
  /** When each was acted on; the one that was longest left alone comes first. */
  readonly #history = new Map<string, readonly number[]>();

  constructor(clock: Clock, limit: RepeatLimit) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Whether it may be acted on once more, which then counts. */
  mayAct(name: string): boolean {
    const { times, within } = this.#limit;
    const now = this.#clock.elapsed();
    const recent = (this.#history.get(name) ?? []).filter((time) => now - time < within);
    if (recent.length >= times) return false;
    const [oldest] = this.#history.keys();
    if (this.#history.size >= mostRemembered && oldest !== undefined) this.#history.delete(oldest);
    this.#history.delete(name);
    this.#history.set(name, [...recent, now]);
    return true;
  }
}
