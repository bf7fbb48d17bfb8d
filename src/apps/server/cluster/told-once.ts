// SPDX-License-Identifier: Apache-2.0
// What loops find again and again is told once, and in bounded memory: when that is full, it is told again.
import type { Logger } from '../../../io/log.ts';

const most = 5_000;

export class ToldOnce {
  readonly #log: Logger;
  readonly #told = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  tell(message: string, level: 'warn' | 'error' = 'warn'): void {
    if (this.#told.has(message)) return;
    if (this.#told.size >= most) this.#told.clear();
    this.#told.add(message);
    this.#log[level](message);
  }
}
