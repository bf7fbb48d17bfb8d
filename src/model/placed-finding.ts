// SPDX-License-Identifier: Apache-2.0
// Findings that are about a place in a file and not about a package: secrets, pipelines, configuration, code. Reports show them alike.
import type { CodeFinding } from './code-finding.ts';
import type { Decision } from './decision.ts';
import type { Finding, MisconfigurationFinding } from './finding.ts';
import type { EvidenceGraph } from './graph.ts';
import type { PipelineFinding } from './pipeline-finding.ts';
import type { PolicyFinding } from './policy-finding.ts';
import { compareText } from './projection.ts';
import type { SecretFinding } from './secret-finding.ts';
import type { Severity } from './severity.ts';
import { severityRank } from './severity.ts';

export type PlacedFinding = MisconfigurationFinding | SecretFinding | PipelineFinding | CodeFinding | PolicyFinding;
export type PlacedKind = PlacedFinding['kind'];

export interface PlacedSection {
  readonly kind: PlacedKind;
  /** What `--scanners` calls it. */
  readonly scanner: 'policy' | 'secret' | 'pipeline' | 'misconfig' | 'code';
  /** Headline of its part of a report. */
  readonly title: string;
  /** Its member in the JSON report, and its id in pages. */
  readonly member: string;
}

/** In the order of reports. */
export const placedSections: readonly PlacedSection[] = [
  { kind: 'policy', scanner: 'policy', title: 'Policies', member: 'policies' },
  { kind: 'secret', scanner: 'secret', title: 'Secrets', member: 'secrets' },
  { kind: 'pipeline', scanner: 'pipeline', title: 'Pipelines', member: 'pipelines' },
  { kind: 'misconfiguration', scanner: 'misconfig', title: 'Configuration', member: 'misconfigurations' },
  { kind: 'code', scanner: 'code', title: 'Code', member: 'code' },
];

/** What every report says of such a finding, in one form. */
export interface PlacedWords {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly severity: Severity;
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to do; empty when the finding does not say. */
  readonly remediation: string;
  /** What it was found in, for people; empty when the place says all. */
  readonly resource: string;
  readonly urls: readonly string[];
  /** The same wherever the finding moves; absent where the place is all there is. */
  readonly fingerprint?: string;
}

export interface PlacedDecision {
  readonly decision: Decision;
  readonly finding: PlacedFinding;
  readonly told: PlacedWords;
}

export function isPlaced(finding: Finding): finding is PlacedFinding {
  return finding.kind !== 'vulnerability' && finding.kind !== 'license';
}

/** Failed decisions about findings of a kind, by severity, id, place; suppressed ones apart. Without a kind: of all of them. */
export function placedOf(
  graph: Pick<EvidenceGraph, 'decisions'>,
  kind?: PlacedKind,
): { readonly open: readonly PlacedDecision[]; readonly suppressed: readonly PlacedDecision[] } {
  const all: PlacedDecision[] = [];
  for (const decision of graph.decisions) {
    const { finding, outcome } = decision;
    if (outcome !== 'fail' || finding === undefined || !isPlaced(finding)) continue;
    if (kind === undefined || finding.kind === kind) all.push({ decision, finding, told: wordsOf(finding) });
  }
  all.sort(comparePlaced);
  return {
    open: all.filter(({ decision }) => decision.suppressed === undefined),
    suppressed: all.filter(({ decision }) => decision.suppressed !== undefined),
  };
}

/** The words of a finding, whatever its kind. */
export function wordsOf(finding: PlacedFinding): PlacedWords {
  const { id, title, severity } = finding;
  switch (finding.kind) {
    case 'misconfiguration': {
      const { aliases, message, remediation, resource, urls } = finding;
      return { id, aliases, title, severity, message, remediation, resource, urls };
    }
    case 'secret': {
      const since = finding.commit === undefined ? '' : ` since commit ${finding.commit.id.slice(0, 12)}`;
      const message = `${title} (${finding.redacted})${since}`;
      const remediation =
        'Revoke it where it was issued, then take it out of the text: whoever has read it still holds it';
      const { fingerprint } = finding;
      return { id, aliases: [], title, severity, message, remediation, resource: '', urls: [], fingerprint };
    }
    case 'pipeline': {
      const { aliases, message, remediation, job, step } = finding;
      const resource = [job, step].filter((part) => part !== undefined).join(' / ');
      return { id, aliases, title, severity, message, remediation, resource, urls: [] };
    }
    case 'policy': {
      const { message, resource, effect } = finding;
      const word = effect === 'deny' ? message : `${message} (${effect} only)`;
      return { id, aliases: [], title, severity, message: word, remediation: '', resource, urls: [] };
    }
    default: {
      const { cwes, message, reportedBy, fingerprint } = finding;
      const by = reportedBy.filter((name) => name !== 'landwaiter').join(', ');
      return { id, aliases: cwes, title, severity, message, remediation: '', resource: by, urls: [], fingerprint };
    }
  }
}

function comparePlaced(a: PlacedDecision, b: PlacedDecision): number {
  const [left, right] = [a.decision.locations[0], b.decision.locations[0]];
  return (
    severityRank(a.told.severity) - severityRank(b.told.severity) ||
    compareText(a.told.id, b.told.id) ||
    compareText(left?.path ?? '', right?.path ?? '') ||
    (left?.line ?? 0) - (right?.line ?? 0)
  );
}
