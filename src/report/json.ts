// SPDX-License-Identifier: Apache-2.0
// The report for programs: docs/schema/report.schema.json describes it. Stable within a major version of `schema`.

import type { EvidenceGraph } from '../model/graph.ts';
import type { LicenseDecision, VulnerabilityDecision } from '../model/projection.ts';
import { coverageOf, licensesOf, packageListsOf, undecidedOf, vulnerabilitiesOf } from '../model/projection.ts';
import { upgradePlan } from '../model/upgrade-plan.ts';
import { defineReport, looksFor } from './report.ts';

export const reportSchema = 'https://landwaiter.dev/schema/report/v1';

export const json = defineReport({
  id: 'json',
  aliases: [],
  title: 'JSON report with findings, packages and coverage',
  extension: 'json',
  commands: ['scan'],
  write: (view) => {
    const { open, suppressed } = vulnerabilitiesOf(view.graph);
    const document = {
      schema: reportSchema,
      tool: view.tool,
      createdAt: view.createdAt,
      target: view.target,
      scanners: [...(view.scanners ?? ['vuln'])],
      ...(view.verdict === undefined
        ? {}
        : { verdict: { ...view.verdict, threshold: view.verdict.threshold ?? null } }),
      ...(view.database === undefined ? {} : { database: view.database }),
      findings: open.map(findingOf),
      suppressed: suppressed.map(findingOf),
      ...(looksFor(view, 'license') ? { licenses: licensesIn(view.graph) } : {}),
      undecided: undecidedOf(view.graph).map(({ rule, subject, message }) => ({ rule, subject, message })),
      upgrades: upgradePlan(open.map(({ finding }) => finding)),
      coverage: coverageOf(view.graph),
      lists: packageListsOf(view.graph),
    };
    return `${JSON.stringify(document, undefined, 2)}\n`;
  },
});

/** All of them, with the outcome: allowed ones pass. */
function licensesIn(graph: EvidenceGraph): readonly unknown[] {
  const { open, allowed, suppressed } = licensesOf(graph);
  return [...open, ...suppressed, ...allowed].map((item) => ({ outcome: item.decision.outcome, ...findingOf(item) }));
}

function findingOf({ decision, finding }: VulnerabilityDecision | LicenseDecision): object {
  return {
    ...finding,
    locations: decision.locations,
    evidence: decision.evidence,
    ...(decision.suppressed === undefined ? {} : { suppressed: decision.suppressed }),
  };
}
