// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { ExpressionWarning } from './type-warnings.ts';
import { typeWarnings } from './type-warnings.ts';

function warnings(
  spec: string,
  resources = 'deployments',
  kind = 'ValidatingAdmissionPolicy',
): readonly ExpressionWarning[] {
  const text = `apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}
metadata: {name: p}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: ['*'], resources: [${resources}]}
${spec.replace(/^/gm, '  ')}
`;
  return resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources.flatMap((document) => typeWarnings(document));
}

describe('expressions checked against the kinds that a policy matches', () => {
  it('are told of fields that the kind does not have, as the API server tells it', () => {
    const [warning] = warnings('validations: [{expression: object.foo < 3}]');

    expect(warning?.fieldRef).toBe('spec.validations[0].expression');
    expect(warning?.warning).toBe(
      "apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'foo'\n | object.foo < 3\n | ......^\n",
    );
    expect(warning?.location).toMatchObject({ path: 'policy.yaml', line: 8 });
  });

  it('are told of operators that do not fit the types', () => {
    const [warning] = warnings('validations: [{expression: object.spec.replicas > "5"}]');

    expect(warning?.warning).toContain("found no matching overload for '_>_' applied to '(int, string)'");
  });

  it('are checked for each kind, and through variables', () => {
    const found = warnings(
      'variables: [{name: spec, expression: object.spec}]\nvalidations: [{expression: variables.spec.replicas > 1}]',
      'deployments, daemonsets',
    );

    expect(found.map(({ fieldRef }) => fieldRef)).toEqual(['spec.validations[0].expression']);
    expect(found[0]?.warning).toContain("apps/v1, Kind=DaemonSet: ERROR: <input>:1:15: undefined field 'replicas'");
    expect(found[0]?.warning).not.toContain('Deployment');
  });

  it.each([
    [
      'correct ones',
      "validations: [{expression: \"object.spec.template.spec.containers.all(c, c.image.startsWith('a')) && object.metadata.namespace != 'x'\"}]",
    ],
    [
      'quantities and ports',
      "validations: [{expression: \"object.spec.template.spec.containers.all(c, quantity(c.resources.limits['cpu']).isLessThan(quantity('2')))\"}]",
    ],
    [
      'params of a custom kind',
      'paramKind: {apiVersion: example.com/v1, kind: A}\nvalidations: [{expression: object.spec.replicas < params.max}]',
    ],
    [
      'the request and the namespace',
      'validations: [{expression: "request.userInfo.groups.exists(g, g == \'a\') || namespaceObject.metadata.labels.size() > 0"}]',
    ],
  ])('leave %s alone', (_, spec) => {
    const found = warnings(spec);

    expect(found).toEqual([]);
  });

  it('know the params when their kind is built in, and the fields of the request', () => {
    const found = warnings(
      'paramKind: {apiVersion: v1, kind: ConfigMap}\nvalidations: [{expression: params.date.a == ""}, {expression: request.user == ""}]',
    );

    expect(found.map(({ warning }) => /undefined field '(\w+)'/.exec(warning)?.[1])).toEqual(['date', 'user']);
  });

  it('of mutations are checked as well', () => {
    const found = warnings(
      "mutations: [{patchType: JSONPatch, jsonPatch: {expression: \"[JSONPatch{op: 'add', path: '/x', value: object.spec.replica}]\"}}]",
      'deployments',
      'MutatingAdmissionPolicy',
    );

    expect(found[0]?.fieldRef).toBe('spec.mutations[0].jsonPatch.expression');
  });

  it('are not checked for wildcards and kinds that are not built in', () => {
    expect(warnings('validations: [{expression: object.foo == 1}]', '"*"')).toEqual([]);
    expect(warnings('validations: [{expression: object.foo == 1}]', 'widgets')).toEqual([]);
  });
});
