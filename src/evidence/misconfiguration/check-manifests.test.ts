// SPDX-License-Identifier: Apache-2.0
// Running checks over objects: places, exemptions of every notation, fixes, and what happens when a check cannot judge.
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { Decision } from '../../model/decision.ts';
import type { TextEdit } from '../../model/text-edit.ts';
import type { ManifestCheckOptions } from './check-manifests.ts';
import { checkManifests } from './check-manifests.ts';
import { manifestChecks } from './checks/index.ts';
import { defineManifestCheck } from './manifest-check.ts';

function checkText(
  text: string,
  ids: readonly string[],
  options: Partial<ManifestCheckOptions> = {},
): readonly Decision[] {
  const { resources } = resourcesOf(parseKubernetesYaml(text, 'web.yaml'));
  return checkManifests(resources, {
    checks: manifestChecks.filter(({ id }) => ids.includes(id)),
    profile: 'trivy',
    subject: 'tree',
    evidence: ['e'],
    texts: new Map([['web.yaml', text]]),
    ...options,
  });
}

function applied(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((out, { start, end, text: insert }) => out.slice(0, start) + insert + out.slice(end), text);
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        # the program
        - name: web
          image: web:1
          securityContext:
            privileged: true # for now
        - name: side
          image: side:1
`;

describe('checkManifests', () => {
  it('names the place of a fault and the object', () => {
    const [decision] = checkText(deployment, ['privileged-container']);

    expect(decision).toMatchObject({
      rule: 'misconfiguration/privileged-container',
      outcome: 'fail',
      severity: 'high',
      message: 'Deployment shop/web: the container web is privileged',
      locations: [{ path: 'web.yaml', line: 14 }],
      evidence: ['e'],
      finding: { kind: 'misconfiguration', id: 'privileged-container', resource: 'Deployment shop/web' },
    });
  });

  it('says for every check that it passed or had nothing to look at', () => {
    const decisions = checkText(deployment, ['host-network', 'limit-range']);

    expect(decisions.map(({ rule, outcome }) => [rule, outcome])).toEqual([
      ['misconfiguration/host-network', 'pass'],
      ['misconfiguration/limit-range', 'skip'],
    ]);
  });

  it('runs only checks of the profile', () => {
    expect(checkText(deployment, ['seccomp-unconfined'], { profile: 'landwaiter' })).toEqual([]);
  });

  it('gives parameters to checks', () => {
    const parameters = { 'untrusted-registry': { registries: ['registry.example'] } };
    const text = deployment.replace('image: web:1', 'image: registry.example/web:1');

    const decisions = checkText(text, ['untrusted-registry'], { parameters });

    expect(decisions.map(({ message }) => message)).toEqual([
      'Deployment shop/web: the container side uses side:1, whose registry is not trusted',
    ]);
  });

  it('reports a check that breaks as one that could not judge', () => {
    const broken = defineManifestCheck({
      id: 'broken',
      title: 'Broken',
      aliases: [],
      profiles: ['trivy'],
      severity: 'low',
      why: 'x',
      remediation: 'x',
      urls: [],
      example: { good: '', bad: '' },
      run: () => {
        throw new Error('oh');
      },
    });

    const decisions = checkText(deployment, [], { checks: [broken] });

    expect(decisions).toMatchObject([{ outcome: 'error', message: 'Broken: could not judge Deployment shop/web: oh' }]);
  });
});

describe('exemptions', () => {
  it.each([
    ['ignore-check.kube-linter.io/privileged-container: because', 'because'],
    ['kube-linter.io/ignore-all: ""', 'exempted by an annotation of the object'],
    ['polaris.fairwinds.com/exempt: "true"', 'exempted by an annotation of the object'],
    ['polaris.fairwinds.com/privileged-container-exempt: "true"', 'exempted by an annotation of the object'],
  ])('of the annotation %s are honoured', (annotation, reason) => {
    const text = deployment.replace('  namespace: shop', `  namespace: shop\n  annotations:\n    ${annotation}`);

    const [decision] = checkText(text, ['privileged-container']);

    expect(decision?.suppressed).toMatchObject({ by: 'ignore', reason });
  });

  it('of Polaris need the value true', () => {
    const text = deployment.replace(
      '  namespace: shop',
      '  namespace: shop\n  annotations:\n    polaris.fairwinds.com/exempt: "no"',
    );

    expect(checkText(text, ['privileged-container'])[0]?.suppressed).toBeUndefined();
  });

  it.each([
    ['# the program', '# trivy:ignore:KSV-0017'],
    ['# the program', '# trivy:ignore:AVD-KSV-0017'],
    ['# the program', '# landwaiter:ignore=privileged-container needed for the driver'],
    ['# for now', '#trivy:ignore:KSV017'],
    ['apiVersion: apps/v1', '# landwaiter: ignore=all\napiVersion: apps/v1'],
  ])('in comments count for what they stand at (%s -> %s)', (from, to) => {
    const [decision] = checkText(deployment.replace(from, to), ['privileged-container']);

    expect(decision?.suppressed?.by).toBe('ignore');
  });

  it('in comments elsewhere do not count', () => {
    const text = deployment.replace('- name: side', '- name: side # trivy:ignore:KSV-0017');

    expect(checkText(text, ['privileged-container'])[0]?.suppressed).toBeUndefined();
  });

  it('end with their day', () => {
    const text = deployment.replace(
      '# the program',
      '# landwaiter:ignore=privileged-container until=2026-06-30 driver',
    );

    const before = checkText(text, ['privileged-container'], { today: '2026-06-30' });
    const after = checkText(text, ['privileged-container'], { today: '2026-07-01' });

    expect(before[0]?.suppressed).toEqual({
      by: 'ignore',
      source: 'web.yaml:10',
      reason: 'driver',
      expires: '2026-06-30',
    });
    expect(after[0]?.suppressed).toBeUndefined();
  });
});

describe('fixes', () => {
  it('replace a value and keep the comment', () => {
    const [decision] = checkText(deployment, ['privileged-container']);
    const fix = decision?.finding?.kind === 'misconfiguration' ? decision.finding.fix : undefined;

    expect(fix?.title).toBe('Set securityContext.privileged to false');
    expect(applied(deployment, fix?.edits ?? [])).toBe(deployment.replace('privileged: true', 'privileged: false'));
  });

  it('add absent members with their parents', () => {
    const decisions = checkText(deployment, ['privilege-escalation']);
    const edits = decisions.flatMap(({ finding }) =>
      finding?.kind === 'misconfiguration' ? (finding.fix?.edits ?? []) : [],
    );

    const text = applied(deployment, edits);

    expect(text).toContain(
      '            privileged: true # for now\n            allowPrivilegeEscalation: false\n        - name: side\n          securityContext:\n            allowPrivilegeEscalation: false\n          image: side:1\n',
    );
    expect(checkText(text, ['privilege-escalation']).map(({ outcome }) => outcome)).toEqual(['pass']);
  });

  it('are not offered for flow style, JSON and aliases', () => {
    const flow = 'apiVersion: v1\nkind: Pod\nspec: { containers: [{ name: a }] }\n';
    const json = '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"a"}]}}';
    const alias =
      'apiVersion: v1\nkind: Pod\nx: &x { privileged: true }\nspec:\n  containers:\n    - name: a\n      securityContext: *x\n';

    for (const [text, id] of [
      [flow, 'privilege-escalation'],
      [json, 'privilege-escalation'],
      [alias, 'privilege-escalation'],
    ] as const) {
      const [decision] = checkText(text, [id]);
      expect(decision?.outcome).toBe('fail');
      expect(decision?.finding).not.toHaveProperty('fix');
    }
  });
});
