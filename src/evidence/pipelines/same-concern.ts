// SPDX-License-Identifier: Apache-2.0
// Several parts of the audit look at the same files. Where two report the same concern at the same place one finding stays: that which more people are to see,
// then the more exact one. It keeps the names of both, and
// the worse severity.
import type { Location } from '../../model/location.ts';
import type { PipelineFinding, PipelinePersona } from '../../model/pipeline-finding.ts';
import type { Severity } from '../../model/severity.ts';
import { severityRank } from '../../model/severity.ts';
import type { Fix } from '../../model/text-edit.ts';

/** Checks that are about the same thing. */
const concerns: readonly (readonly string[])[] = [
  ['script-injection', 'template-injection', 'workflow-untrusted-input'],
  ['broad-permissions', 'default-permissions-on-risky-event', 'excessive-permissions'],
  ['unpinned-component', 'unpinned-uses'],
  ['unpinned-image', 'unpinned-images'],
  ['all-secrets-in-job', 'overprovisioned-secrets'],
  ['self-hosted-runner-for-outsiders', 'self-hosted-runner'],
  ['condition-always-true', 'unsound-condition', 'workflow-if-cond'],
  ['automatic-merge-by-actor', 'bot-conditions'],
  ['shared-cache', 'cache-poisoning'],
  ['known-vulnerable-component', 'known-vulnerable-actions'],
  ['literal-secret', 'hardcoded-container-credentials', 'workflow-credentials'],
];

const concernOf: ReadonlyMap<string, string> = new Map(concerns.flatMap((ids) => ids.map((id) => [id, ids[0] ?? id])));

export const personaRank: Readonly<Record<PipelinePersona, number>> = { regular: 0, pedantic: 1, auditor: 2 };

/** true when two findings are of one concern and overlap. */
export function isSameConcern(a: PipelineFinding, b: PipelineFinding): boolean {
  if (a === b || concernKey(a) !== concernKey(b)) return false;
  if (concernKey(a) === 'broad-permissions')
    return a.locations[0]?.path === b.locations[0]?.path && (a.job ?? b.job) === (b.job ?? a.job);
  return a.locations.some((first) => b.locations.some((second) => overlap(first, second)));
}

function concernKey({ id }: PipelineFinding): string {
  return concernOf.get(id) ?? id;
}

/** Findings in order, each concern once at each place. */
export function mergeConcerns(findings: readonly PipelineFinding[]): readonly PipelineFinding[] {
  const groups = Map.groupBy(findings, (finding) => `${concernKey(finding)} ${finding.locations[0]?.path}`);
  const dropped = new Set<PipelineFinding>();
  const names = new Map<PipelineFinding, Set<string>>();
  const fixes = new Map<PipelineFinding, Fix>();
  const worst = new Map<PipelineFinding, Severity>();
  for (const group of groups.values()) {
    const sorted = group.toSorted(byWorth);
    for (const [at, kept] of sorted.entries()) {
      if (dropped.has(kept)) continue;
      for (const other of sorted.slice(at + 1)) {
        // One check may well say two things of one line.
        if (dropped.has(other) || other.id === kept.id || !isSameConcern(kept, other)) continue;
        dropped.add(other);
        names.set(kept, new Set([...(names.get(kept) ?? kept.aliases), ...other.aliases]));
        const severity = worst.get(kept) ?? kept.severity;
        worst.set(kept, severityRank(other.severity) < severityRank(severity) ? other.severity : severity);
        if (kept.fix === undefined && other.fix !== undefined && !fixes.has(kept)) fixes.set(kept, other.fix);
      }
    }
  }
  return findings.flatMap((finding) => {
    if (dropped.has(finding)) return [];
    const aliases = names.get(finding);
    if (aliases === undefined) return [finding];
    const fix = fixes.get(finding);
    const severity = worst.get(finding) ?? finding.severity;
    return [{ ...finding, aliases: [...aliases].sort(), severity, ...(fix === undefined ? {} : { fix }) }];
  });
}

/** A fix and a narrow place make a finding worth more. */
function byWorth(a: PipelineFinding, b: PipelineFinding): number {
  return (
    personaRank[a.persona] - personaRank[b.persona] ||
    Number(b.fix !== undefined) - Number(a.fix !== undefined) ||
    linesOf(a) - linesOf(b) ||
    columnsOf(b) - columnsOf(a)
  );
}

function linesOf({ locations: [first] }: PipelineFinding): number {
  return first?.line === undefined ? 1_000_000 : (first.endLine ?? first.line) - first.line;
}

function columnsOf({ locations: [first] }: PipelineFinding): number {
  return first?.column ?? 0;
}

function overlap(a: Location, b: Location): boolean {
  if (a.path !== b.path || a.line === undefined || b.line === undefined) return false;
  return a.line <= (b.endLine ?? b.line) && b.line <= (a.endLine ?? a.line);
}
