// SPDX-License-Identifier: Apache-2.0
// What one evaluation needs while it runs: variables in numbered slots, the cost so far, and where a trace is written.

import type { CelValue } from './values.ts';
import { CelObject } from './values.ts';

/** A variable that is computed when it is first read, once an evaluation. */
export class LazyValue extends CelObject {
  readonly typeName = 'dyn';
  readonly #compute: (frame: Frame) => CelValue;
  #state: 'new' | 'running' | 'done' = 'new';
  #value: CelValue = null;

  constructor(compute: (frame: Frame) => CelValue) {
    super();
    this.#compute = compute;
  }

  /** undefined: the value is being computed, it depends on itself. */
  read(frame: Frame): CelValue | undefined {
    if (this.#state === 'done') return this.#value;
    if (this.#state === 'running') return undefined;
    this.#state = 'running';
    this.#value = this.#compute(frame);
    this.#state = 'done';
    return this.#value;
  }
}

export class Frame {
  readonly slots: CelValue[];
  /** In the units of the API server: about one per operation, one per ten characters traversed. */
  cost = 0;
  readonly costLimit: number;
  /** By node id, when the program was planned with a trace. */
  readonly trace: (CelValue | undefined)[] | undefined;

  constructor(slots: CelValue[], costLimit: number, trace?: (CelValue | undefined)[]) {
    this.slots = slots;
    this.costLimit = costLimit;
    this.trace = trace;
  }

  /** Ends the evaluation when it has become too expensive. Not an error value: nothing may absorb it. */
  check(): void {
    if (this.cost > this.costLimit) throw new CostExceeded();
  }
}

/** Leaves the recursion of the evaluation; caught where it began (program.ts). */
export class CostExceeded extends Error {}

export type Evaluate = (frame: Frame) => CelValue;
