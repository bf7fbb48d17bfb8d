// SPDX-License-Identifier: Apache-2.0
// Manifests, charts, kustomizations and Dockerfiles made to exhaust the reader, to leave the root or to hide faults.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigurationChecking } from '../../src/evidence/misconfiguration/check-configuration.ts';
import { checkConfiguration } from '../../src/evidence/misconfiguration/check-configuration.ts';

function check(files: Readonly<Record<string, string>>): ConfigurationChecking {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  const checking = checkConfiguration(list, { subject: 'tree', evidence: [], today: '2026-07-01' });
  expect(checking.decisions.filter(({ outcome }) => outcome === 'error')).toEqual([]);
  return checking;
}

const manyContainers = `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${'    - { name: a, image: a }\n'.repeat(3000)}`;

describe('configuration made by an attacker', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    [
      'aliases that multiply',
      {
        'a.yaml': `apiVersion: v1\nkind: Pod\na: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 20 }, (_, i) => `b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`},*${i === 0 ? 'a' : `b${i - 1}`},*${i === 0 ? 'a' : `b${i - 1}`}]`).join('\n')}\n`,
      },
    ],
    ['deep nesting', { 'a.yaml': `apiVersion: v1\nkind: Pod\nspec: ${'['.repeat(20_000)}` }],
    ['many containers', { 'a.yaml': manyContainers }],
    ['many objects', { 'a.yaml': '---\napiVersion: v1\nkind: Service\nmetadata: { name: a }\n'.repeat(2000) }],
    ['a long line', { 'a.yaml': `apiVersion: v1\nkind: ConfigMap\ndata: { a: "${'password='.repeat(200_000)}" }` }],
    [
      'many comments',
      { 'a.yaml': `${'# trivy:ignore:KSV-0001:exp:2020-01-01\n'.repeat(20_000)}apiVersion: v1\nkind: Pod\n` },
    ],
    ['a Dockerfile that goes on', { Dockerfile: `FROM a\nRUN ${'a && \\\n'.repeat(50_000)}` }],
    ['many here-documents', { Dockerfile: `FROM a\nRUN ${'<<A '.repeat(5000)}\n${'A\n'.repeat(5000)}` }],
    [
      'many variables',
      { Dockerfile: `FROM a\n${Array.from({ length: 5000 }, (_, i) => `ENV A${i}=\${A${i - 1}}b`).join('\n')}` },
    ],
    [
      'many stages',
      { Dockerfile: Array.from({ length: 2000 }, (_, i) => `FROM s${i - 1} AS s${i}\nRUN a`).join('\n') },
    ],
    ['variables that double', { Dockerfile: `FROM a\nENV A=xxxxxxxxxx\n${'ENV A=${A}${A}\n'.repeat(60)}` }],
    [
      'kustomizations in a circle',
      {
        'a/kustomization.yaml': 'resources: [../b]',
        'b/kustomization.yaml': 'resources: [../a]',
        'kustomization.yaml': 'resources: [a, b]',
      },
    ],
    [
      'kustomizations that fan out',
      Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [`k${i}/kustomization.yaml`, `resources: [../k${i + 1}, ../k${i + 1}]`]),
      ),
    ],
    [
      'a path out of the root',
      {
        'kustomization.yaml':
          'resources: [../../../etc/passwd]\nconfigMapGenerator: [{ name: a, files: [../../etc/shadow] }]',
      },
    ],
    [
      'names of prototypes',
      {
        'a.yaml':
          'apiVersion: v1\nkind: Pod\nmetadata: { name: a, annotations: { __proto__: x } }\nspec: { __proto__: { hostNetwork: true }, containers: [] }\n',
        'b.yaml':
          'apiVersion: v1\nkind: constructor\nspec: { template: { spec: { containers: [{ name: toString }] } } }\n',
      },
    ],
  ])('is bounded: %s', (_, files) => {
    const { decisions } = check(files);

    expect(decisions.length).toBeGreaterThan(0);
  });

  it('cannot hide a fault behind the name of another object', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { hostNetwork: true, containers: [] }\n';
    const { decisions } = check({ 'a.yaml': `${pod}---\n${pod.replace('hostNetwork: true', 'hostNetwork: false')}` });

    expect(decisions.some(({ rule, outcome }) => rule.endsWith('/host-network') && outcome === 'fail')).toBe(true);
  });

  it('never makes it throw', () => {
    const name = fc.constantFrom(
      'a.yaml',
      'Dockerfile',
      'compose.yaml',
      'kustomization.yaml',
      'Chart.yaml',
      'values.yaml',
      'templates/a.yaml',
      'kubeconfig',
      'a.tfvars',
    );
    const line = fc.constantFrom(
      'apiVersion: v1',
      'kind: Pod',
      'kind: Role',
      'spec:',
      '  containers:',
      '    - name: a',
      '  - x',
      'rules: [{ verbs: ["*"] }]',
      'FROM a AS a',
      'RUN <<A',
      'A',
      '{{ if .Values.a }}',
      '{{ end }}',
      'resources: [a.yaml]',
      'services: { a: {} }',
      'metadata: []',
      '---',
      '\u0000',
      '\uFEFF',
      '# landwaiter:ignore=',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.array(fc.oneof(line, fc.string())))), (files) => {
        check(Object.fromEntries(files.map(([path, lines]) => [path, lines.join('\n')])));
      }),
      { numRuns: 60 },
    );
  });
});
