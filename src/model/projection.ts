// SPDX-License-Identifier: Apache-2.0
// The questions that most reports ask of a graph.
import type { Coverage } from './coverage.ts';
import type { Decision } from './decision.ts';
import type { LicenseFinding, VulnerabilityFinding } from './finding.ts';
import type { EvidenceGraph } from './graph.ts';
import { evidenceOfKind } from './graph.ts';
import type { PackageList } from './package.ts';
import { severityRank } from './severity.ts';

/** A decision about a vulnerability, with its finding at hand. */
export interface VulnerabilityDecision {
  readonly decision: Decision;
  readonly finding: VulnerabilityFinding;
}

/** Failed decisions about vulnerabilities by risk, then severity, id, package; suppressed ones apart. */
export function vulnerabilitiesOf(graph: EvidenceGraph): {
  readonly open: readonly VulnerabilityDecision[];
  readonly suppressed: readonly VulnerabilityDecision[];
} {
  const all: VulnerabilityDecision[] = [];
  for (const decision of graph.decisions) {
    if (decision.outcome === 'fail' && decision.finding?.kind === 'vulnerability')
      all.push({ decision, finding: decision.finding });
  }
  all.sort((a, b) => compareFindings(a.finding, b.finding));
  return {
    open: all.filter((item) => item.decision.suppressed === undefined),
    suppressed: all.filter((item) => item.decision.suppressed !== undefined),
  };
}

/** A decision about a licence, with its finding at hand. */
export interface LicenseDecision {
  readonly decision: Decision;
  readonly finding: LicenseFinding;
}

/** Decisions about licences by severity, licence, package: those that fail, those that are allowed, those taken out. */
export function licensesOf(graph: EvidenceGraph): {
  readonly open: readonly LicenseDecision[];
  readonly allowed: readonly LicenseDecision[];
  readonly suppressed: readonly LicenseDecision[];
} {
  const all: LicenseDecision[] = [];
  for (const decision of graph.decisions)
    if (decision.finding?.kind === 'license') all.push({ decision, finding: decision.finding });
  all.sort(
    (a, b) =>
      severityRank(a.finding.severity) - severityRank(b.finding.severity) ||
      compareText(a.finding.expression, b.finding.expression) ||
      compareText(a.finding.package.name, b.finding.package.name) ||
      compareText(a.finding.package.version, b.finding.package.version),
  );
  const failed = all.filter(({ decision }) => decision.outcome === 'fail');
  return {
    open: failed.filter(({ decision }) => decision.suppressed === undefined),
    allowed: all.filter(({ decision }) => decision.outcome === 'pass'),
    suppressed: failed.filter(({ decision }) => decision.suppressed !== undefined),
  };
}

/** Order of every report: highest risk first, then severity, id, package name and version. */
export function compareFindings(a: VulnerabilityFinding, b: VulnerabilityFinding): number {
  return (
    b.risk - a.risk ||
    severityRank(a.severity) - severityRank(b.severity) ||
    compareText(a.id, b.id) ||
    compareText(a.package.name, b.package.name) ||
    compareText(a.package.version, b.package.version)
  );
}

/** The rule of decisions about ignore files that were seen and do not count. */
export const notAppliedRule = 'exceptions/ignore-file';

/** What might have been taken for an exception and is none: ignore files that do not count by themselves. */
export function notAppliedOf(graph: EvidenceGraph): readonly Decision[] {
  return graph.decisions.filter((decision) => decision.rule === notAppliedRule);
}

/** Decisions of the outcome `error`: what could not be judged. */
export function undecidedOf(graph: EvidenceGraph): readonly Decision[] {
  return graph.decisions.filter((decision) => decision.outcome === 'error' && decision.suppressed === undefined);
}

export function packageListsOf(graph: EvidenceGraph): readonly PackageList[] {
  return evidenceOfKind(graph, 'packages').map((evidence) => evidence.body);
}

export function coverageOf(graph: EvidenceGraph): readonly Coverage[] {
  return evidenceOfKind(graph, 'coverage').map((evidence) => evidence.body);
}

/** By code unit: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
