// SPDX-License-Identifier: Apache-2.0
// A small run for tests of reports: two lock files, findings of several kinds, text that tries to break out of every format.
import type { Decision } from '../../src/model/decision.ts';
import { evidenceOf } from '../../src/model/evidence.ts';
import type { VulnerabilityFinding } from '../../src/model/finding.ts';
import { GraphBuilder } from '../../src/model/graph.ts';
import { packageOf } from '../../src/model/package.ts';
import { subjectOf } from '../../src/model/subject.ts';
import type { ReportOptions, ReportView } from '../../src/report/report.ts';

export const hostileName = '<img src=x onerror=alert(1)>|`"\'&\u001B[2J]]>';

export const plainOptions: ReportOptions = { width: undefined, color: false, showSuppressed: true, threshold: 'high' };

export function vulnerability(parts: Partial<VulnerabilityFinding> & { readonly name?: string }): VulnerabilityFinding {
  const { name = 'lodash', ...rest } = parts;
  return {
    kind: 'vulnerability',
    id: 'CVE-2021-23337',
    aliases: ['GHSA-35jh-r3h4-6jhm'],
    package: {
      subject: `package:pkg:npm/${name}@1.0.0`,
      name,
      version: '1.0.0',
      type: 'npm',
      purl: `pkg:npm/${encodeURIComponent(name)}@1.0.0`,
      locations: [{ path: 'web/package-lock.json', line: 7, endLine: 9 }],
      scope: 'runtime',
      path: ['express@4.0.0', `${name}@1.0.0`],
    },
    severity: 'high',
    severitySource: 'vendor:ghsa',
    cvss: [{ source: 'ghsa', version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H', score: 7.2 }],
    risk: 22,
    fixState: 'fixed',
    fixedVersions: ['1.0.1'],
    clearedBy: '1.0.2',
    cwes: ['CWE-94'],
    matches: [
      { advisory: 'GHSA-35jh-r3h4-6jhm', source: 'ghsa', searched: 'npm / lodash', order: 'npm', range: '< 1.0.1' },
    ],
    urls: ['https://example.com/advisory', 'javascript:alert(1)'],
    ...rest,
  };
}

export function decisionOf(finding: VulnerabilityFinding, parts: Partial<Decision> = {}): Decision {
  return {
    rule: `vulnerability/${finding.id}`,
    subject: finding.package.subject,
    outcome: 'fail',
    severity: finding.severity,
    message: `${finding.package.name} is affected`,
    locations: finding.package.locations,
    evidence: [],
    finding,
    ...parts,
  };
}

/** A view with these decisions, one unreadable file and one undecided ecosystem. */
export function viewOf(decisions: readonly Decision[]): ReportView {
  const graph = new GraphBuilder();
  const target = graph.addSubject(subjectOf('source-tree', '.', '.'));
  const producer = { name: 'landwaiter', version: '0.0.0' };
  const common = { producer, source: 'dir:.', observedAt: '2026-01-01T00:00:00Z', trust: 'observed' } as const;
  const packages = [packageOf({ name: 'lodash', version: '1.0.0', type: 'npm' })];
  const list = {
    cataloger: 'npm-lock',
    path: 'web/package-lock.json',
    ecosystem: 'npm',
    kind: 'declared',
    packages,
  } as const;
  graph.addEvidence(evidenceOf<'packages'>({ ...common, subject: target.id, kind: 'packages', body: list }));
  const problem = {
    kind: 'syntax',
    message: 'unexpected end of file',
    location: { path: 'api/go.mod', line: 3 },
    hidesFindings: true,
  } as const;
  const coverage = { filesSeen: 12, filesRead: 2, bytesRead: 100, skipped: [], problems: [problem] };
  graph.addEvidence(evidenceOf<'coverage'>({ ...common, subject: target.id, kind: 'coverage', body: coverage }));
  for (const decision of decisions) graph.addDecision(decision);
  graph.addDecision({
    rule: 'vulnerability/coverage',
    subject: target.id,
    outcome: 'error',
    severity: 'unknown',
    message: 'no advisories for Hex',
    locations: [],
    evidence: [],
  });
  return {
    graph,
    target: { target: 'dir:.', kind: 'directory', name: 'shop', version: '', subject: target.id },
    tool: producer,
    createdAt: '2026-01-01T00:00:00Z',
    verdict: {
      state: 'findings',
      exitCode: 1,
      threshold: 'high',
      reason: '1 finding at or over "high"',
      counts: { over: 1, under: 0, suppressed: 0, errors: 1 },
    },
    database: {
      advisories: 100,
      newest: '2025-12-31T00:00:00Z',
      builtAt: '2025-12-31T00:00:00Z',
      ageDays: 1,
      stale: false,
      partial: [],
    },
  };
}
