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
  | 'unreadable'
  | 'too-large'
  | 'too-many';

export interface SkippedEntries {
  readonly reason: SkipReason;
  readonly count: number;
  readonly examples: readonly string[];
}
