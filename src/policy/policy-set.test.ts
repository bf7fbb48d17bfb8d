// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { parseKubernetesYaml } from '../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../formats/kubernetes-yaml/resources.ts';
import type { AdmissionRequest } from './admission-policy/request.ts';
import { requestFor } from './admission-policy/request.ts';
import { noData } from './data-provider.ts';
import type { EngineData, PolicyEngine } from './engine.ts';
import { definePolicyEngine, nothingToSay } from './engine.ts';
import { policyEngines } from './engines.ts';
import type { PolicySet } from './policy-set.ts';
import { compilePolicySet } from './policy-set.ts';

function read(text: string): readonly KubernetesResource[] {
  return resourcesOf(parseKubernetesYaml(text, 'policies.yaml')).resources;
}

function compile(text: string, engines: readonly PolicyEngine[] = policyEngines): PolicySet {
  return compilePolicySet(read(text), engines, { unbound: 'apply' });
}

function dataWith(labels: Readonly<Record<string, string>> = {}): EngineData {
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  return { cluster: { objects: () => [], namespace }, provider: noData };
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [{ name: 'a', image: 'web:1' }] },
};

const policy = (name: string, expression: string, resources = 'pods'): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: ${name}, annotations: { landwaiter.dev/severity: critical } }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE], resources: [${resources}] }]
  validations: [{ expression: "${expression}", message: 'not so' }]
---
`;

describe('a set of policies', () => {
  test('gives each document to the engine that takes it, and tells what nobody took', () => {
    const set = compile(`${policy('one', 'true')}apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n`);

    expect(set.engines.map(({ engine, documents }) => [engine.id, documents.length])).toContainEqual([
      'admission-policy',
      1,
    ]);
    expect(set.others.map(({ object }) => object['kind'])).toEqual(['ConfigMap']);
  });

  test('a binding with the name of its policy took the severity of the policy away', () => {
    const binding = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: one }
spec: { policyName: one, validationActions: [Deny] }
`;
    const { decisions } = compile(policy('one', 'false') + binding).judge(requestFor(pod), dataWith());

    expect(decisions).toMatchObject([{ outcome: 'fail', severity: 'critical' }]);
  });

  test('an expression that failed under failurePolicy Ignore passed', () => {
    const ignoring = policy('one', 'object.spec.none == 1').replace('spec:', 'spec:\n  failurePolicy: Ignore');
    const { decisions } = compile(ignoring).judge(requestFor(pod), dataWith());

    expect(decisions.map(({ outcome, effect }) => [outcome, effect])).toEqual([['error', 'audit']]);
  });

  test('fails with the severity that the policy states, and passes what holds', () => {
    const set = compile(policy('one', 'false') + policy('two', 'true'));

    const { decisions } = set.judge(requestFor(pod), dataWith());

    expect(decisions).toMatchObject([
      { policy: 'one', outcome: 'fail', effect: 'deny', severity: 'critical', message: 'not so' },
      { policy: 'two', outcome: 'pass' },
    ]);
  });

  test('says nothing about kinds that no policy is for', () => {
    const set = compile(policy('one', 'false', 'secrets'));

    expect(set.judge(requestFor(pod), dataWith()).decisions).toEqual([]);
  });

  test('an expression that fails is an error, not a verdict', () => {
    const set = compile(policy('one', "object.metadata.labels['x'] == 'y'"));

    expect(set.judge(requestFor(pod), dataWith()).decisions).toMatchObject([{ outcome: 'error' }]);
  });

  test('a policy that cannot be compiled is a problem and judges nothing', () => {
    const set = compile(policy('one', 'object.spec.('));

    expect(set.problems).toMatchObject([{ hidesFindings: true }]);
    expect(set.judge(requestFor(pod), dataWith()).decisions).toEqual([]);
  });

  test('engines that change objects run first, and the others see the changed object', () => {
    const seen: unknown[] = [];
    const engine = (id: string, mutates: boolean, judge: (request: AdmissionRequest) => object): PolicyEngine =>
      definePolicyEngine({
        id,
        title: id,
        accepts: ({ object }) => object['kind'] === id,
        compile: () => ({
          problems: [],
          policies: [{ name: id, kind: id, location: { path: '' }, interests: [], mutates }],
          judge: (request) => ({ ...nothingToSay, ...judge(request) }),
        }),
      });
    const watcher = engine('Watcher', false, ({ object }) => {
      seen.push(object?.['changed']);
      return {};
    });
    const changer = engine('Changer', true, ({ object }) => ({
      patch: [{ op: 'add', path: '/changed', value: 1 }],
      object: { ...object, changed: 1 },
    }));

    const set = compile('kind: Watcher\napiVersion: a/v1\n---\nkind: Changer\napiVersion: a/v1\n', [watcher, changer]);
    const outcome = set.judge(requestFor(pod), dataWith());

    expect(seen).toEqual([1]);
    expect(outcome.object).toMatchObject({ changed: 1 });
    expect(outcome.patch).toHaveLength(1);
  });
});

test('a resource named like a member of every JavaScript object made the judging throw', () => {
  const request = requestFor({ apiVersion: 'x.example/v1', kind: 'Constructor', metadata: { name: 'a' } });
  const named = {
    ...request,
    kind: { ...request.kind, kind: 'constructor' },
    resource: { ...request.resource, resource: 'constructor' },
  };
  const { decisions } = compile(policy('one', 'false', "'*'")).judge(named, dataWith());

  expect(decisions.map(({ outcome }) => outcome)).toEqual(['fail']);
});

describe('Pod Security Standards as an engine', () => {
  const enforce = { 'pod-security.kubernetes.io/enforce': 'baseline', 'pod-security.kubernetes.io/warn': 'restricted' };
  const privileged = {
    ...pod,
    spec: { containers: [{ name: 'a', image: 'web:1', securityContext: { privileged: true } }] },
  };
  const outcomes = (text: string, request: AdmissionRequest, data: EngineData): readonly unknown[] =>
    compile(text)
      .judge(request, data)
      .decisions.map(({ rule, outcome, effect }) => `${effect} ${outcome} ${rule}`);

  test('labels of the namespace say what is denied and what is warned of', () => {
    expect(outcomes('', requestFor(privileged), dataWith(enforce))).toEqual([
      'deny fail baseline:latest',
      'warn fail restricted:latest',
    ]);
    expect(outcomes('', requestFor(pod), dataWith(enforce))).toEqual([
      'deny pass baseline:latest',
      'warn fail restricted:latest',
    ]);
  });

  test('a Pod in a namespace whose labels nobody could look up was admitted', () => {
    const unknown: EngineData = { cluster: { objects: () => [], namespace: () => undefined }, provider: noData };

    expect(outcomes('', requestFor(pod), unknown)).toEqual(['deny error ']);
    expect(outcomes('', requestFor({ ...pod, apiVersion: 'v1', kind: 'ConfigMap' }), unknown)).toEqual([]);
  });

  test('controllers are warned of, never denied', () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { template: { spec: privileged.spec } },
    };

    expect(outcomes('', requestFor(deployment), dataWith(enforce))).toEqual(['warn fail restricted:latest']);
  });

  test('a configuration gives defaults and exemptions', () => {
    const configuration = (exempt: string): string => `
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
  - name: PodSecurity
    configuration:
      apiVersion: pod-security.admission.config.k8s.io/v1
      kind: PodSecurityConfiguration
      defaults: { enforce: baseline, enforce-version: v1.30 }
      exemptions: { namespaces: [${exempt}] }
`;

    expect(outcomes(configuration(''), requestFor(privileged), dataWith())).toEqual(['deny fail baseline:v1.30']);
    expect(outcomes(configuration('shop'), requestFor(privileged), dataWith())).toEqual([]);
  });

  test('a label that means nothing is an error and as strict as can be', () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'strict' };

    expect(outcomes('', requestFor(pod), dataWith(labels))).toEqual([
      'warn error pod-security.kubernetes.io/enforce',
      'deny fail restricted:latest',
    ]);
  });
});
