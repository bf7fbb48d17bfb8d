// SPDX-License-Identifier: Apache-2.0
// The policies that are in force. A new set takes the place of the old one at once and as a whole; one with a policy that cannot be loaded does not:
// the old one stays, and the reason is kept for status and metrics.
import { formatLocation } from '../../../model/location.ts';
import type { Problem } from '../../../model/problem.ts';
import type { PolicySet } from '../../../policy/policy-set.ts';
import type { RememberingState } from '../../../policy/remembering/remembering-judge.ts';

export interface PolicyStatus {
  /** Counts up with every set that came into force. */
  readonly generation: number;
  readonly policies: number;
  /** Why the newest set is not in force; undefined when it is. */
  readonly refused: string | undefined;
  /** Policies that the set in force lacks, or has in an older version, because they could not be loaded as they are. */
  readonly leftOut: number;
  /** Of the set in force, since it is. Absent: it remembers nothing. */
  readonly remembering?: RememberingState;
}

export class PolicyHolder {
  #set: PolicySet | undefined;
  #generation = 0;
  #refused: string | undefined;
  #leftOut = 0;

  /** Undefined until the first set has come into force. */
  get current(): PolicySet | undefined {
    return this.#set;
  }

  get status(): PolicyStatus {
    const policies = this.#set?.engines.reduce((sum, engine) => sum + engine.policies.length, 0) ?? 0;
    const remembering = this.#set?.remembering?.state;
    return {
      generation: this.#generation,
      policies,
      refused: this.#refused,
      leftOut: this.#leftOut,
      ...(remembering === undefined ? {} : { remembering }),
    };
  }

  /** Whether the set came into force. `problems` are those of reading; those of the set count as well, whether they are among them or not. `leftOut`: policies that were left out before. */
  offer(set: PolicySet, problems: readonly Problem[], leftOut = 0): boolean {
    const bad = [...new Set([...problems, ...set.problems])].filter(({ hidesFindings }) => hidesFindings);
    const [first] = bad;
    if (first !== undefined) {
      const more = bad.length === 1 ? '' : ` (and ${bad.length - 1} more)`;
      this.#refused = `${formatLocation(first.location)}: ${first.message}${more}`;
      return false;
    }
    this.#set = set;
    this.#generation += 1;
    this.#refused = undefined;
    this.#leftOut = leftOut;
    return true;
  }
}
