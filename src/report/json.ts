// SPDX-License-Identifier: Apache-2.0
// The report for programs: docs/schema/report.schema.json describes it. Stable within a major version of `schema`.

import type { EvidenceGraph } from '../model/graph.ts';
import { imageOf, originOfDecision } from '../model/image-projection.ts';
import type { PlacedDecision, PlacedKind } from '../model/placed-finding.ts';
import { placedOf } from '../model/placed-finding.ts';
import type { PlannedChange, PlannedWrite, PolicyRun } from '../model/policy-run.ts';
import { countResults } from '../model/policy-run.ts';
import type { LicenseDecision, VulnerabilityDecision } from '../model/projection.ts';
import {
  coverageOf,
  licensesOf,
  notAppliedOf,
  packageListsOf,
  undecidedOf,
  vulnerabilitiesOf,
} from '../model/projection.ts';
import { upgradePlan } from '../model/upgrade-plan.ts';
import type { ReportView } from './report.ts';
import { defineReport, looksFor, sectionsLookedFor } from './report.ts';

export const reportSchema = 'https://landwaiter.dev/schema/report/v1';
/** Of several targets in one document. */
export const reportsSchema = 'https://landwaiter.dev/schema/reports/v1';

export const json = defineReport({
  id: 'json',
  aliases: [],
  title: 'JSON report with findings, packages and coverage',
  extension: 'json',
  commands: ['scan', 'policy'],
  write: (view) => `${JSON.stringify(documentOf(view), undefined, 2)}\n`,
  writeAll: (all) => {
    const document = {
      schema: reportsSchema,
      tool: all.tool,
      createdAt: all.createdAt,
      verdict: { ...all.verdict, threshold: all.verdict.threshold ?? null },
      notOpened: all.notOpened,
      problems: all.problems,
      reports: all.views.map(documentOf),
    };
    return `${JSON.stringify(document, undefined, 2)}\n`;
  },
});

function documentOf(view: ReportView): object {
  const { open, suppressed } = vulnerabilitiesOf(view.graph);
  const image = imageOf(view.graph);
  const withOrigin = (item: VulnerabilityDecision): object => {
    const origin = originOfDecision(item.decision, image);
    return { ...findingOf(item), ...(origin === undefined ? {} : { origin }) };
  };
  return {
    schema: reportSchema,
    tool: view.tool,
    createdAt: view.createdAt,
    target: view.target,
    scanners: [...(view.scanners ?? ['vuln'])],
    ...(view.verdict === undefined ? {} : { verdict: { ...view.verdict, threshold: view.verdict.threshold ?? null } }),
    ...(view.database === undefined ? {} : { database: view.database }),
    ...(image === undefined ? {} : { image: image.facts }),
    findings: open.map(withOrigin),
    suppressed: suppressed.map(withOrigin),
    ...Object.fromEntries(sectionsLookedFor(view).map(({ member, kind }) => [member, placedIn(view.graph, kind)])),
    ...(looksFor(view, 'license') ? { licenses: licensesIn(view.graph) } : {}),
    ...(view.policyRun === undefined ? {} : { policyRun: policyRunIn(view.policyRun) }),
    notApplied: notAppliedOf(view.graph).map(({ rule, message, locations }) => ({ rule, message, locations })),
    undecided: undecidedOf(view.graph).map(({ rule, subject, message }) => ({ rule, subject, message })),
    upgrades: upgradePlan(open.map(({ finding }) => finding)),
    coverage: coverageOf(view.graph),
    lists: packageListsOf(view.graph),
  };
}

/** Results one by one are in the formats for them (openreports); what fails stands among the policies already. */
function policyRunIn({ policies, objects, results, changes, writes, deletions }: PolicyRun): object {
  return {
    policies,
    objects,
    results: countResults(results),
    excepted: results
      .filter(({ exceptions }) => exceptions !== undefined)
      .map(({ policy, rule, object, outcome, exceptions }) => ({ policy, rule, object, outcome, exceptions })),
    changes: changes.map(withoutSecretData),
    writes: writes.map(withoutSecretData),
    deletions,
  };
}

const secretMembers: readonly string[] = ['data', 'stringData'];

/** Reports are kept and passed on: what a Secret holds is not in them. */
function withoutSecretData<T extends PlannedWrite | PlannedChange>(planned: T): T {
  if (planned.object.kind !== 'Secret') return planned;
  const after = Object.fromEntries(Object.entries(planned.after).filter(([member]) => !secretMembers.includes(member)));
  if (!('patch' in planned)) return { ...planned, after };
  const patch = planned.patch.map(({ op, path }) => ({ op, path }));
  return { ...planned, after, patch };
}

/** Those that fail, then those that were taken out. */
function placedIn(graph: EvidenceGraph, kind: PlacedKind): readonly unknown[] {
  const { open, suppressed } = placedOf(graph, kind);
  return [...open, ...suppressed].map(findingOf);
}

/** All of them, with the outcome: allowed ones pass. */
function licensesIn(graph: EvidenceGraph): readonly unknown[] {
  const { open, allowed, suppressed } = licensesOf(graph);
  return [...open, ...suppressed, ...allowed].map((item) => ({ outcome: item.decision.outcome, ...findingOf(item) }));
}

function findingOf({ decision, finding }: VulnerabilityDecision | LicenseDecision | PlacedDecision): object {
  return {
    ...finding,
    locations: decision.locations,
    evidence: decision.evidence,
    ...(decision.suppressed === undefined ? {} : { suppressed: decision.suppressed }),
  };
}
