// SPDX-License-Identifier: Apache-2.0
// Tells in Events which installed policies cannot come into force: each fault of a policy once, by the leader only.
import type { Compilation } from '../policy-compilation.ts';
import type { InstalledPolicy } from '../policy-watches.ts';
import type { ClusterEvent } from './cluster-event.ts';
import { referenceTo } from './cluster-event.ts';

export interface RefusalEventsOptions {
  readonly isLeader: () => boolean;
  readonly offer: (event: ClusterEvent) => void;
}

export class RefusalEvents {
  readonly #options: RefusalEventsOptions;
  #last: readonly [Pick<Compilation, 'refused'>, readonly InstalledPolicy[]] | undefined;
  /** By key: the fault that was told. */
  #told = new Map<string, string>();

  constructor(options: RefusalEventsOptions) {
    this.#options = options;
  }

  /** After each compilation. */
  tell(compilation: Pick<Compilation, 'refused'>, installed: readonly InstalledPolicy[]): void {
    this.#last = [compilation, installed];
    if (!this.#options.isLeader()) return;
    const told = new Map<string, string>();
    for (const { key, object } of installed) {
      const fault = compilation.refused.get(key);
      if (fault === undefined) continue;
      const note = `not in force as it is (in force: ${fault.instead}): ${fault.message}`;
      told.set(key, note);
      if (this.#told.get(key) === note) continue;
      this.#options.offer({
        type: 'Warning',
        reason: 'PolicyError',
        action: 'Policy Refused',
        regarding: referenceTo(object),
        note,
        // Another fault of the same policy is another Event: notes cannot be changed.
        family: `refused ${key} ${note}`,
      });
    }
    this.#told = told;
  }

  /** For a replica that has just become the leader. */
  again(): void {
    if (this.#last !== undefined) this.tell(...this.#last);
  }
}
