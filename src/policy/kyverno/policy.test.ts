// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { PolicyReading } from './policy.ts';
import { compilePolicy, isKyvernoPolicy } from './policy.ts';
import { Queries } from './queries.ts';

function read(spec: string, apiVersion = 'kyverno.io/v1'): PolicyReading {
  const text = `apiVersion: ${apiVersion}\nkind: ClusterPolicy\nmetadata: {name: p}\nspec:\n${spec}`;
  const [resource] = resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources;
  if (resource === undefined) throw new Error('no policy');
  return compilePolicy(resource, new Queries({ now: () => 0, random: () => 0 }));
}

function problemsOf(spec: string): readonly string[] {
  const { policy, problems } = read(spec);
  expect(policy).toBeUndefined();
  return problems.map(({ message }) => message);
}

const match = 'match: {any: [{resources: {kinds: [Pod]}}]}';
const fine = `  rules: [{name: r, ${match}, validate: {message: m, deny: {}}}]`;

describe('reading policies', () => {
  it('makes rules for the controllers of Pods', () => {
    expect(read(fine).policy?.rules.map(({ name }) => name)).toEqual(['r', 'autogen-r', 'autogen-cronjob-r']);
  });

  it('takes policy.kyverno.io/v1 with a warning', () => {
    const { policy, problems } = read(fine, 'policy.kyverno.io/v1');
    expect(policy?.name).toBe('p');
    expect(problems).toMatchObject([{ hidesFindings: false }]);
    expect(isKyvernoPolicy({ kind: 'ClusterPolicy', apiVersion: 'kyverno.io/v9' })).toBe(false);
  });

  it('refuses unknown members', () => {
    expect(problemsOf(`${fine}\n  validationFailureActon: Enforce`)).toEqual([
      expect.stringContaining('validationFailureActon'),
    ]);
  });

  it('refuses expressions that do not compile', () => {
    const deny = `{conditions: {all: [{key: "{{ a..b }}", operator: Equals, value: 1}]}}`;
    expect(problemsOf(`  rules: [{name: r, ${match}, validate: {message: m, deny: ${deny}}}]`)[0]).toContain('a..b');
  });

  it.each([
    ['two types', `{name: r, ${match}, validate: {message: m, deny: {}}, mutate: {patchStrategicMerge: {}}}`],
    ['nothing to check', `{name: r, ${match}, validate: {message: m}}`],
    ['a patch that is none', `{name: r, ${match}, mutate: {patchesJson6902: "- op: walk"}}`],
    ['targets without a kind', `{name: r, ${match}, mutate: {targets: [{name: a}], patchStrategicMerge: {}}}`],
    ['signatures', `{name: r, ${match}, verifyImages: [{imageReferences: ["*"]}]}`],
    ['signed manifests', `{name: r, ${match}, validate: {message: m, manifests: {}}}`],
  ])('refuses rules with %s as a whole', (_, rule) => {
    const ok = `{name: ok, ${match}, validate: {message: m, deny: {}}}`;
    expect(problemsOf(`  rules: [${ok}, ${rule}]`).length).toBeGreaterThan(0);
  });
});
