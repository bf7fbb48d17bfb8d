// SPDX-License-Identifier: Apache-2.0
// From a report somebody wrote to the graph that reports are views of. Nothing is matched again: the report's findings are taken as they are.

import { riskOf } from '../advisories/risk.ts';
import { recordPackages } from '../evidence/packages/record.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Decision } from '../model/decision.ts';
import { evidenceOf } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import { GraphBuilder } from '../model/graph.ts';
import { isPlaced, wordsOf } from '../model/placed-finding.ts';
import type { ReportedFinding, ScanReport } from '../model/scan-report.ts';
import type { Severity } from '../model/severity.ts';
import { subjectOf } from '../model/subject.ts';
import { programName, version } from '../model/version.ts';
import type { ReportView } from '../report/report.ts';
import { decide } from '../verdict/decide.ts';

export interface ConvertOptions {
  readonly threshold: Severity | undefined;
  /** RFC 3339; used when the report states no time. */
  readonly now: string;
  readonly keep: (finding: Finding) => boolean;
}

export function convertReport(
  report: ScanReport,
  options: ConvertOptions,
): Omit<ReportView, 'verdict'> & Required<Pick<ReportView, 'verdict'>> {
  const createdAt = report.createdAt ?? options.now;
  const { target } = report;
  const subject = subjectOf('sbom', `${report.format}-report:${target.target}`, target.name || target.target);
  const graph = new GraphBuilder();
  graph.addSubject(subject);
  const producer = { name: report.tools[0] ?? report.format, version: '' };
  const recorded = recordPackages(graph, report.lists, {
    target: subject,
    source: target.target,
    producer,
    observedAt: createdAt,
    trust: 'asserted',
  });
  const coverage: Coverage = {
    filesSeen: report.filesSeen ?? report.lists.length,
    filesRead: report.lists.length,
    bytesRead: 0,
    skipped: [],
    problems: report.problems,
  };
  graph.addEvidence(
    evidenceOf<'coverage'>({
      subject: subject.id,
      kind: 'coverage',
      body: coverage,
      producer,
      source: target.target,
      observedAt: createdAt,
      trust: 'asserted',
    }),
  );
  const evidence = recorded.map((statement) => statement.id);
  for (const result of report.results.filter((item) => options.keep(item.finding)))
    graph.addDecision(decisionOf(result, report, { evidence, target: subject.id }));
  for (const { rule, message } of report.undecided) {
    graph.addDecision({
      rule,
      subject: subject.id,
      outcome: 'error',
      severity: 'unknown',
      message,
      locations: [],
      evidence: [],
    });
  }
  return {
    graph,
    target: { ...target, subject: subject.id },
    tool: { name: programName, version },
    createdAt,
    verdict: decide(graph.decisions, { threshold: options.threshold, coverage: [coverage] }),
    scanners: new Set(report.scanners),
    ...(report.database === undefined ? {} : { database: report.database }),
  };
}

interface DecisionContext {
  readonly evidence: readonly string[];
  /** Subject of what is about no package. */
  readonly target: string;
}

function decisionOf(result: ReportedFinding, report: ScanReport, { evidence, target }: DecisionContext): Decision {
  const finding = withRisk(result.finding, report);
  return {
    rule: ruleOf(finding),
    subject: 'package' in finding ? finding.package.subject : target,
    outcome: result.outcome,
    severity: finding.severity,
    message: sentenceOf(finding),
    locations: result.locations,
    evidence,
    finding,
    ...(result.suppressed === undefined ? {} : { suppressed: result.suppressed }),
  };
}

function ruleOf(finding: Finding): string {
  return `${finding.kind}/${finding.kind === 'license' ? (finding.spdx ?? finding.expression) : finding.id}`;
}

function sentenceOf(finding: Finding): string {
  if (isPlaced(finding)) return wordsOf(finding).message;
  const { name, version: installed } = finding.package;
  return finding.kind === 'vulnerability'
    ? `${name} ${installed} is affected by ${finding.id}`
    : `${name} ${installed} is under ${finding.spdx ?? finding.expression}: ${finding.reason}`;
}

/** Trivy's reports state no risk; ours and Grype's do. */
function withRisk(finding: Finding, report: ScanReport): Finding {
  if (finding.kind !== 'vulnerability' || report.format !== 'trivy') return finding;
  return { ...finding, risk: riskOf(finding) };
}
