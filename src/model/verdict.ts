// SPDX-License-Identifier: Apache-2.0
import type { Severity } from './severity.ts';

/**
 * The answers and their exit codes (architecture.md section 4). `incomplete` wins over nothing but `clean`. `empty`: nothing in the target was
 * recognised, so nothing was looked at; exit 0 as for `clean`, but not the same answer.
 */
export type VerdictState = 'clean' | 'empty' | 'findings' | 'incomplete';

export interface Verdict {
  readonly state: VerdictState;
  /** Exit code 0, 1 or 3. */
  readonly exitCode: 0 | 1 | 3;
  readonly threshold: Severity | undefined;
  /** One sentence for the end of a report. */
  readonly reason: string;
  /** How many decisions failed at or over the threshold, failed below it, were suppressed, could not be made. */
  readonly counts: {
    readonly over: number;
    readonly under: number;
    readonly suppressed: number;
    readonly errors: number;
  };
}
