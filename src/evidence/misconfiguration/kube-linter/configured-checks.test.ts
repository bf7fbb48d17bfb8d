// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { emptyKubeLinterConfig, parseKubeLinterConfig } from '../../../formats/kube-linter-config.ts';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import { checkManifests } from '../check-manifests.ts';
import { manifestChecks } from '../checks/index.ts';
import { kubeLinterChecks } from './configured-checks.ts';
import type { TemplateServices } from './template.ts';

function configured(text: string, services: TemplateServices = {}) {
  const config = parseKubeLinterConfig(text, '.kube-linter.yaml');
  return kubeLinterChecks(config, { known: manifestChecks, services, path: '.kube-linter.yaml' });
}

function names(text: string): readonly string[] {
  return configured(text).checks.flatMap(({ aliases }) => aliases.filter((alias) => alias.startsWith('kube-linter/')));
}

function custom(text: string, manifest: string, services: TemplateServices = {}): readonly string[] {
  const { checks, problems } = configured(`checks: { doNotAutoAddDefaults: true }\ncustomChecks:\n${text}`, services);
  expect(problems).toEqual([]);
  const { resources } = resourcesOf(parseKubernetesYaml(manifest, 'a.yaml'));
  return checkManifests(resources, { checks, profile: 'kube-linter', subject: 'tree', evidence: [] }).flatMap(
    ({ outcome, finding }) => (outcome === 'fail' && finding?.kind === 'misconfiguration' ? [finding.message] : []),
  );
}

const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: web, labels: { team: shop } }\nspec: {}\n';

describe('checks that a configuration of KubeLinter asks for', () => {
  it('are its thirty default ones without a configuration', () => {
    const { checks, problems } = kubeLinterChecks(emptyKubeLinterConfig, {
      known: manifestChecks,
      services: {},
      path: '',
    });

    expect(checks).toHaveLength(30);
    expect(problems).toEqual([]);
  });

  it('are all built-in ones but those that are excluded', () => {
    const all = names('checks: { addAllBuiltIn: true, exclude: [ssh-port] }');

    expect(all).toHaveLength(61);
    expect(all).not.toContain('kube-linter/ssh-port');
  });

  it('are those that are included, by name', () => {
    expect(names('checks: { doNotAutoAddDefaults: true, include: [ssh-port, host-ipc] }')).toEqual([
      'kube-linter/host-ipc',
      'kube-linter/ssh-port',
    ]);
  });

  it.each([
    ['checks: { include: [no-such] }', 'the check "no-such" is not known'],
    ['customChecks: [{ name: x, template: y }]', 'the template "y", which is not known'],
    ['customChecks: [{ name: ssh-port, template: privileged }]', 'is there already'],
    ['customChecks: [{ name: x, template: required-label }]', 'the parameter "key" is required'],
    ['customChecks: [{ name: x, template: privileged, params: { a: 1 } }]', 'unknown parameter "a"'],
    ['customChecks: [{ name: x, template: host-mounts, params: { dirs: ["("] } }]', 'not a regular expression'],
    ['customChecks: [{ name: x, template: minimum-replicas, params: { minReplicas: two } }]', 'must be a whole number'],
    ['customChecks: [{ name: x, template: privileged, scope: { objectKinds: [Thing] } }]', 'the object kind "Thing"'],
    ['customChecks: [{ name: x, template: cel-expression, params: { check: a } }]', 'cannot be evaluated'],
    [
      'customChecks: [{ name: x, template: verify-container-capabilities, params: { forbiddenCapabilities: [all, KILL] } }]',
      'beside other capabilities',
    ],
  ])('that cannot be used are problems that hide findings: %s', (text, words) => {
    const { problems } = configured(text);

    expect(problems.map(({ message }) => message).join('\n')).toContain(words);
    expect(problems.every(({ hidesFindings }) => hidesFindings)).toBe(true);
  });

  it('look at the kinds of their scope only', () => {
    const check = (kind: string) =>
      `  - { name: owner, template: required-label, params: { key: owner }, scope: { objectKinds: [${kind}] } }`;

    expect(custom(check('Service'), service)).toEqual(['no label matching "owner=<any>" found']);
    expect(custom(check('DeploymentLike'), service)).toEqual([]);
  });

  it('match texts by expressions that may be negated', () => {
    const check = "  - { name: team, template: required-label, params: { key: '^team$', value: '!^shop$' } }";

    expect(custom(check, service)).toEqual(['no label matching "^team$=!^shop$" found']);
  });

  it('take expressions where something can evaluate them', () => {
    const services: TemplateServices = {
      expressions: { compile: (text) => ({ evaluate: (object) => ({ text: `${text} ${String(object['kind'])}` }) }) },
    };

    const messages = custom("  - { name: x, template: cel-expression, params: { check: 'is a' } }", service, services);

    expect(messages).toEqual(['CEL check expression returned: is a Service']);
  });
});
