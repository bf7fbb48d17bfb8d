// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { plainOptions } from '../../../test/support/report-view.ts';
import type { PolicyResult, PolicyRun } from '../../model/policy-run.ts';
import { openreports } from '../openreports.ts';
import { plannedObjects } from '../planned-objects.ts';
import { policyReport } from '../policy-report.ts';
import type { ReportView } from '../report.ts';

const web = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' };
const shop = { apiVersion: 'v1', kind: 'Namespace', name: 'shop', uid: 'u-1' };

function result(parts: Partial<PolicyResult>): PolicyResult {
  const base = { engine: 'kyverno', policy: 'p', rule: 'r', object: web, message: 'said' } as const;
  return { ...base, outcome: 'pass', effect: 'deny', severity: 'high', isScored: true, ...parts };
}

function viewOf(parts: Partial<PolicyRun>): ReportView {
  const policyRun = { policies: 1, objects: 2, results: [], changes: [], writes: [], deletions: [], ...parts };
  return { policyRun, createdAt: '2026-06-01T00:00:00Z' } as unknown as ReportView;
}

describe('reports of openreports.io', () => {
  it('are one for each object, with a summary and results', () => {
    const results = [
      result({}),
      result({ rule: '', outcome: 'fail', category: 'Labels', severity: 'negligible' }),
      result({ object: shop, outcome: 'error', severity: 'unknown', message: '' }),
    ];

    const text = openreports.write(viewOf({ results }), plainOptions);

    expect(text.split('---\n')[1]).toBe(`apiVersion: openreports.io/v1alpha1
kind: Report
metadata:
  name: pod-web-f78d1cab249e
  namespace: shop
  labels:
    app.kubernetes.io/managed-by: landwaiter
source: landwaiter
scope:
  apiVersion: v1
  kind: Pod
  namespace: shop
  name: web
summary:
  pass: 1
  fail: 1
  warn: 0
  error: 0
  skip: 0
results:
  - source: landwaiter
    policy: p
    rule: r
    severity: high
    timestamp:
      seconds: 1780272000
      nanos: 0
    result: pass
    scored: true
    message: said
    properties:
      effect: deny
  - source: landwaiter
    policy: p
    category: Labels
    severity: info
    timestamp:
      seconds: 1780272000
      nanos: 0
    result: fail
    scored: true
    message: said
    properties:
      effect: deny
`);
    expect(text).toContain('kind: ClusterReport');
    expect(text).toMatch(/ownerReferences:\n\s+- apiVersion: v1\n\s+kind: Namespace\n\s+name: shop\n\s+uid: u-1/);
    expect(text).toMatch(/error: 1/);
  });

  it('tell a breach of a policy that is not scored as a warning', () => {
    const text = openreports.write(viewOf({ results: [result({ outcome: 'fail', isScored: false })] }), plainOptions);

    expect(text).toContain('result: warn');
    expect(text).toMatch(/fail: 0\n\s+warn: 1/);
  });

  it('have names that a cluster takes, whatever the object is called', () => {
    const names = [
      { ...web, name: 'system:x_Y' },
      { ...web, name: 'system:x_y' },
      { ...web, name: 'a'.repeat(253) },
    ];
    const text = openreports.write(viewOf({ results: names.map((object) => result({ object })) }), plainOptions);
    const given = [...text.matchAll(/^metadata:\n {2}name: (\S+)/gm)].map(([, name = '']) => name);

    expect(new Set(given).size).toBe(3);
    for (const name of given) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,251}[a-z0-9]$/);
  });

  it('are nothing where nothing was judged', () => {
    expect(openreports.write(viewOf({}), plainOptions)).toBe('');
  });
});

describe('reports of wgpolicyk8s.io', () => {
  it('have the kinds of their group, and no source of their own', () => {
    const text = policyReport.write(viewOf({ results: [result({}), result({ object: shop })] }), plainOptions);

    expect(text).toContain('apiVersion: wgpolicyk8s.io/v1alpha2\nkind: PolicyReport\n');
    expect(text).toContain('kind: ClusterPolicyReport\n');
    expect(text).not.toMatch(/^source:/m);
  });
});

describe('objects', () => {
  it('are those that policies change and make, as they would be', () => {
    const after = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { on: 'yes' } } };
    const change = { object: web, location: { path: 'r.yaml' }, patch: [], after };
    const write = { kind: 'make', policy: 'p', rule: 'r', object: shop, because: web, after: { kind: 'Namespace' } };

    expect(plannedObjects.write(viewOf({ changes: [change], writes: [write as never] }), plainOptions)).toBe(
      "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    'on': 'yes'\n---\nkind: Namespace\n",
    );
  });
});
