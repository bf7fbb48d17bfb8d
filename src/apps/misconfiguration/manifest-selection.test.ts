// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkManifests } from '../../evidence/misconfiguration/check-manifests.ts';
import type { ManifestProfile } from '../../evidence/misconfiguration/manifest-check.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { selectManifestChecks } from './manifest-selection.ts';

function told(profile: ManifestProfile, config: string, manifest: string): readonly string[] {
  const { problems, ...selection } = selectManifestChecks(profile, { path: 'config.yaml', text: config });
  expect(problems).toEqual([]);
  const { resources } = resourcesOf(parseKubernetesYaml(manifest, 'a.yaml'));
  return checkManifests(resources, { ...selection, subject: 'tree', evidence: [] }).flatMap(
    ({ outcome, finding, suppressed }) =>
      outcome === 'fail' && finding?.kind === 'misconfiguration' && suppressed === undefined ? [finding.message] : [],
  );
}

const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { type: NodePort }\n';

function expression(text: string): string {
  return `checks: { doNotAutoAddDefaults: true }\ncustomChecks:\n  - name: x\n    template: cel-expression\n    params: { check: '${text}' }\n`;
}

describe('checks of manifests', () => {
  it('are those of the profile without a configuration', () => {
    const { checks } = selectManifestChecks('landwaiter');

    expect(checks.length).toBeGreaterThan(50);
    expect(checks.every(({ profiles }) => profiles.includes('landwaiter'))).toBe(true);
  });

  it('are the default ones of KubeLinter and all of Polaris in their profiles', () => {
    expect(selectManifestChecks('kube-linter').checks).toHaveLength(30);
    expect(selectManifestChecks('polaris').checks).toHaveLength(44);
  });

  it('are without those that Trivy has deprecated, unless they are asked for', () => {
    const numbers = (deprecated?: 'included'): readonly string[] =>
      selectManifestChecks('trivy', undefined, deprecated).checks.flatMap(({ aliases }) => aliases);
    const withdrawn = ['KSV-0032', 'KSV-0033', 'KSV-0034', 'KSV-0035'];

    expect(withdrawn.filter((number) => numbers().includes(number))).toEqual([]);
    expect(withdrawn.filter((number) => numbers('included').includes(number))).toEqual(withdrawn);
  });

  it('evaluate expressions over the object and all others', () => {
    const config = expression('object.spec.type == "NodePort" ? string(size(objects)) + " objects" : ""');

    expect(told('kube-linter', config, service)).toEqual(['CEL check expression returned: 1 objects']);
  });

  it('tell of an expression that fails, because nothing was judged', () => {
    const [message] = told('kube-linter', expression('object.spec.none'), service);

    expect(message).toMatch(/^error evaluating CEL check expression: /);
  });

  it('refuse an expression that cannot be read', () => {
    const { problems } = selectManifestChecks('kube-linter', { path: 'c.yaml', text: expression('object.(') });

    expect(problems).toMatchObject([{ hidesFindings: true }]);
  });

  it.each([
    ['spec: { type: NodePort, port: 80 }', ['resource is not valid: /spec/port is not a member of its kind']],
    ['spec: { ports: [{ port: "80" }] }', ['resource is not valid: /spec/ports/0/port is not a whole number']],
    ['spec: { selector: [a] }', ['resource is not valid: /spec/selector is not an object']],
    ['spec: { clusterIP: null, ports: [{ port: 80, targetPort: http }] }', []],
  ])('know the shape of the built-in kinds: %s', (spec, expected) => {
    const config = 'checks: { doNotAutoAddDefaults: true, include: [schema-validation] }\n';

    expect(told('kube-linter', config, service.replace('spec: { type: NodePort }', spec))).toEqual(expected);
  });

  it('do not let objects exempt themselves where the configuration of Polaris forbids it', () => {
    const pod =
      "apiVersion: v1\nkind: Pod\nmetadata: { name: web, annotations: { polaris.fairwinds.com/exempt: 'true' } }\nspec: { hostPID: true, containers: [] }\n";
    const checks = 'checks: { hostPIDSet: danger }\n';

    expect(told('polaris', checks, pod)).toEqual([]);
    expect(told('polaris', `${checks}disallowExemptions: true\n`, pod)).toHaveLength(1);
  });
});
