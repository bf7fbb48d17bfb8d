// SPDX-License-Identifier: Apache-2.0
import type { Location } from './location.ts';

/** What one scanner saw in the files of a target: the facts on which its decisions rest. */
export interface SourceScanFact {
  /** As `--scanners` calls it. */
  readonly scanner: string;
  /** Files and objects it looked at. */
  readonly looked: number;
  readonly rules: number;
  readonly findings: readonly SourceScanFinding[];
}

export interface SourceScanFinding {
  readonly id: string;
  readonly locations: readonly Location[];
  /** Where the scanner gives one that moves with the finding. */
  readonly fingerprint?: string;
}
