// SPDX-License-Identifier: Apache-2.0
// From an inspected target to decisions and a verdict: match, decide, take out what is excepted, fold. Used by every surface.

import type { AdvisoryLookup } from '../advisories/lookup.ts';
import { matchPackages } from '../advisories/match.ts';
import type { UncoveredPackages } from '../advisories/uncovered.ts';
import { checkImage } from '../evidence/images/check-image.ts';
import type { ImageCheck } from '../evidence/images/image-check.ts';
import type { LicensePolicy } from '../evidence/licenses/policy.ts';
import { packageSubject } from '../evidence/packages/record.ts';
import { compileGlob } from '../formats/glob.ts';
import { purlOfName } from '../formats/purl-package.ts';
import type { Decision, Outcome } from '../model/decision.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Finding, VulnerabilityFinding } from '../model/finding.ts';
import { evidenceOfKind } from '../model/graph.ts';
import type { IgnoreRule } from '../model/ignore.ts';
import { imageProductNames, releaseProductNames } from '../model/image-names.ts';
import type { PackageList } from '../model/package.ts';
import { notAppliedRule } from '../model/projection.ts';
import type { Severity } from '../model/severity.ts';
import type { Verdict } from '../model/verdict.ts';
import type { VexStatement } from '../model/vex.ts';
import { decide } from '../verdict/decide.ts';
import { applyIgnores } from '../verdict/exceptions.ts';
import type { UnusedVexStatement } from '../verdict/vex.ts';
import { applyVex } from '../verdict/vex.ts';
import type { Inspection } from './inspect.ts';
import { decideLicenses } from './scan-licenses.ts';

export interface ScanOptions {
  /** Undefined: vulnerabilities are not looked for. */
  readonly lookup: AdvisoryLookup | undefined;
  /** Undefined: licences are not looked at. */
  readonly licenses?: LicensePolicy | undefined;
  /** Run over images; undefined: their configuration is not looked at. */
  readonly imageChecks?: readonly ImageCheck[] | undefined;
  readonly ignores: readonly IgnoreRule[];
  readonly vex: readonly VexStatement[];
  /** Ignore files that were seen and do not count; reports name them. */
  readonly unapplied?: readonly UnappliedFile[];
  /** What the filters of the user let through. */
  readonly keep: (finding: Finding) => boolean;
  readonly threshold: Severity | undefined;
  /** Kinds of "could not look" that shall not make the run incomplete; they are still told. */
  readonly tolerated: ReadonlySet<string>;
  /** RFC 3339. */
  readonly now: string;
}

export interface UnappliedFile {
  readonly path: string;
  readonly reason: string;
}

export interface ScanResult {
  readonly verdict: Verdict;
  readonly unusedIgnores: readonly IgnoreRule[];
  readonly expiredIgnores: readonly IgnoreRule[];
  readonly unusedVex: readonly UnusedVexStatement[];
}

/** Adds decisions to the inspection's graph and folds them into a verdict. */
export function scanInspection(inspection: Inspection, options: ScanOptions): ScanResult {
  const { graph, lists } = inspection;
  const evidenceOf = evidenceBySubject(lists, inspection.evidence);
  const { failures, undecided } = vulnerabilityDecisions(inspection, options, evidenceOf);
  const licenses =
    options.licenses === undefined
      ? { decisions: [], undecided: [] }
      : decideLicenses(lists, {
          policy: options.licenses,
          target: inspection.subject.id,
          evidenceOf,
          tolerated: options.tolerated,
        });
  const configured = imageDecisions(inspection, options.imageChecks);
  const placed = scannerDecisions(inspection);
  const excepted = applyIgnores([...failures, ...placed, ...configured, ...licenses.decisions], options.ignores, {
    now: options.now,
    compileGlob,
  });
  const answered = applyVex(excepted.decisions, options.vex, { graph, targetNames: targetNames(inspection) });
  // Filters come last: an exception for a finding that they leave out has matched something all the same.
  const kept = answered.decisions.filter(({ finding }) => finding === undefined || options.keep(finding));
  const told = (options.unapplied ?? []).map(
    ({ path, reason }): Decision => ({
      rule: notAppliedRule,
      subject: inspection.subject.id,
      outcome: 'skip',
      severity: 'unknown',
      message: `${path} was seen and not applied: ${reason}`,
      locations: [{ path }],
      evidence: [],
    }),
  );
  for (const decision of [...kept, ...undecided, ...licenses.undecided, ...told]) graph.addDecision(decision);
  return {
    verdict: decide(graph.decisions, {
      threshold: options.threshold,
      coverage: [options.tolerated.has('unreadable') ? { ...inspection.coverage, problems: [] } : inspection.coverage],
      recognised: lists.length + recognisedBy(inspection, options),
    }),
    unusedIgnores: excepted.unused,
    expiredIgnores: excepted.expired,
    unusedVex: answered.unused,
  };
}

function imageDecisions(
  { graph, image, subject }: Inspection,
  checks: readonly ImageCheck[] | undefined,
): readonly Decision[] {
  if (image === undefined || checks === undefined) return [];
  const evidence = evidenceOfKind(graph, 'image').map(({ id }) => id);
  return checkImage(image, { checks, subject: subject.id, evidence });
}

/** Every file can be searched for secrets; that says nothing of whether there was anything with vulnerabilities in the target. */
function recognisedBy({ scans }: Inspection, { lookup }: ScanOptions): number {
  const counted = scans.filter(({ scan }) => lookup === undefined || !ofAllFiles.has(scan.fact.scanner));
  return counted.reduce((sum, { scan }) => sum + scan.fact.looked, 0);
}

const ofAllFiles: ReadonlySet<string> = new Set(['secret', 'code']);

function scannerDecisions({ scans, subject }: Inspection): readonly Decision[] {
  return scans.flatMap(({ scan, evidence }) =>
    scan.decisions.map((decision) => ({ ...decision, subject: subject.id, evidence: [evidence.id] })),
  );
}

function vulnerabilityDecisions(
  inspection: Inspection,
  options: ScanOptions,
  evidenceOf: (subject: string) => readonly string[],
): { readonly failures: readonly Decision[]; readonly undecided: readonly Decision[] } {
  if (options.lookup === undefined) return { failures: [], undecided: [] };
  const { findings, uncovered } = matchPackages(
    inspection.lists.map((list) => ({ list, subjectOf: (item) => packageSubject(item).id })),
    options.lookup,
    { now: options.now },
  );
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
  return { failures: findings.map((finding) => decisionOf(finding, evidenceOf)), undecided };
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
  // A project that was never released has no version, and often no package URL of its own.
  const purls = roots.map((item) => item.purl ?? purlOfName(item.type, item.name)).filter((purl) => purl !== undefined);
  const { name, version, subject } = inspection.target;
  return [
    name,
    subject,
    ...inspection.subject.digests,
    ...purls,
    ...imageProductNames(name),
    ...releaseProductNames(name, version),
  ];
}
