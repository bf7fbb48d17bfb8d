// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { MutationOptions, MutationOutcome } from './mutate.ts';
import { mutateAdmission } from './mutate.ts';
import type { AdmissionPolicySet } from './policy-set.ts';
import { compileAdmissionPolicies } from './policy-set.ts';
import { requestFor } from './request.ts';

interface Mutations {
  readonly name?: string;
  readonly spec?: string;
  readonly mutations: readonly { readonly patchType: string; readonly expression: string }[];
}

function documents({ name = 'p', spec = '', mutations }: Mutations): string {
  const list = mutations.map(({ patchType, expression }) => ({
    patchType,
    [patchType === 'JSONPatch' ? 'jsonPatch' : 'applyConfiguration']: { expression },
  }));
  return `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: ${name}}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods]}
${spec.replace(/^/gm, '  ')}
  mutations: ${JSON.stringify(list)}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: b-${name}}
spec: {policyName: ${name}}
`;
}

function compiled(...policies: readonly Mutations[]): AdmissionPolicySet {
  const text = policies.map(documents).join('---\n');
  return compileAdmissionPolicies(resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources);
}

function apply(expression: string): Mutations['mutations'][number] {
  return { patchType: 'ApplyConfiguration', expression };
}

function jsonPatch(expression: string): Mutations['mutations'][number] {
  return { patchType: 'JSONPatch', expression };
}

function pod(spec: JsonObject, metadata: JsonObject = { name: 'web' }): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', ...metadata }, spec };
}

function mutate(set: AdmissionPolicySet, object: JsonObject, options: MutationOptions = {}): MutationOutcome {
  return mutateAdmission(set, requestFor(object), options);
}

describe('an ApplyConfiguration', () => {
  it('is merged by the schema of the kind, and tells the patch', () => {
    const set = compiled({
      mutations: [
        apply(
          'Object{spec: Object.spec{containers: [Object.spec.containers{name: "app", imagePullPolicy: "Always"}]}}',
        ),
      ],
    });

    const outcome = mutate(set, pod({ containers: [{ name: 'proxy' }, { name: 'app', image: 'a' }] }));

    expect(outcome.object?.['spec']).toEqual({
      containers: [{ name: 'proxy' }, { name: 'app', image: 'a', imagePullPolicy: 'Always' }],
    });
    expect(outcome.patch).toEqual([{ op: 'add', path: '/spec/containers/1/imagePullPolicy', value: 'Always' }]);
    expect(outcome.decisions).toEqual([{ policy: 'p', binding: 'b-p', outcome: 'changed', round: 1 }]);
  });

  it.each([
    [
      'holds something atomic',
      'Object{spec: Object.spec{nodeSelector: {"a": "b"}}}',
      'may not mutate atomic arrays, maps or structs: .spec.nodeSelector',
    ],
    ['names a part after another path', 'Object{spec: Object.metadata{labels: {"a": "b"}}}', 'expected "Object.spec"'],
    [
      'has a field that the kind does not have',
      'Object{spec: Object.spec{replicas: 1}}',
      'field not declared in schema',
    ],
    ['fails', 'Object{spec: Object.spec{hostNetwork: object.spec.missing}}', 'no such key: missing'],
  ])('denies when it %s', (_, expression, message) => {
    const outcome = mutate(compiled({ mutations: [apply(expression)] }), pod({ containers: [] }));

    expect(outcome.allowed).toBe(false);
    expect(outcome.denials[0]?.message).toContain(message);
    expect(outcome.object).toEqual(pod({ containers: [] }));
  });

  it('lets the request through when failurePolicy is Ignore', () => {
    const set = compiled({
      spec: 'failurePolicy: Ignore',
      mutations: [apply('Object{spec: Object.spec{hostNetwork: object.spec.missing}}')],
    });

    const outcome = mutate(set, pod({}));

    expect([outcome.allowed, outcome.decisions[0]?.outcome]).toEqual([true, 'error']);
  });
});

describe('a JSONPatch', () => {
  it('is built from expressions, with keys escaped', () => {
    const set = compiled({
      mutations: [
        jsonPatch(
          '[JSONPatch{op: "add", path: "/metadata/labels", value: {}}, JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a/b"), value: "c"}]',
        ),
      ],
    });

    const outcome = mutate(set, pod({}));

    expect(outcome.object?.['metadata']).toEqual({ name: 'web', namespace: 'shop', labels: { 'a/b': 'c' } });
  });

  it('takes objects for values', () => {
    const set = compiled({
      mutations: [
        jsonPatch(
          '[JSONPatch{op: "add", path: "/spec/containers/-", value: Object.spec.containers{name: "side", args: ["x"]}}]',
        ),
      ],
    });

    const outcome = mutate(set, pod({ containers: [{ name: 'app' }] }));

    expect(outcome.object?.['spec']).toEqual({ containers: [{ name: 'app' }, { name: 'side', args: ['x'] }] });
  });

  it('changes nothing when a test fails', () => {
    const set = compiled({
      mutations: [
        jsonPatch(
          '[JSONPatch{op: "test", path: "/spec/hostNetwork", value: true}, JSONPatch{op: "remove", path: "/spec"}]',
        ),
      ],
    });

    const outcome = mutate(set, pod({ hostNetwork: false }));

    expect([outcome.allowed, outcome.decisions[0]?.outcome]).toEqual([true, 'unchanged']);
  });

  it('denies when it leads nowhere', () => {
    const outcome = mutate(compiled({ mutations: [jsonPatch('[JSONPatch{op: "remove", path: "/spec/x"}]')] }), pod({}));

    expect(outcome.denials[0]?.message).toContain('JSON Patch: remove: nothing is at /spec/x');
  });
});

describe('mutations of one policy', () => {
  it('see what those before them did, also through variables', () => {
    const set = compiled({
      spec: 'variables: [{name: labels, expression: "object.metadata.?labels.orValue({})"}]',
      mutations: [
        apply('Object{metadata: Object.metadata{labels: {"a": string(variables.labels.size())}}}'),
        apply('Object{metadata: Object.metadata{labels: {"b": string(variables.labels.size())}}}'),
      ],
    });

    const outcome = mutate(set, pod({}));

    expect(outcome.object?.['metadata']).toMatchObject({ labels: { a: '0', b: '1' } });
  });

  it('are skipped when a matchCondition does not hold', () => {
    const set = compiled({
      spec: 'matchConditions: [{name: no, expression: "object.metadata.name == \'other\'"}]',
      mutations: [apply('Object{spec: Object.spec{hostNetwork: true}}')],
    });

    const outcome = mutate(set, pod({}));

    expect(outcome.decisions).toMatchObject([{ outcome: 'skipped' }]);
    expect(outcome.patch).toEqual([]);
  });

  it('run once for each param', () => {
    const set = compiled({
      spec: 'paramKind: {apiVersion: v1, kind: ConfigMap}',
      mutations: [apply('Object{metadata: Object.metadata{labels: {params.data.key: "x"}}}')],
    });
    const [binding] = set.mutatingBindings;
    const bound = {
      ...set,
      mutatingBindings: binding === undefined ? [] : [{ ...binding, paramRef: { selector: {} } }],
    };
    const params = ['a', 'b'].map((key) => ({ metadata: { name: key }, data: { key } }));

    const outcome = mutate(bound, pod({}), { data: { objects: () => params, namespace: () => undefined } });

    expect(outcome.object?.['metadata']).toMatchObject({ labels: { a: 'x', b: 'x' } });
  });
});

describe('reinvocation', () => {
  const counter =
    'Object{metadata: Object.metadata{labels: {"seen": string(object.metadata.?labels.orValue({}).size())}}}';
  const other = 'Object{metadata: Object.metadata{labels: {"other": "x"}}}';

  it('runs a policy again that wants it after others changed the object', () => {
    const set = compiled(
      { name: 'first', spec: 'reinvocationPolicy: IfNeeded', mutations: [apply(counter)] },
      { name: 'second', mutations: [apply(other)] },
    );

    const outcome = mutate(set, pod({}));

    expect(outcome.object?.['metadata']).toMatchObject({ labels: { seen: '2', other: 'x' } });
    expect(outcome.decisions.map(({ policy, round }) => [policy, round])).toEqual([
      ['first', 1],
      ['second', 1],
      ['first', 2],
    ]);
  });

  it('leaves a policy alone that does not', () => {
    const set = compiled({ name: 'first', mutations: [apply(counter)] }, { name: 'second', mutations: [apply(other)] });

    const outcome = mutate(set, pod({}));

    expect(outcome.object?.['metadata']).toMatchObject({ labels: { seen: '0', other: 'x' } });
  });
});

describe('policies that cannot be compiled', () => {
  it.each([
    ['[{patchType: Other}]', 'patchType must be'],
    ['[]', 'mutations must not be empty'],
    [
      '[{patchType: ApplyConfiguration, applyConfiguration: {expression: "object"}}]',
      'must evaluate to Object but got dyn',
    ],
    ['[{patchType: JSONPatch, jsonPatch: {expression: "[1]"}}]', 'must evaluate to list(JSONPatch) but got list(int)'],
    ['[{patchType: JSONPatch, jsonPatch: {expression: "[JSONPatch{ob: \'add\'}]"}}]', "undefined field 'ob'"],
    ['[{patchType: JSONPatch}]', 'an expression is required'],
  ])('are refused: %s', (mutations, message) => {
    const text = documents({ mutations: [] }).replace('mutations: []', `mutations: ${mutations}`);

    const set = compileAdmissionPolicies(resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources);

    expect(set.mutatingPolicies).toEqual([]);
    expect(set.problems[0]?.message).toContain(message);
  });
});

describe('policies without a binding', () => {
  const text = documents({ mutations: [apply('Object{spec: Object.spec{hostNetwork: true}}')] }).split('---')[0] ?? '';
  const { resources } = resourcesOf(parseKubernetesYaml(text, 'policy.yaml'));

  it('do nothing, as in a cluster, unless they are to act alone', () => {
    const bound = mutate(compileAdmissionPolicies(resources), pod({}));
    const alone = mutate(compileAdmissionPolicies(resources, { unbound: 'apply' }), pod({}));

    expect([bound.patch.length, alone.patch.length]).toEqual([0, 1]);
  });
});
