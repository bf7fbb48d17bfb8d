// SPDX-License-Identifier: Apache-2.0
// From an inspected target to decisions and a verdict: match, decide, take out what is excepted, fold. Used by every surface.

import type { AdvisoryLookup } from '../advisories/lookup.ts';
import { matchPackages } from '../advisories/match.ts';
import type { UncoveredPackages } from '../advisories/uncovered.ts';
import { packageSubject } from '../evidence/packages/record.ts';
import { compileGlob } from '../formats/glob.ts';
import type { Decision, Outcome } from '../model/decision.ts';
import type { Evidence } from '../model/evidence.ts';
import type { VulnerabilityFinding } from '../model/finding.ts';
import type { IgnoreRule } from '../model/ignore.ts';
import type { PackageList } from '../model/package.ts';
import type { Severity } from '../model/severity.ts';
import type { Verdict } from '../model/verdict.ts';
import type { VexStatement } from '../model/vex.ts';
import { decide } from '../verdict/decide.ts';
import { applyIgnores } from '../verdict/exceptions.ts';
import { applyVex } from '../verdict/vex.ts';
import type { Inspection } from './inspect.ts';

export interface ScanOptions {
  readonly lookup: AdvisoryLookup;
  readonly ignores: readonly IgnoreRule[];
  readonly vex: readonly VexStatement[];
  /** Undefined: all. */
  readonly keep: (finding: VulnerabilityFinding) => boolean;
  readonly threshold: Severity | undefined;
  /** Kinds of "could not look" that shall not make the run incomplete; they are still told. */
  readonly tolerated: ReadonlySet<string>;
  /** RFC 3339. */
  readonly now: string;
}

export interface ScanResult {
  readonly verdict: Verdict;
  readonly unusedIgnores: readonly IgnoreRule[];
  readonly expiredIgnores: readonly IgnoreRule[];
  readonly unusedVex: readonly VexStatement[];
}

/** Adds decisions to the inspection's graph and folds them into a verdict. */
export function scanVulnerabilities(inspection: Inspection, options: ScanOptions): ScanResult {
  const { graph, lists } = inspection;
  const { findings, uncovered } = matchPackages(
    lists.map((list) => ({ list, subjectOf: (item) => packageSubject(item).id })),
    options.lookup,
  );
  const evidenceOf = evidenceBySubject(lists, inspection.evidence);
  const failures = findings.filter(options.keep).map((finding) => decisionOf(finding, evidenceOf));
  const excepted = applyIgnores(failures, options.ignores, { now: options.now, compileGlob });
  const answered = applyVex(excepted.decisions, options.vex, { graph, targetNames: targetNames(inspection) });
  const undecided = uncovered.map(
    (gap): Decision => ({
      rule: 'vulnerability/coverage',
      subject: inspection.subject.id,
      outcome: gapOutcome(gap, options.tolerated),
      severity: 'unknown',
      message: gap.message,
      locations: [],
      evidence: [],
    }),
  );
  for (const decision of [...answered.decisions, ...undecided]) graph.addDecision(decision);
  return {
    verdict: decide(graph.decisions, {
      threshold: options.threshold,
      coverage: options.tolerated.has('unreadable') ? [] : [inspection.coverage],
    }),
    unusedIgnores: excepted.unused,
    expiredIgnores: excepted.expired,
    unusedVex: answered.unused,
  };
}

function gapOutcome(gap: UncoveredPackages, tolerated: ReadonlySet<string>): Outcome {
  if (!gap.hidesFindings) return 'skip';
  return tolerated.has(gap.reason === 'no-version' ? 'unpinned' : 'uncovered') ? 'warn' : 'error';
}

/** A package can stand in several lists: the evidence of each, and every place it was seen. */
function evidenceBySubject(
  lists: readonly PackageList[],
  evidence: readonly Evidence[],
): (subject: string) => readonly string[] {
  const index = new Map<string, Evidence[]>();
  for (const [at, list] of lists.entries()) {
    const statement = evidence[at];
    if (statement === undefined) continue;
    for (const { id } of list.packages.map(packageSubject)) {
      const known = index.get(id);
      if (known === undefined) index.set(id, [statement]);
      else if (!known.includes(statement)) known.push(statement);
    }
  }
  return (subject) => (index.get(subject) ?? []).map((statement) => statement.id);
}

function decisionOf(finding: VulnerabilityFinding, evidenceOf: (subject: string) => readonly string[]): Decision {
  const { name, version, subject, locations } = finding.package;
  return {
    rule: `vulnerability/${finding.id}`,
    subject,
    outcome: 'fail',
    severity: finding.severity,
    message: `${name} ${version} is affected by ${finding.id}`,
    locations,
    evidence: evidenceOf(subject),
    finding,
  };
}

/** How a VEX document may call what was scanned: its purl if it is a package, its digests, its name, the root projects' purls. */
function targetNames(inspection: Inspection): string[] {
  const roots = inspection.lists
    .flatMap((list) => list.packages)
    .filter((item) => item.relationship === 'root' || item.relationship === 'workspace');
  const purls = roots.map((item) => item.purl).filter((purl) => purl !== undefined);
  return [inspection.target.name, inspection.target.subject, ...inspection.subject.digests, ...purls];
}
