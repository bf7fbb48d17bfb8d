// SPDX-License-Identifier: Apache-2.0
// Ends work that takes too long. V8's regular expressions backtrack, and nothing written in JavaScript can stop one that runs; the watchdog
// of node:vm can, because the engine looks at its interrupts while it backtracks. Starting one costs about 0.2 ms, so work is guarded in
// batches first and piece by piece only when a batch was too slow. The script is a constant that calls the job: no foreign text is evaluated.
import { Script } from 'node:vm';

const slot = Symbol.for('landwaiter.guarded-job');
const script = new Script("globalThis[Symbol.for('landwaiter.guarded-job')]()", { filename: 'time-guard' });

export type Guarded<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'too-slow' };

/** Runs the job; what it changed until it was ended stays changed. Not to be nested. */
export function withinTime<T>(milliseconds: number, job: () => T): Guarded<T> {
  const place = globalThis as { [slot]?: (() => void) | undefined };
  let result: Guarded<T> = { kind: 'too-slow' };
  place[slot] = () => {
    result = { kind: 'done', value: job() };
  };
  try {
    script.runInThisContext({ timeout: milliseconds });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return { kind: 'too-slow' };
  } finally {
    place[slot] = undefined;
  }
  return result;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
