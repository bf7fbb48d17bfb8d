// SPDX-License-Identifier: Apache-2.0
// Runs for tests of reports: one on an image with a base and faults in its configuration, and several in one.
import type { Decision } from '../../src/model/decision.ts';
import { evidenceOf } from '../../src/model/evidence.ts';
import type { MisconfigurationFinding } from '../../src/model/finding.ts';
import { GraphBuilder } from '../../src/model/graph.ts';
import type { ImageFacts } from '../../src/model/image-facts.ts';
import { notAppliedRule } from '../../src/model/projection.ts';
import { subjectOf } from '../../src/model/subject.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { CombinedView, ReportView } from '../../src/report/report.ts';
import { decisionOf, hostileName, vulnerability } from './report-view.ts';

const [baseLayer, ownLayer] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
const producer = { name: 'landwaiter', version: '0.0.0' };
const createdAt = '2026-01-01T00:00:00Z';

const facts: ImageFacts = {
  platform: 'linux/amd64',
  indexes: [],
  created: createdAt,
  user: '',
  base: { basis: 'history', layers: 1, steps: 2, name: 'debian:12' },
  layers: [
    { digest: baseLayer, diffId: '', size: 10, createdBy: 'ADD rootfs', origin: 'base' },
    { digest: ownLayer, diffId: '', size: 20, createdBy: 'COPY app', origin: 'own' },
  ],
};

export function misconfiguration(parts: Partial<MisconfigurationFinding> = {}): MisconfigurationFinding {
  return {
    kind: 'misconfiguration',
    id: 'root-user',
    aliases: ['DS-0002'],
    title: 'Runs as root',
    severity: 'medium',
    message: 'no USER is set, so the image runs as root',
    remediation: 'Add a user',
    resource: 'USER',
    urls: ['https://example.com/user'],
    ...parts,
  };
}

export function misconfigurationDecision(finding: MisconfigurationFinding, parts: Partial<Decision> = {}): Decision {
  return {
    rule: `misconfiguration/${finding.id}`,
    subject: 'image:x',
    outcome: 'fail',
    severity: finding.severity,
    message: finding.message,
    locations: [{ path: 'config/User' }],
    evidence: [],
    finding,
    ...parts,
  };
}

/** An image on debian:12 with a vulnerable package of its base, root as its user, and an excepted setuid file of its own. */
export function imageView(target = 'image:registry.example/shop/web:1.4'): ReportView & { readonly verdict: Verdict } {
  const graph = new GraphBuilder();
  const subject = graph.addSubject(subjectOf('image', target, target));
  const common = { producer, source: target, observedAt: createdAt, trust: 'observed' } as const;
  graph.addEvidence(evidenceOf<'image'>({ ...common, subject: subject.id, kind: 'image', body: facts }));
  const coverage = { filesSeen: 2, filesRead: 2, bytesRead: 30, skipped: [], problems: [] };
  graph.addEvidence(evidenceOf<'coverage'>({ ...common, subject: subject.id, kind: 'coverage', body: coverage }));
  const suppressed = { by: 'ignore', source: '.landwaiterignore:1', reason: 'needed' } as const;
  const setuid = misconfiguration({ id: 'setuid-file', title: 'Setuid', resource: hostileName, origin: 'own' });
  graph.addDecision(decisionOf(vulnerability({}), { locations: [{ path: 'var/lib/dpkg/status', layer: baseLayer }] }));
  graph.addDecision(misconfigurationDecision(misconfiguration()));
  graph.addDecision(misconfigurationDecision(setuid, { locations: [{ path: 'srv/x', layer: ownLayer }], suppressed }));
  graph.addDecision({
    rule: notAppliedRule,
    subject: subject.id,
    outcome: 'skip',
    severity: 'unknown',
    message: '.trivyignore was seen and not applied',
    locations: [{ path: '.trivyignore' }],
    evidence: [],
  });
  return {
    graph,
    target: {
      target,
      kind: 'image',
      name: 'web',
      version: '1.4',
      subject: subject.id,
      namedBy: [{ path: 'pod.yaml' }],
    },
    tool: producer,
    createdAt,
    scanners: new Set(['vuln', 'misconfig']),
    verdict: verdictOf('findings', 1),
  };
}

/** Two images, one target that could not be opened and one manifest that could not be read. */
export function combinedView(): CombinedView {
  const notOpened = {
    target: 'image:registry.example/gone:1',
    code: 'TARGET_NOT_FOUND',
    message: 'there is no such image',
    namedBy: [{ path: 'pod.yaml', line: 6 }],
  };
  const problem = {
    kind: 'unresolved',
    message: 'a template that is not rendered',
    location: { path: 'chart/web.yaml' },
    hidesFindings: true,
  } as const;
  return {
    views: [imageView(), imageView('oci-dir:cart')],
    notOpened: [notOpened],
    problems: [problem],
    tool: producer,
    createdAt,
    verdict: verdictOf('findings', 1),
  };
}

function verdictOf(state: Verdict['state'], exitCode: Verdict['exitCode']): Verdict {
  const counts = { over: 1, under: 1, suppressed: 1, errors: 0 };
  return { state, exitCode, threshold: 'high', reason: '1 finding at or over "high"', counts };
}
