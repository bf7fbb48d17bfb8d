// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import { parsePolarisConfig } from '../../../formats/polaris-config.ts';
import { checkManifests } from '../check-manifests.ts';
import { manifestChecks } from '../checks/index.ts';
import { fixManifests } from '../fix-manifests.ts';
import { polarisChecks } from './configured-checks.ts';

function configured(text: string) {
  const config = parsePolarisConfig(text, 'config.yaml');
  const { checks, problems } = polarisChecks(config, { known: manifestChecks, path: 'config.yaml' });
  return { checks, problems: [...config.problems, ...problems] };
}

function judged(config: string, manifest: string) {
  const { checks, problems } = configured(config);
  expect(problems).toEqual([]);
  const { resources } = resourcesOf(parseKubernetesYaml(manifest, 'a.yaml'));
  return checkManifests(resources, { checks, profile: 'polaris', subject: 'tree', evidence: [] })
    .filter(({ outcome, suppressed }) => outcome !== 'pass' && outcome !== 'skip' && suppressed === undefined)
    .map(({ message, severity, outcome }) => ({ message, severity, outcome }));
}

const pod = (name: string, rest = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop${rest} }\nspec: { hostIPC: true, containers: [{ name: app, image: a }, { name: side, image: b }] }\n`;

describe('checks that a configuration of Polaris asks for', () => {
  it('are all of its own without a configuration, each as bad as there', () => {
    const { checks, problems } = configured('');

    expect(problems).toEqual([]);
    expect(checks).toHaveLength(44);
    expect(checks.filter(({ severity }) => severity === 'high')).toHaveLength(18);
  });

  it('have the severity that is written', () => {
    expect(judged('checks: { hostIPCSet: warning, hostPIDSet: ignore }', pod('web'))).toEqual([
      { message: 'Pod shop/web: the Pod shares the shared memory of the node', severity: 'medium', outcome: 'fail' },
    ]);
  });

  it.each([
    ['exemptions: [{ controllerNames: [we], rules: [hostIPCSet] }]', 0],
    ['exemptions: [{ controllerNames: [we] }]', 0],
    ['exemptions: [{ namespace: other, controllerNames: [we] }]', 1],
    ['exemptions: [{ namespace: shop, rules: [hostPIDSet] }]', 1],
    ['disallowConfigExemptions: true\nexemptions: [{ namespace: shop }]', 1],
  ])('leave out what is exempt: %s', (text, count) => {
    expect(judged(`checks: { hostIPCSet: danger }\n${text}`, pod('web'))).toHaveLength(count);
  });

  it('leave out single containers', () => {
    const config = 'checks: { cpuLimitsMissing: danger }\nexemptions: [{ containerNames: [si] }]';

    expect(judged(config, pod('web')).map(({ message }) => message)).toEqual([
      'Pod shop/web: the container app has no cpu limit',
    ]);
  });

  it('leave out objects with an annotation', () => {
    const exempt = pod('web', ", annotations: { polaris.fairwinds.com/hostIPCSet-exempt: 'true' }");

    expect(judged('checks: { hostIPCSet: danger }', exempt)).toEqual([]);
  });

  it.each([
    ['checks: { no: danger }', 'the check "no" is not known'],
    ['checks: {}\ncustomChecks: { own: { target: Pod } }', 'has no severity'],
  ])('that cannot run are problems: %s', (text, words) => {
    const { problems } = configured(text);

    expect(problems.map(({ message, hidesFindings }) => [message.includes(words), hidesFindings])).toEqual([
      [true, true],
    ]);
  });
});

const own = (definition: string): string => `checks: { own: danger }\ncustomChecks:\n  own: { ${definition} }\n`;

describe('a check of users in the format of Polaris', () => {
  it('holds a part of the object against a schema', () => {
    const config = own(
      'target: Container, failureMessage: Too short., schema: { properties: { image: { minLength: 2 } } }',
    );

    expect(judged(config, pod('web')).map(({ message }) => message)).toEqual([
      'Pod shop/web: the container app: Too short (/image is shorter than 2)',
      'Pod shop/web: the container side: Too short (/image is shorter than 2)',
    ]);
  });

  it('fills in what the object says', () => {
    const config = own(
      'target: v1/Pod, schemaString: "properties: { metadata: { properties: { name: { const: {{ .spec.nodeName }} } } } }"',
    );

    expect(judged(config, pod('web'))).toMatchObject([{ outcome: 'fail' }]);
    expect(judged(config, pod('web').replace('hostIPC: true', 'nodeName: web'))).toEqual([]);
  });

  it('asks for another object that fits', () => {
    const config = own(
      'target: PodSpec, additionalSchemaStrings: { /ServiceAccount: "properties: { metadata: { properties: { name: { const: {{ .Polaris.PodSpec.serviceAccountName }} } } } }" }',
    );
    const account = '---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: web, namespace: shop }\n';
    const manifest = pod('web').replace('hostIPC: true', 'serviceAccountName: web');

    expect(judged(config, manifest).map(({ message }) => message)).toEqual([
      'Pod shop/web: own (no ServiceAccount fits)',
    ]);
    expect(judged(config, manifest + account)).toEqual([]);
  });

  it('compares quantities', () => {
    const config = own(
      'target: Container, containers: { exclude: [initContainer] }, schema: { properties: { resources: { properties: { limits: { properties: { cpu: { resourceMaximum: 500m } } } } } } }',
    );
    const limited = (cpu: string) => pod('web').replace('image: a', `image: a, resources: { limits: { cpu: ${cpu} } }`);

    expect(judged(config, limited('0.5'))).toEqual([]);
    expect(judged(config, limited('1'))).toHaveLength(1);
  });

  it.each([
    ['schema: { $ref: "#/none" }', 'leads nowhere'],
    ['schemaString: "{{ .a"', 'not closed'],
    ['schemaString: "a: ["', 'not valid YAML'],
  ])('that cannot be judged is an error, not a pass: %s', (definition, words) => {
    const [decision] = judged(own(`target: Pod, ${definition}`), pod('web'));

    expect(decision?.outcome).toBe('error');
    expect(decision?.message).toContain(words);
  });

  it('changes what its mutations name', () => {
    const config = own(
      "target: PodSpec, schema: { not: { required: [hostIPC] } }, mutations: [{ op: remove, path: /hostIPC }, { op: add, path: '/containers/*/imagePullPolicy', value: Always }]",
    );
    const text = pod('web').replace('{ hostIPC', '\n  { hostIPC');

    const { files, refused } = fixManifests([{ path: 'a.yaml', text }], { checks: configured(config).checks });

    expect(refused).toEqual([]);
    expect(parseKubernetesYaml(files[0]?.text ?? '', 'a.yaml')[0]?.value).toMatchObject({
      spec: {
        containers: [
          { name: 'app', image: 'a', imagePullPolicy: 'Always' },
          { name: 'side', image: 'b', imagePullPolicy: 'Always' },
        ],
      },
    });
    expect(files[0]?.text).not.toContain('hostIPC');
  });
});
