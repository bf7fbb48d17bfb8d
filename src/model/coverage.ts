// SPDX-License-Identifier: Apache-2.0
// How much was looked at, and what was not: every collector reports it, every report can show it.
import type { Problem } from './problem.ts';

export interface Coverage {
  /** Regular files met. */
  readonly filesSeen: number;
  /** Files whose content was read. */
  readonly filesRead: number;
  readonly bytesRead: number;
  /** Entries passed over, counted by reason; the first few paths of each as examples. */
  readonly skipped: readonly SkippedEntries[];
  readonly problems: readonly Problem[];
}

export type SkipReason =
  | 'excluded' // by a rule of the user or a built-in one (.git)
  | 'symlink' // a link to a place that is visited anyway
  | 'outside' // a link that leaves the root
  | 'loop' // a link to one of its own parents
  | 'special' // socket, device, fifo
  | 'submodule' // another repository; scan it by itself
  | 'unreadable'
  | 'too-large'
  | 'too-many';

export interface SkippedEntries {
  readonly reason: SkipReason;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Collects coverage while a source is walked; keeps at most `examplesPerReason` paths of each reason. */
export class CoverageRecorder {
  filesSeen = 0;
  filesRead = 0;
  bytesRead = 0;
  readonly #skipped = new Map<SkipReason, { count: number; examples: string[] }>();
  readonly #problems: Problem[] = [];

  skip(reason: SkipReason, path: string): void {
    const entry = this.#skipped.get(reason) ?? { count: 0, examples: [] };
    entry.count += 1;
    if (entry.examples.length < examplesPerReason) entry.examples.push(path);
    this.#skipped.set(reason, entry);
  }

  problem(problem: Problem): void {
    this.#problems.push(problem);
  }

  finish(): Coverage {
    return {
      filesSeen: this.filesSeen,
      filesRead: this.filesRead,
      bytesRead: this.bytesRead,
      skipped: [...this.#skipped].map(([reason, entry]) => ({ reason, ...entry })),
      problems: this.#problems,
    };
  }
}

const examplesPerReason = 5;
