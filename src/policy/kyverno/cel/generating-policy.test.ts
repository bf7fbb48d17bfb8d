// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../formats/document.ts';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import { requestFor } from '../../admission-policy/request.ts';
import type { DataProvider } from '../../data-provider.ts';
import { noData } from '../../data-provider.ts';
import type { CompiledEngine, EngineOutcome } from '../../engine.ts';
import { kyvernoPolicyEngine } from '../policy-engine.ts';

const constraints =
  'matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [namespaces]}]}';

function compile(text: string): CompiledEngine {
  const { resources } = resourcesOf(parseKubernetesYaml(text, 'policy.yaml'));
  return kyvernoPolicyEngine.compile(resources, { unbound: 'apply' });
}

function generating(generate: string, variables = ''): string {
  return `apiVersion: policies.kyverno.io/v1
kind: GeneratingPolicy
metadata: {name: g}
spec:
  ${constraints}
${variables}
  generate:
${generate.replaceAll(/^/gm, '  ')}`;
}

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

function judge(policy: string, object: JsonObject = namespace, provider: DataProvider = noData): EngineOutcome {
  const cluster = { objects: () => [], namespace: () => undefined };
  return compile(policy).judge(requestFor(object), { cluster, provider, writes: 'wanted' });
}

const map = '{"apiVersion": dyn("v1"), "kind": dyn("ConfigMap"), "metadata": dyn({"name": "c"})}';

describe('GeneratingPolicy', () => {
  it('tells what it hands to the generator', () => {
    const outcome = judge(generating(`- expression: 'generator.Apply(object.metadata.name, [${map}])'`));

    expect(outcome.writes).toEqual([
      {
        policy: 'g',
        rule: '',
        kind: 'make',
        object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' } },
      },
    ]);
    expect(outcome.decisions).toMatchObject([{ outcome: 'pass', effect: 'audit' }]);
  });

  it('copies what it looks up without what only the source can have', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'from', uid: 'u', resourceVersion: '7', labels: { a: 'b' } },
      data: { k: 'dg==' },
    };
    const provider: DataProvider = { ...noData, apiCall: () => ({ kind: 'found', value: secret }) };
    const copy = `- expression: 'generator.Apply("shop", [resource.Get("v1", "secrets", "from", "s")])'`;

    const { writes = [] } = judge(generating(copy), namespace, provider);

    expect(writes.map(({ object }) => object)).toEqual([
      { ...secret, metadata: { name: 's', namespace: 'shop', labels: { a: 'b' } } },
    ]);
  });

  it('fills in templates', () => {
    const template = `- template:
    interpolate: cel
    value: |
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: "(( variables.own ))-config", labels: "(( {'a': 'b'} ))"}
      data: {text: "(( '}, kind: Secret' ))"}`;
    const variables = '  variables: [{name: own, expression: object.metadata.name}]';

    const { writes = [] } = judge(generating(template, variables));

    expect(writes.map(({ object }) => object)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'shop-config', labels: { a: 'b' } },
        data: { text: '}, kind: Secret' },
      },
    ]);
  });

  it('leaves templates as they are unless it is told to fill them in', () => {
    const template = `- template:
    value: "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {t: '(( 1 ))'}}"`;

    const { writes = [] } = judge(generating(template));

    expect(writes[0]?.object['data']).toEqual({ t: '(( 1 ))' });
  });

  it('refuses nobody when it cannot make what it should', () => {
    const { decisions, writes } = judge(generating(`- expression: 'generator.Apply("a", [{"kind": "X"}])'`));

    expect(decisions).toMatchObject([{ outcome: 'error', effect: 'audit' }]);
    expect(writes).toBeUndefined();
  });

  it('says nothing of other objects', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'shop' }, spec: {} };

    expect(judge(generating(`- expression: 'generator.Apply("a", [${map}])'`), pod).decisions).toEqual([]);
  });

  it.each([
    ['nothing', '[]'.replace('[]', '- {}')],
    ['what does not compile', "- expression: 'generator.Apply('"],
    ['a template of no object', '- template: {value: "kind: X"}'],
    ['another interpolation', '- template: {interpolate: go, value: "{apiVersion: v1, kind: X}"}'],
  ])('is refused with %s', (_, generate) => {
    expect(compile(generating(generate)).problems).toMatchObject([{ hidesFindings: true }]);
  });
});

describe('ClusterPolicies', () => {
  it('tell what they generate, and what they change besides', () => {
    const policy = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p}
spec:
  rules:
  - name: make
    match: {any: [{resources: {kinds: [Namespace]}}]}
    generate: {apiVersion: v1, kind: ConfigMap, name: c, namespace: "{{ request.object.metadata.name }}", data: {data: {a: b}}}
  - name: change
    match: {any: [{resources: {kinds: [Namespace]}}]}
    mutate:
      targets: [{apiVersion: v1, kind: ConfigMap, name: other, namespace: shop}]
      patchStrategicMerge: {metadata: {labels: {seen: "yes"}}}
`;
    const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace: 'shop' } };
    const provider: DataProvider = { ...noData, objects: () => ({ kind: 'found', value: [other] }) };

    const { writes = [] } = judge(policy, namespace, provider);

    expect(writes.map(({ rule, kind, object }) => [rule, kind, (object['metadata'] as JsonObject)['name']])).toEqual([
      ['change', 'change', 'other'],
      ['make', 'make', 'c'],
    ]);
  });
});
