// SPDX-License-Identifier: Apache-2.0
// Configurations of KubeLinter and Polaris are foreign input: patterns, templates, schemas and expressions in them end, and never pass by failing.
import { describe, expect, it } from 'vitest';
import { selectManifestChecks } from '../../src/apps/misconfiguration/manifest-selection.ts';
import { checkManifests } from '../../src/evidence/misconfiguration/check-manifests.ts';
import { fixManifest } from '../../src/evidence/misconfiguration/fix-manifest.ts';
import type { ManifestProfile } from '../../src/evidence/misconfiguration/manifest-check.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';

const evil = `${'a'.repeat(20_000)}!`;

function judge(profile: ManifestProfile, config: unknown, manifest: unknown) {
  const { problems, ...selection } = selectManifestChecks(profile, { path: 'c.yaml', text: JSON.stringify(config) });
  const { resources } = resourcesOf(parseKubernetesYaml(JSON.stringify(manifest), 'a.yaml'));
  const decisions = checkManifests(resources, { ...selection, subject: 'tree', evidence: [] });
  return {
    problems,
    outcomes: decisions.map(({ outcome }) => outcome),
    messages: decisions.map(({ message }) => message),
  };
}

function custom(template: string, params: unknown) {
  return {
    checks: { doNotAutoAddDefaults: true },
    customChecks: [{ name: 'x', template, params, scope: { objectKinds: ['Any'] } }],
  };
}

function polaris(definition: unknown) {
  return { checks: { own: 'danger' }, customChecks: { own: definition } };
}

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', labels: { evil } }, spec: { containers: [] } };

describe('a hostile configuration', () => {
  it('with a pattern that backtracks elsewhere ends', () => {
    const { outcomes } = judge('kube-linter', custom('required-label', { key: 'evil', value: '^(a|aa)+$' }), pod);

    expect(outcomes).toEqual(['fail']);
  });

  it('with an expression that never ends is stopped and told of', () => {
    const nested = '[1,2,3,4,5,6,7,8,9].all(X, Y)';
    const check = Array.from({ length: 9 }, (_, index) => `v${index}`).reduceRight(
      (inner, name) => nested.replace('X', name).replace('Y', inner),
      'true',
    );

    const { messages } = judge('kube-linter', custom('cel-expression', { check: `${check} ? "" : "x"` }), pod);

    expect(messages.join('\n')).toContain('error evaluating CEL check expression');
  });

  it('with a schema that refers to itself is an error', () => {
    const { outcomes } = judge(
      'polaris',
      polaris({ target: 'Pod', schema: { allOf: [{ $ref: '#' }, { $ref: '#' }] } }),
      pod,
    );

    expect(outcomes).toEqual(['error']);
  });

  it('with a template that writes too much is an error', () => {
    const loop = '{{ range .list }}'.repeat(6) + 'x' + '{{ end }}'.repeat(6);
    const list = Array.from({ length: 40 }, (_, index) => index);

    const { outcomes } = judge(
      'polaris',
      polaris({ target: 'Pod', schemaString: loop.replaceAll('.list', '$.list') }),
      { ...pod, list },
    );

    expect(outcomes).toEqual(['error']);
  });

  it('with deep nesting in templates and objects is bounded', () => {
    const deep = Array.from({ length: 90 }).reduce<unknown>((inner) => ({ b: 1, a: inner }), 1);

    const sorted = judge('kube-linter', custom('sorted-keys', { recursive: true }), { ...pod, deep });
    const template = judge('polaris', polaris({ target: 'Pod', schemaString: `{{ ${'('.repeat(5000)} }}` }), pod);

    expect(sorted.outcomes).toContain('fail');
    expect(template.outcomes).toEqual(['error']);
  });

  it('names members of objects that are not there', () => {
    const { outcomes, problems } = judge('polaris', { checks: { constructor: 'danger', __proto__x: 'danger' } }, pod);

    expect(outcomes).toEqual([]);
    expect(problems.filter(({ hidesFindings }) => hidesFindings)).toHaveLength(2);
  });
});

describe('a hostile manifest', () => {
  it('is not fixed through aliases that expand', () => {
    const bomb = [
      'a: &a [x]',
      ...Array.from({ length: 20 }, (_, index) => `b${index}: &b${index} [${'*a, '.repeat(9)}*a]`),
    ].join('\n');

    expect(
      fixManifest(`kind: Pod\n${bomb}\nspec: *a\n`, { line: 1 }, [{ at: ['spec', 'x'], value: 1 }]),
    ).toBeUndefined();
  });

  it('of a hundred thousand lines is fixed in one place', () => {
    const text = `kind: ConfigMap\ndata:\n${'  k: v\n'.replace('k', 'key').repeat(1)}${Array.from({ length: 20_000 }, (_, index) => `  k${index}: v\n`).join('')}`;

    expect(fixManifest(text, { line: 1 }, [{ at: ['data', 'k19999'], value: 'w' }])).toBe(
      text.replace('k19999: v', 'k19999: w'),
    );
  });
});
