// SPDX-License-Identifier: Apache-2.0
// What a report is: a pure view of one run. The list is index.ts.
import type { EvidenceGraph } from '../model/graph.ts';
import type { Location } from '../model/location.ts';
import type { PlacedSection } from '../model/placed-finding.ts';
import { placedSections } from '../model/placed-finding.ts';
import type { PolicyRun } from '../model/policy-run.ts';
import type { Problem } from '../model/problem.ts';
import type { Severity } from '../model/severity.ts';
import type { Verdict } from '../model/verdict.ts';

export interface ReportView {
  readonly graph: EvidenceGraph;
  readonly target: ReportTarget;
  readonly tool: { readonly name: string; readonly version: string };
  /** RFC 3339; from SOURCE_DATE_EPOCH when set, so that the same input gives the same bytes. */
  readonly createdAt: string;
  /** Present for scans, absent for plain SBOMs. */
  readonly verdict?: Verdict;
  readonly database?: ReportDatabase;
  /** Of policies over objects: results one by one, and what the policies would do besides. */
  readonly policyRun?: PolicyRun;
  /** What was looked for; absent: vulnerabilities. */
  readonly scanners?: ReadonlySet<string>;
  /** Elapsed wall time, milliseconds; only for screens, never in a reproducible format. */
  readonly elapsed?: number;
  /** Of each scanner of files, as `elapsed`. */
  readonly timings?: readonly { readonly scanner: string; readonly milliseconds: number }[];
}

export interface UnopenedTarget {
  readonly target: string;
  readonly code: string;
  readonly message: string;
  readonly namedBy: readonly Location[];
}

/** Several targets of one run. */
export interface CombinedView {
  readonly views: readonly ReportView[];
  /** Targets that could not be looked at, in the order they were named. */
  readonly notOpened: readonly UnopenedTarget[];
  /** What kept targets from being known at all, such as manifests that cannot be read. */
  readonly problems: readonly Problem[];
  readonly tool: ReportView['tool'];
  readonly createdAt: string;
  /** Of all of them together. */
  readonly verdict: Verdict;
  readonly elapsed?: number;
}

export interface ReportTarget {
  /** As typed: `dir:.`. */
  readonly target: string;
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly subject: string;
  /** Places of manifests that name it, for images that were found in some. */
  readonly namedBy?: readonly Location[];
}

export interface ReportDatabase {
  readonly advisories: number;
  readonly newest: string;
  readonly builtAt: string;
  readonly ageDays: number;
  readonly stale: boolean;
  /** OSV ecosystems of which the database holds a selection only. */
  readonly partial: readonly string[];
}

export interface ReportOptions {
  /** Columns of the terminal; undefined when stdout is none: nothing is cut then. */
  readonly width: number | undefined;
  readonly color: boolean;
  /** Show suppressed findings too. */
  readonly showSuppressed: boolean;
  readonly threshold: Severity | undefined;
  /** Version of the format, where one has several: `1.6`, `2.3`. */
  readonly formatVersion?: string;
}

/** What offers reports: `policy` is `policy apply`. */
export type ReportCommand = 'sbom' | 'scan' | 'policy';

export interface Report {
  /** What `--format` takes: `table`, `json`, `sarif`, `cyclonedx-json`. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly extension: string;
  /** Which commands offer it. */
  readonly commands: readonly ReportCommand[];
  write(view: ReportView, options: ReportOptions): string;
  /** One report of several targets; absent: the format has no place for them. */
  writeAll?(all: CombinedView, options: ReportOptions): string;
  /** The same text in parts, for reports that can be large: it need not be put together to be sent somewhere. */
  writeInParts?(view: ReportView, options: ReportOptions): readonly string[];
}

/** Whether the run looked for something: a report does not say "none found" of what nobody looked for. */
export function looksFor(
  view: Pick<ReportView, 'scanners'>,
  scanner: 'vuln' | 'license' | PlacedSection['scanner'],
): boolean {
  return view.scanners === undefined ? scanner === 'vuln' : view.scanners.has(scanner);
}

export function defineReport(report: Report): Report {
  return report;
}

/** The parts of a report on what was found at places, of what the run looked for. */
export function sectionsLookedFor(view: Pick<ReportView, 'scanners'>): readonly PlacedSection[] {
  return placedSections.filter(({ scanner }) => looksFor(view, scanner));
}
