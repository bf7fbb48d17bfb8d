// SPDX-License-Identifier: Apache-2.0
// One line about each of several targets: how much was in it and how bad it is.
import type { EvidenceGraph } from './graph.ts';
import type { OriginCounts } from './image-projection.ts';
import { countOrigins, imageOf, originOfDecision } from './image-projection.ts';
import { placedOf } from './placed-finding.ts';
import { licensesOf, packageListsOf, vulnerabilitiesOf } from './projection.ts';
import type { Severity } from './severity.ts';
import { severities } from './severity.ts';

export interface TargetSummary {
  readonly packages: number;
  readonly vulnerabilities: Readonly<Record<Severity, number>>;
  /** Of the configuration, pipelines and code, and secrets. */
  readonly placed: number;
  readonly licenses: number;
  /** Of vulnerabilities and findings at a place together. */
  readonly origins: OriginCounts;
  /** Name of the base image, where it is known. */
  readonly base: string | undefined;
}

export function summarise(graph: EvidenceGraph): TargetSummary {
  const vulnerabilities = vulnerabilitiesOf(graph).open;
  const placed = placedOf(graph).open;
  const image = imageOf(graph);
  const counts = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
  for (const { finding } of vulnerabilities) counts[finding.severity] += 1;
  const decisions = [...vulnerabilities, ...placed].map(({ decision }) => decision);
  return {
    packages: packageListsOf(graph).reduce((sum, list) => sum + list.packages.length, 0),
    vulnerabilities: counts,
    placed: placed.length,
    licenses: licensesOf(graph).open.length,
    origins: countOrigins(decisions.map((decision) => originOfDecision(decision, image))),
    base: image?.facts.base?.name ?? image?.facts.base?.target,
  };
}
