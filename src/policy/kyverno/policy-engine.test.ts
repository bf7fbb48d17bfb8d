// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { AdmissionRequest } from '../admission-policy/request.ts';
import { requestFor } from '../admission-policy/request.ts';
import { noData } from '../data-provider.ts';
import type { EngineData } from '../engine.ts';
import type { PolicySet } from '../policy-set.ts';
import { compilePolicySet } from '../policy-set.ts';
import { kyvernoEngine } from './policy-engine.ts';

const engine = kyvernoEngine({ now: () => 0, random: () => 0 });

function compile(text: string): PolicySet {
  const documents = resourcesOf(parseKubernetesYaml(text, 'policies.yaml')).resources;
  return compilePolicySet(documents, [engine], { unbound: 'apply' });
}

const namespace = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { tier: 'gold' } },
});
const data: EngineData = { cluster: { objects: () => [], namespace }, provider: noData };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec: {} };

function decisionsOf(text: string, request: AdmissionRequest = requestFor(pod)): readonly string[] {
  const { decisions } = compile(text).judge(request, data);
  return decisions.map(({ policy, rule, outcome, effect }) => `${policy}/${rule} ${outcome} ${effect}`);
}

const team = (spec = '', kind = 'ClusterPolicy', validate = ''): string => `
apiVersion: kyverno.io/v1
kind: ${kind}
metadata: {name: p, namespace: shop, annotations: {policies.kyverno.io/severity: high}}
spec:
  ${spec}
  rules:
  - name: r
    match: {any: [{resources: {kinds: [Pod]}}]}
    validate: {message: m, pattern: {metadata: {labels: {team: "?*"}}}, ${validate}}
---
`;

const addTeam = `
apiVersion: policies.kyverno.io/v1
kind: MutatingPolicy
metadata: {name: m}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration: {expression: 'Object{metadata: Object.metadata{labels: {"team": "blue"}}}'}
---
`;

describe("Kyverno's policies as an engine", () => {
  it.each([
    ['', '', 'audit'],
    ['validationFailureAction: Enforce', '', 'deny'],
    ['emitWarning: true', '', 'warn'],
    ['', 'failureAction: Enforce', 'deny'],
    ['', 'failureActionOverrides: [{action: Enforce, namespaceSelector: {matchLabels: {tier: gold}}}]', 'deny'],
    ['admission: false', 'failureAction: Enforce', 'audit'],
  ])('take the effect from %s %s', (spec, validate, effect) => {
    expect(decisionsOf(team(spec, 'ClusterPolicy', validate))).toEqual([`p/r fail ${effect}`]);
  });

  it('judge only their namespace where they have one', () => {
    expect(decisionsOf(team('', 'Policy'))).toEqual(['shop/p/r fail audit']);
    const other = { ...pod, metadata: { name: 'web', namespace: 'other' } };
    expect(decisionsOf(team('', 'Policy'), requestFor(other))).toEqual([]);
  });

  it('change objects before any policy judges them', () => {
    const outcome = compile(team('validationFailureAction: Enforce') + addTeam).judge(requestFor(pod), data);
    expect(outcome.decisions.map(({ policy, outcome: result }) => [policy, result])).toEqual([
      ['m', 'pass'],
      ['p', 'pass'],
    ]);
    expect(outcome.patch).toEqual([{ op: 'add', path: '/metadata/labels', value: { team: 'blue' } }]);
  });

  const noHostNetwork = (spec: string) => `
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: v}
spec:
  ${spec}
  validationActions: [Deny]
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  validations: [{expression: "!object.spec.?hostNetwork.orValue(false)"}]
---
`;
  const onHostNetwork = requestFor({ ...pod, spec: { hostNetwork: true } });

  it('refuse nothing where they are not for admission', () => {
    expect(decisionsOf(noHostNetwork(''), onHostNetwork)).toEqual(['v/validation fail deny']);
    const background = noHostNetwork('evaluation: {admission: {enabled: false}}');
    expect(decisionsOf(background, onHostNetwork)).toEqual(['v/validation fail audit']);
  });

  it('of CEL that cannot be evaluated do what breaches do, unless failurePolicy is Ignore', () => {
    const broken = (spec: string) =>
      noHostNetwork(spec).replace(/validations: .*/, 'validations: [{expression: object.nothing}]');
    const actions = (words: string) => `validationActions: [${words}]`;

    expect(decisionsOf(broken(''))).toEqual(['v/validation error deny']);
    expect(decisionsOf(broken('failurePolicy: Ignore'))).toEqual(['v/validation error audit']);
    expect(decisionsOf(broken('').replace(/validationActions: .*/, actions('Audit')))).toEqual([
      'v/validation error audit',
    ]);
    expect(
      decisionsOf(broken('failurePolicy: Ignore').replace(/validationActions: .*/, actions('Deny, Warn'))),
    ).toEqual(['v/validation error warn']);
    expect(decisionsOf(noHostNetwork('failurePolicy: Ignore'), onHostNetwork)).toEqual(['v/validation fail deny']);
  });

  it('deny where no validationActions are stated', () => {
    const silent = noHostNetwork('').replace(/validationActions: .*/, '');

    expect(decisionsOf(silent, onHostNetwork)).toEqual(['v/validation fail deny']);
  });

  it('are not let off by an exception whose conditions cannot be evaluated, also with failurePolicy Ignore', () => {
    const exception = `
apiVersion: policies.kyverno.io/v1
kind: PolicyException
metadata: {name: x, namespace: shop}
spec:
  policyRefs: [{name: v, kind: ValidatingPolicy}]
  matchConditions: [{name: c, expression: object.nothing}]
`;

    expect(decisionsOf(noHostNetwork('failurePolicy: Ignore') + exception, onHostNetwork)).toEqual([
      'v/validation fail deny',
    ]);
    expect(decisionsOf(noHostNetwork('') + exception, onHostNetwork)).toEqual(['v/validation error deny']);
  });

  it('write into the audit log, and are errors where they cannot', () => {
    const annotated = (text: string) => noHostNetwork(`auditAnnotations: [{key: k, valueExpression: '${text}'}]`);
    const outcome = compile(annotated('object.metadata.name')).judge(requestFor(pod), data);
    expect(outcome.auditAnnotations).toEqual({ 'v/k': 'web' });
    expect(decisionsOf(annotated('object.nothing'))).toEqual(['v/validation error deny']);
    expect(decisionsOf(annotated('object.nothing'), onHostNetwork)).toEqual(['v/validation fail deny']);
  });

  it('heed exceptions', () => {
    const exception = `
apiVersion: kyverno.io/v2
kind: PolicyException
metadata: {name: x, namespace: shop}
spec:
  exceptions: [{policyName: p, ruleNames: [r]}]
  match: {any: [{resources: {kinds: [Pod]}}]}
`;
    expect(decisionsOf(team('validationFailureAction: Enforce') + exception)).toEqual(['p/r skip deny']);
  });

  it('deny what they cannot judge, unless they are to ignore that', () => {
    const unknown = 'deny: {conditions: {all: [{key: "{{ nowhere.at }}", operator: Equals, value: 1}]}}';
    const policy = (spec: string) => team(spec).replace('pattern: {metadata: {labels: {team: "?*"}}}', unknown);
    expect(decisionsOf(policy(''))).toEqual(['p/r error deny']);
    expect(decisionsOf(policy('failurePolicy: Ignore'))).toEqual(['p/r error audit']);
  });

  it('say that nothing is generated here', () => {
    const generate = 'generate: {apiVersion: v1, kind: ConfigMap, name: c, namespace: shop, data: {}}';
    const set = compile(team().replace(/validate: .*/, generate));
    expect(set.problems).toMatchObject([
      { hidesFindings: false, message: expect.stringContaining('is not written') as string },
    ]);
  });

  it('change or judge, as asked', () => {
    const set = compile(team() + addTeam);
    expect(set.judge(requestFor(pod), { ...data, phase: 'validate' })).toMatchObject({
      patch: [],
      decisions: [{ policy: 'p' }],
    });
    expect(set.judge(requestFor(pod), { ...data, phase: 'mutate' }).decisions).toEqual([]);
  });

  it('refuse nobody whose object makes them change others: those are changed in the background', () => {
    const change = 'mutate: {targets: [{apiVersion: v1, kind: Secret, name: a}], patchStrategicMerge: {a: b}}';
    const set = compile(team().replace(/validate: .*/, change));
    const objects = () => ({ kind: 'found', value: [{ kind: 'Secret', metadata: { name: 'a' } }] }) as const;

    expect(set.judge(requestFor(pod), { ...data, phase: 'mutate' }).decisions).toEqual([]);
    expect(
      set.judge(requestFor(pod), { ...data, provider: { ...noData, objects }, phase: 'mutate', writes: 'wanted' })
        .writes,
    ).toMatchObject([{ kind: 'change', object: { a: 'b' } }]);
  });

  it('are all refused or taken, never in part', () => {
    const set = compile(
      team().replace('kind: ClusterPolicy', 'kind: ClusterPolicy # x').replace('message: m', 'mesage: m'),
    );
    expect(set.problems).toMatchObject([{ hidesFindings: true }]);
    expect(set.judge(requestFor(pod), data).decisions).toEqual([]);
  });
});
