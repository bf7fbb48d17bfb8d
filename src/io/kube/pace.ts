// SPDX-License-Identifier: Apache-2.0
// Time and chance of the cluster client, handed in, and how long it waits before it asks again.

export interface KubePace {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** Resolves after the time, or at once when the signal comes. */
  readonly pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export const systemPace: KubePace = {
  now: () => Date.now(),
  random: () => Math.random(),
  pause: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal?.addEventListener('abort', end, { once: true });
    }),
};

export interface Backoff {
  /** Milliseconds: the first delay, doubled each time, and the longest. */
  readonly first: number;
  readonly longest: number;
}

/** Milliseconds before the attempt after the `failed`-th failure in a row (from 1). Half of it is chance, so that many clients do not come back together. */
export function backoffDelay(failed: number, { first, longest }: Backoff, random: () => number): number {
  const whole = Math.min(longest, first * 2 ** Math.min(failed - 1, 30));
  return whole / 2 + (whole / 2) * random();
}

/** Milliseconds that a server asked for, and a little chance on top: everybody else was told the same second. */
export function wishedDelay(retryAfter: number, { first }: Backoff, random: () => number): number {
  return retryAfter * 1_000 + (first / 2) * random();
}
