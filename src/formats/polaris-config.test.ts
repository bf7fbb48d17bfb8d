// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolarisConfig } from './polaris-config.ts';

describe('a configuration of Polaris', () => {
  it.each(['rules: hostIPCSet', 'rule: [hostIPCSet]', 'controllerNames: [1]', 'namespace: [a]'])(
    'with an exemption of %s exempted everything from every check',
    (member) => {
      const { exemptions, problems } = parsePolarisConfig(`exemptions: [{ ${member} }]\n`, 'config.yaml');

      expect(exemptions).toEqual([]);
      expect(problems.map(({ hidesFindings }) => hidesFindings)).toEqual([true]);
    },
  );

  it('has severities, exemptions, mutations and checks of users', () => {
    const config = parsePolarisConfig(
      `checks:
  hostIPCSet: danger
  own: warning
mutations: [hostIPCSet]
disallowAnnotationExemptions: true
exemptions:
  - namespace: kube-system
    controllerNames: [dns]
    rules: [hostIPCSet]
customChecks:
  own:
    target: Container
    containers: { exclude: [initContainer] }
    failureMessage: no
    schema: { required: [image] }
    additionalSchemaStrings: { apps/Deployment: 'type: object' }
    mutations: [{ op: add, path: /image, value: x, comment: y }]
`,
      'config.yaml',
    );

    expect(config).toMatchObject({
      checks: { hostIPCSet: 'danger', own: 'warning' },
      mutations: ['hostIPCSet'],
      disallowConfigExemptions: false,
      disallowAnnotationExemptions: true,
      exemptions: [{ namespace: 'kube-system', controllerNames: ['dns'], containerNames: [], rules: ['hostIPCSet'] }],
      problems: [],
    });
    expect(config.customChecks).toMatchObject([
      {
        id: 'own',
        target: 'Container',
        containers: { include: [], exclude: ['initContainer'] },
        schema: '{"required":["image"]}',
        additionalSchemas: { 'apps/Deployment': 'type: object' },
        mutations: [{ op: 'add', path: '/image', value: 'x', comment: 'y' }],
      },
    ]);
  });

  it('says what it cannot use', () => {
    const { problems } = parsePolarisConfig('checks: { a: loud }\ncustomChecks: { b: {} }\n', 'config.yaml');

    expect(problems.map(({ message }) => message)).toEqual([
      'a severity is ignore, warning or danger',
      'a check needs a target',
    ]);
    expect(problems.every(({ hidesFindings }) => hidesFindings)).toBe(true);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parsePolarisConfig(text, 'config.yaml');
      }),
      { numRuns: 200 },
    );
  });
});
