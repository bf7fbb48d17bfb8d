// SPDX-License-Identifier: Apache-2.0
// What one evaluation may still produce and look at, counted in values and characters. An expression of a few dozen characters can double a list
// with every stage, so the depth of the expression alone bounds nothing.

export class Budget {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  spend(amount: number): void {
    this.#left -= amount;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }
}
