// SPDX-License-Identifier: Apache-2.0
// How much was looked at, and what was not: every collector reports it, every report can show it.
import { defaultLimits } from './limits.ts';
import type { Problem } from './problem.ts';
import { formatCount } from './quantity.ts';

export interface Coverage {
  /** Regular files met. */
  readonly filesSeen: number;
  /** Files whose content was read. */
  readonly filesRead: number;
  readonly bytesRead: number;
  /** Entries passed over, counted by reason, with their paths up to a limit. */
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
  | 'unchanged' // looked at before by the same rules, without a finding
  | 'unreadable'
  | 'too-large'
  | 'too-many';

export interface SkippedEntries {
  readonly reason: SkipReason;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Collects coverage while a source is walked; keeps the first paths of each reason. */
export class CoverageRecorder {
  filesSeen = 0;
  filesRead = 0;
  bytesRead = 0;
  readonly #skipped = new Map<SkipReason, { count: number; examples: string[] }>();
  readonly #problems: Problem[] = [];

  skip(reason: SkipReason, path: string): void {
    const entry = this.#skipped.get(reason) ?? { count: 0, examples: [] };
    entry.count += 1;
    if (entry.examples.length < pathsKept(reason)) entry.examples.push(path);
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

/** What may hide something is kept in full up to a bound; of what is passed over by design a few paths are enough. */
export function pathsKept(reason: SkipReason): number {
  return reason === 'symlink' || reason === 'excluded' || reason === 'unchanged' ? 5 : defaultLimits.skippedPaths;
}

const words: Readonly<Record<SkipReason, readonly [one: string, many: string]>> = {
  outside: ['link that leads outside', 'links that lead outside'],
  loop: ['link in a circle', 'links in a circle'],
  special: ['special file', 'special files'],
  submodule: ['submodule', 'submodules'],
  unreadable: ['unreadable entry', 'unreadable entries'],
  'too-large': ['file too large', 'files too large'],
  'too-many': ['entry over the limit', 'entries over the limit'],
  symlink: ['link to what is visited anyway', 'links to what is visited anyway'],
  excluded: ['excluded', 'excluded'],
  unchanged: ['file unchanged since it was looked at', 'files unchanged since they were looked at'],
};

export function skippedWords(reason: SkipReason, count: number): string {
  return words[reason][count === 1 ? 0 : 1];
}

/** `2 links that lead outside, 1 special file`; what may hide something comes first. Empty when nothing was passed over. */
export function describeSkipped(coverages: readonly Coverage[]): string {
  const counts = new Map<SkipReason, number>();
  for (const { reason, count } of coverages.flatMap((coverage) => coverage.skipped))
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  const reasons = Object.keys(words) as SkipReason[];
  return reasons
    .flatMap((reason) => {
      const count = counts.get(reason) ?? 0;
      return count === 0 ? [] : [`${formatCount(count)} ${skippedWords(reason, count)}`];
    })
    .join(', ');
}
