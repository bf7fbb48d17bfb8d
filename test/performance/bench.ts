// SPDX-License-Identifier: Apache-2.0
// What a benchmark is: a value and a baseline measured in the same run, so that the ratio means something on a noisy machine.

export interface BenchResult {
  readonly unit: string;
  readonly value: number;
  /** A physical limit or a peer, measured in the same run. */
  readonly baseline: number;
  readonly detail: Readonly<Record<string, number | string>>;
}

export interface Bench {
  readonly name: string;
  /** What is compared with what. */
  readonly title: string;
  run(): Promise<BenchResult>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
