// SPDX-License-Identifier: Apache-2.0
// The neutral result of reading a report of a scan, ours or that of another program. Readers stand in src/formats.
import type { Suppression } from './decision.ts';
import type { Finding } from './finding.ts';
import type { Location } from './location.ts';
import type { PackageList } from './package.ts';
import type { Problem } from './problem.ts';

export interface ScanReport {
  readonly format: 'landwaiter' | 'trivy' | 'grype';
  readonly target: {
    /** As it was typed: `dir:.`, `alpine:3.19`. */
    readonly target: string;
    readonly kind: string;
    readonly name: string;
    readonly version: string;
  };
  /** RFC 3339; absent when the report does not say. */
  readonly createdAt?: string;
  /** Programs that made the report, `name version`. */
  readonly tools: readonly string[];
  /** What was looked for: `vuln`, `license`. */
  readonly scanners: readonly string[];
  /** What the findings rest on, where the report says it. */
  readonly database?:
    | {
        readonly advisories: number;
        readonly newest: string;
        readonly builtAt: string;
        readonly ageDays: number;
        readonly stale: boolean;
        readonly partial: readonly string[];
      }
    | undefined;
  /** Files met, where the report counts them. */
  readonly filesSeen?: number;
  readonly lists: readonly PackageList[];
  readonly results: readonly ReportedFinding[];
  /** What the report says could not be looked at. */
  readonly undecided: readonly { readonly rule: string; readonly message: string }[];
  /** Of the reading, and those that the report itself tells of. */
  readonly problems: readonly Problem[];
}

export interface ReportedFinding {
  readonly finding: Finding;
  readonly outcome: 'fail' | 'pass';
  readonly locations: readonly Location[];
  readonly suppressed?: Suppression;
}

/** Reads one document. Never throws: bad input gives `problems`. `path` is used in locations. */
export type ScanReportReader = (text: string, path: string) => ScanReport;
