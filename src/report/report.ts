// SPDX-License-Identifier: Apache-2.0
// What a report is: a pure view of one run. The list is index.ts.
import type { EvidenceGraph } from '../model/graph.ts';
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
  /** What was looked for; absent: vulnerabilities. */
  readonly scanners?: ReadonlySet<string>;
  /** Elapsed wall time, milliseconds; only for screens, never in a reproducible format. */
  readonly elapsed?: number;
}

export interface ReportTarget {
  /** As typed: `dir:.`. */
  readonly target: string;
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly subject: string;
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

export interface Report {
  /** What `--format` takes: `table`, `json`, `sarif`, `cyclonedx-json`. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly extension: string;
  /** Which commands offer it. */
  readonly commands: readonly ('sbom' | 'scan')[];
  write(view: ReportView, options: ReportOptions): string;
  /** The same text in parts, for reports that can be large: it need not be put together to be sent somewhere. */
  writeInParts?(view: ReportView, options: ReportOptions): readonly string[];
}

/** Whether the run looked for something: a report does not say "none found" of what nobody looked for. */
export function looksFor(view: Pick<ReportView, 'scanners'>, scanner: 'vuln' | 'license'): boolean {
  return view.scanners === undefined ? scanner === 'vuln' : view.scanners.has(scanner);
}

export function defineReport(report: Report): Report {
  return report;
}
