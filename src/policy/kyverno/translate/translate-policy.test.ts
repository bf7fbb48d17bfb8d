// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../formats/document.ts';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import { matchesWildcard } from '../../../formats/wildcard.ts';
import { requestFor } from '../../admission-policy/request.ts';
import { typeWarnings } from '../../admission-policy/type-warnings.ts';
import { kubernetesEnvironment } from '../../cel/kubernetes.ts';
import { compileCel } from '../../cel/program.ts';
import { noData } from '../../data-provider.ts';
import { compilePolicySet } from '../../policy-set.ts';
import { kyvernoPolicyEngine } from '../policy-engine.ts';
import { quote } from './cel-text.ts';
import { globExpression, globOfValue } from './leaf.ts';
import { admissionPoliciesOf } from './to-admission-policy.ts';
import { translatePolicy } from './translate-policy.ts';

function read(text: string): KubernetesResource {
  const [resource] = resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources;
  if (resource === undefined) throw new Error('no document');
  return resource;
}

function policyOf(rule: string, spec = 'validationFailureAction: Enforce'): KubernetesResource {
  return read(`
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p}
spec:
  ${spec}
  rules:
  - name: r
    match: {any: [{resources: {kinds: [Pod]}}]}
    ${rule}
`);
}

const nowhere = () => ({ path: 'policy.yaml' });

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

function pod(spec: object, labels: object = {}) {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', labels }, spec };
}

/** What the original and its translation come to, in this order. */
function judgedBoth(rule: string, object: ReturnType<typeof pod>, known: readonly JsonObject[]) {
  const original = policyOf(rule);
  const { policies } = translatePolicy(original.object);
  const translated = policies.map((made) => ({ ...original, object: made.object }));
  const [found] = known;
  const answer = found === undefined ? { kind: 'absent' as const } : { kind: 'found' as const, value: found };
  const provider = { ...noData, configMap: () => answer, apiCall: () => answer };
  return [[original], translated].map((documents) =>
    compilePolicySet(documents, [kyvernoPolicyEngine], { unbound: 'apply' }).judge(requestFor(object), {
      cluster: { objects: () => known, namespace },
      provider,
    }),
  );
}

/** Whether they refuse. */
function refusals(rule: string, object: ReturnType<typeof pod>, known: readonly JsonObject[] = []): readonly boolean[] {
  return judgedBoth(rule, object, known).map(({ decisions }) =>
    decisions.some(({ outcome }) => outcome === 'fail' || outcome === 'error'),
  );
}

/** What they make of the object. */
function changedBy(rule: string, object: ReturnType<typeof pod>): readonly unknown[] {
  return judgedBoth(rule, object, []).map((judged) => judged.object);
}

const container = (extra: object = {}) => ({ name: 'a', image: 'registry.example/a:1', ...extra });

describe('a ClusterPolicy carried over to CEL', () => {
  it.each([
    ['a text', 'validate: {pattern: {metadata: {labels: {team: "?*"}}}}', pod({}), true],
    ['a text that is there', 'validate: {pattern: {metadata: {labels: {team: "?*"}}}}', pod({}, { team: 'x' }), false],
    [
      'a glob that must not fit',
      'validate: {pattern: {spec: {containers: [{image: "!*:latest"}]}}}',
      pod({ containers: [container({ image: 'a:latest' })] }),
      true,
    ],
    [
      'a quantity',
      'validate: {pattern: {spec: {containers: [{resources: {limits: {memory: "<=1Gi"}}}]}}}',
      pod({ containers: [container({ resources: { limits: { memory: '2Gi' } } })] }),
      true,
    ],
    [
      'a condition that is not met',
      'validate: {pattern: {spec: {containers: [{(image): "*:latest", imagePullPolicy: Always}]}}}',
      pod({ containers: [container()] }),
      false,
    ],
    [
      'a member that must not be there',
      'validate: {pattern: {spec: {=(volumes): [{X(hostPath): "null"}]}}}',
      pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
      true,
    ],
    [
      'one of several patterns',
      'validate: {anyPattern: [{spec: {hostNetwork: true}}, {spec: {hostPID: true}}]}',
      pod({ hostPID: true }),
      false,
    ],
    [
      'conditions on a projection',
      'validate: {deny: {conditions: {any: [{key: "{{ request.object.spec.containers[].name }}", operator: AnyIn, value: [a]}]}}}',
      pod({ containers: [container()] }),
      true,
    ],
    [
      'a loop with preconditions',
      'validate: {foreach: [{list: request.object.spec.containers, preconditions: {all: [{key: "{{ element.name }}", operator: Equals, value: a}]}, deny: {conditions: {all: [{key: "{{ element.image }}", operator: Equals, value: "*/a:*"}]}}}]}',
      pod({ containers: [container()] }),
      true,
    ],
  ])('decides on %s as the original does', (_, rule, object, isRefused) => {
    const decided = refusals(rule, object);

    expect(decided).toEqual([isRefused, isRefused]);
  });

  const label = 'request.object.metadata.labels.team';
  it.each([
    [label, 'AnyNotIn', 'name', 'team-a', false],
    [label, 'AnyNotIn', 'name', 'other', true],
    [label, 'AnyIn', 'name', 'team-a', true],
    [label, 'Equals', 'name', 'team-a', true],
    [label, 'NotEquals', 'name', 'team-a', false],
    [label, 'NotEquals', 'name', 'teams', true],
    // In a list of JSON they do not count for a lone text, but for those of a list.
    [label, 'AnyNotIn', 'names', 'team-a', true],
    [label, 'AnyIn', 'names', 'exact', true],
    [`${label}.[@]`, 'AnyIn', 'names', 'team-a', true],
    [`${label}.[@]`, 'AnyNotIn', 'names', 'x1', false],
    [`${label}.[@]`, 'AnyNotIn', 'names', 'other', true],
  ])('globs of a ConfigMap count: %s %s %s for %s', (key, operator, asked, name, isRefused) => {
    const rule = `context: [{name: allowed, configMap: {name: allowed, namespace: shop}}]
    validate: {deny: {conditions: {any: [{key: "{{ ${key} }}", operator: ${operator}, value: "{{ allowed.data.${asked} }}"}]}}}`;
    const allowed = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'allowed', namespace: 'shop' },
      data: { names: '["team-*", "x?", "exact"]', name: 'team-*' },
    };

    expect(refusals(rule, pod({}, { team: name }), [allowed])).toEqual([isRefused, isRefused]);
  });

  const anchored = 'mutate: {patchStrategicMerge: {spec: {volumes: [{(emptyDir): {+(sizeLimit): 1Gi}, (name): "*"}]}}}';
  const perContainer = `mutate: {foreach: [{list: "request.object.spec.containers", patchesJson6902: "[{op: add, path: '/spec/containers/{{elementIndex}}/securityContext/capabilities/add/-', value: A}]"}]}`;
  const forAll = `mutate: {foreach: [{list: "request.object.spec.containers", patchesJson6902: "[{op: add, path: '/metadata/annotations/x', value: '{{element.name}}'}]"}]}`;
  it.each([
    [
      'what a condition adds',
      anchored,
      { volumes: [{ name: 'v', emptyDir: {} }] },
      { volumes: [{ emptyDir: { sizeLimit: '1Gi' } }] },
    ],
    [
      'but not what is there',
      anchored,
      { volumes: [{ name: 'v', emptyDir: { sizeLimit: '2Gi' } }] },
      { volumes: [{ emptyDir: { sizeLimit: '2Gi' } }] },
    ],
    [
      'what stands above a member of an element',
      perContainer,
      { containers: [container(), container({ name: 'b', securityContext: { capabilities: { add: ['B'] } } })] },
      {
        containers: [
          { securityContext: { capabilities: { add: ['A'] } } },
          { securityContext: { capabilities: { add: ['B', 'A'] } } },
        ],
      },
    ],
  ])('writes %s', (_, rule, spec, expected) => {
    const [original, translated] = changedBy(rule, pod(spec));

    expect(translated).toMatchObject({ spec: expected });
    expect(translated).toEqual(original);
  });

  it('makes what is above all elements once', () => {
    const [original, translated] = changedBy(forAll, pod({ containers: [container(), container({ name: 'b' })] }));

    expect(translated).toMatchObject({ metadata: { annotations: { x: 'b' } } });
    expect(translated).toEqual(original);
    expect(changedBy(forAll, pod({ containers: [] }))[1]).toEqual(pod({ containers: [] }));
  });

  it('changes what the original changes', () => {
    const original = policyOf(
      'mutate: {patchStrategicMerge: {spec: {containers: [{(name): "*", +(imagePullPolicy): Always}]}}}',
    );
    const [made] = translatePolicy(original.object).policies;
    const set = compilePolicySet([{ ...original, object: made?.object ?? {} }], [kyvernoPolicyEngine], {
      unbound: 'apply',
    });

    const { object } = set.judge(
      requestFor(pod({ containers: [container(), container({ name: 'b', imagePullPolicy: 'Never' })] })),
      { cluster: { objects: () => [], namespace }, provider: noData },
    );

    expect(object).toMatchObject({
      spec: { containers: [{ imagePullPolicy: 'Always' }, { imagePullPolicy: 'Never' }] },
    });
  });

  it.each([
    ['validate: {podSecurity: {level: baseline}}', 'podSecurity'],
    ['generate: {kind: ConfigMap, apiVersion: v1, name: x, namespace: y, data: {}}', 'generate'],
    [
      'exclude: {any: [{clusterRoles: [cluster-admin]}]}\n    validate: {pattern: {spec: {hostPID: false}}}',
      'clusterRoles',
    ],
    [
      'validate: {deny: {conditions: {any: [{key: "{{ x509_decode(request.object.a) }}", operator: Equals, value: 1}]}}}',
      'x509_decode',
    ],
    [
      'mutate: {patchStrategicMerge: {metadata: {labels: {a: "x-{{ images.containers.{{ request.object.metadata.name }}.name }}-y"}}}}',
      'inside of each other',
    ],
    ['mutate: {patchesJson6902: "[{op: add, path: /spec/containers/-1, value: {name: x}}]"}', 'negative index'],
    [
      `validate: {deny: {conditions: {any: [{key: '{{ request."object".metadata.name }}', operator: Equals, value: x}]}}}`,
      'the controller itself',
    ],
  ])('refuses %s with the reason', (rule, reason) => {
    const { policies, refusals: refused } = translatePolicy(policyOf(rule).object);

    expect(policies).toEqual([]);
    expect(refused).toEqual([{ rule: 'r', reason: expect.stringContaining(reason) as unknown }]);
  });

  it('tells where it decides otherwise', () => {
    const { remarks } = translatePolicy(policyOf('validate: {pattern: {spec: {hostPID: false}}}').object);

    expect(remarks.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('in breach already'));
  });

  it('becomes admission policies of Kubernetes, one more for each shape of controller', () => {
    const [made] = translatePolicy(policyOf('validate: {pattern: {spec: {hostPID: false}}}').object).policies;

    const translated = admissionPoliciesOf(made?.object ?? {});

    expect(translated.kind === 'policies' ? translated.objects.map(({ kind }) => kind) : []).toEqual(
      Array.from({ length: 3 }, () => ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']).flat(),
    );
  });

  it.each([
    ['a missing text beside null', 'validate: {pattern: {spec: {serviceAccountName: "!default"}}}'],
    ['a missing truth beside null', 'validate: {pattern: {spec: {hostNetwork: null}}}'],
    ['a missing number in a range', 'validate: {pattern: {spec: {terminationGracePeriodSeconds: "10-30"}}}'],
    ['labels of templates', 'validate: {pattern: {metadata: {labels: {team: "?*"}}}}'],
    [
      'containers of every kind',
      'validate: {deny: {conditions: {any: [{key: "{{ request.object.spec.[initContainers, containers, ephemeralContainers][].name }}", operator: AnyIn, value: [a]}]}}}',
    ],
    [
      'keys of a container',
      'validate: {deny: {conditions: {any: [{key: "{{ request.object.spec.containers[].keys(@)[] }}", operator: AnyIn, value: [stdin]}]}}}',
    ],
    [
      'a list that is null',
      'validate: {foreach: [{list: request.object.spec.volumes, deny: {conditions: {all: [{key: "{{ element.name }}", operator: Equals, value: x}]}}}]}',
    ],
  ])('holds against the types of the API server: %s', (_, rule) => {
    const { policies } = translatePolicy(policyOf(rule).object);
    const [made] = policies.map(({ object }) => admissionPoliciesOf(object));
    const objects = made?.kind === 'policies' ? made.objects : [];

    const warnings = objects
      .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
      .flatMap((object) => typeWarnings({ object, locateValue: nowhere }));

    expect(objects).not.toEqual([]);
    expect(warnings.map(({ warning }) => warning)).toEqual([]);
  });

  it('never throws, whatever the pattern', () => {
    const base = policyOf('validate: {pattern: {}}').object;

    fc.assert(
      fc.property(fc.jsonValue(), (pattern) => {
        const rules = [{ name: 'r', match: { any: [{ resources: { kinds: ['Pod'] } }] }, validate: { pattern } }];
        const { policies, refusals: refused } = translatePolicy({ ...base, spec: { rules } });
        expect(policies.length + refused.length).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe('globs as regular expressions', () => {
  it('of values are those of Kyverno, whatever is in them', () => {
    const environment = kubernetesEnvironment({});
    const part = fc.constantFrom('*', '?', 'a', '.', '\\', '\\E', '\\Q', '$', '(', '"');
    const text = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (value, glob) => {
        const compiled = compileCel(globOfValue(quote(value), quote(glob)), environment);
        if (compiled.kind === 'fault') throw new Error(compiled.faults[0]?.message);
        expect(compiled.program.evaluateSlots([]).value).toBe(matchesWildcard(glob, value));
      }),
    );
  });

  it('keep every character but the wildcards', () => {
    expect(globExpression('a.b*[c]?')).toBe(String.raw`(?s)^a\.b.*\[c\].$`);
  });
});
