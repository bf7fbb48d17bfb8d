// SPDX-License-Identifier: Apache-2.0
// Lets only so many things happen at once; the others wait in their order. Answers of the API server are bounded each; this bounds them together.

export interface Gate {
  pass<T>(task: () => Promise<T>): Promise<T>;
  /** Tasks that wait. */
  readonly waiting: number;
}

export function makeGate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  const enter = async (): Promise<void> => {
    if (running < most) running += 1;
    // Whoever leaves hands its place on.
    else await new Promise<void>((wake) => waiting.push(wake));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    pass: async (task) => {
      await enter();
      try {
        return await task();
      } finally {
        leave();
      }
    },
    get waiting() {
      return waiting.length;
    },
  };
}
