// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKubeLinterConfig } from './kube-linter-config.ts';

describe('a configuration of KubeLinter', () => {
  it('with a text for a list of checks ran none of them', () => {
    const { problems } = parseKubeLinterConfig('checks: { include: privileged-container }\n', 'c.yaml');

    expect(problems.map(({ hidesFindings }) => hidesFindings)).toEqual([true]);
  });

  it('names checks and makes some from templates', () => {
    const config = parseKubeLinterConfig(
      `checks:
  addAllBuiltIn: true
  doNotAutoAddDefaults: true
  include: [a]
  exclude: [b]
  ignorePaths: ['vendor/**']
customChecks:
  - name: team
    template: required-label
    description: why
    remediation: how
    params: { key: team }
    scope: { objectKinds: [Service] }
  - name: plain
    template: privileged
`,
      '.kube-linter.yaml',
    );

    expect(config).toMatchObject({
      addAllBuiltIn: true,
      doNotAutoAddDefaults: true,
      include: ['a'],
      exclude: ['b'],
      ignorePaths: ['vendor/**'],
      problems: [],
    });
    expect(config.customChecks).toEqual([
      {
        name: 'team',
        template: 'required-label',
        description: 'why',
        remediation: 'how',
        objectKinds: ['Service'],
        parameters: { key: 'team' },
        at: ['customChecks', 0],
      },
      {
        name: 'plain',
        template: 'privileged',
        description: '',
        remediation: '',
        objectKinds: undefined,
        parameters: {},
        at: ['customChecks', 1],
      },
    ]);
  });

  it('says which check it cannot use, because that hides findings', () => {
    const { customChecks, problems } = parseKubeLinterConfig('customChecks:\n  - name: x\n', 'c.yaml');

    expect(customChecks).toEqual([]);
    expect(problems).toMatchObject([
      { message: 'a check needs a name and a template', hidesFindings: true, location: { line: 2 } },
    ]);
  });

  it('is empty for an empty file and has a problem for a list', () => {
    expect(parseKubeLinterConfig('', 'c.yaml').problems).toEqual([]);
    expect(parseKubeLinterConfig('[]', 'c.yaml').problems).toHaveLength(1);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseKubeLinterConfig(text, 'c.yaml');
      }),
      { numRuns: 200 },
    );
  });
});
