// SPDX-License-Identifier: Apache-2.0
// When a registry is asked again, and how many requests it gets at once. Time and chance are handed in.

export interface Pace {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

export interface RetryOptions {
  /** Requests in all, the first one included. */
  readonly attempts: number;
  /** Milliseconds: the first delay, doubled each time, at most `longest`. A registry that asks for more than that is given up. */
  readonly first: number;
  readonly longest: number;
}

export const defaultRetry: RetryOptions = { attempts: 4, first: 500, longest: 20_000 };

/**
 * Milliseconds to wait before the attempt after the `failed`-th (from 1); undefined: give up. Without a wish of the registry half of the
 * delay is chance, so that many clients do not come back together.
 */
export function delayAfter(
  failed: number,
  retryAfter: number | undefined,
  { options, random }: { readonly options: RetryOptions; readonly random: () => number },
): number | undefined {
  if (failed >= options.attempts) return undefined;
  const backoff = Math.min(options.longest, options.first * 2 ** (failed - 1));
  const jittered = backoff / 2 + (backoff / 2) * random();
  if (retryAfter === undefined) return jittered;
  const wished = retryAfter * 1_000;
  // A little more than wished: clocks differ, and everybody else was told the same second.
  return wished > options.longest ? undefined : wished + (options.first / 2) * random();
}

const mostGates = 1_000;

/** One gate for each host, for all clients that share this. */
export class HostGates {
  readonly #width: number;
  readonly #gates = new Map<string, HostGate>();

  constructor(width: number) {
    this.#width = width;
  }

  of(host: string): HostGate {
    const known = this.#gates.get(host);
    if (known !== undefined) return known;
    // Those that nobody waits at are made anew when they are needed; a wish of their host is kept as long as there is room.
    if (this.#gates.size >= mostGates)
      for (const [name, gate] of this.#gates)
        if (gate.isIdle && (gate.notBefore === 0 || this.#gates.size >= 2 * mostGates)) this.#gates.delete(name);
    const gate = new HostGate(this.#width);
    this.#gates.set(host, gate);
    return gate;
  }
}

/** Lets at most `width` requests through to one host, in the order of asking, and none before a time that the host asked for. */
export class HostGate {
  readonly #width: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  /** Milliseconds since 1970: the host wants no request before. */
  notBefore = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get isIdle(): boolean {
    return this.#busy === 0;
  }

  /** Resolves with the function that makes room again; calling it twice does nothing. */
  async enter(): Promise<() => void> {
    if (this.#busy >= this.#width) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const next = this.#waiting.shift();
      // The place is handed over: the count of those inside stays.
      if (next === undefined) this.#busy -= 1;
      else next();
    };
  }
}
