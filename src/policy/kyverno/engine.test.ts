// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { noData } from '../data-provider.ts';
import type { EvaluationOptions, PolicyRequest } from './engine.ts';
import { evaluatePolicy } from './engine.ts';
import { compileException } from './exceptions.ts';
import { compilePolicy } from './policy.ts';
import { Queries } from './queries.ts';

const queries = new Queries({ now: () => 0, random: () => 0 });

interface Asked extends Partial<PolicyRequest>, Partial<EvaluationOptions> {
  /** Keys of the spec beside the rules. */
  readonly spec?: string;
  /** Rules after it. */
  readonly after?: string;
}

/** The outcomes of one rule on Pods, autogen off, as `status: message`. */
function said(rule: string, object: JsonObject, asked: Asked = {}): readonly string[] {
  return outcomes(rule, object, asked).map(({ status, message }) => `${status}: ${message}`);
}

function outcomes(rule: string, object: JsonObject, { spec = '', after = '', ...asked }: Asked) {
  const text = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: p
  annotations: {pod-policies.kyverno.io/autogen-controllers: none}
spec:
  ${spec}
  rules:
  - name: r
    match: {any: [{resources: {kinds: [Pod]}}]}
${rule.replace(/^/gm, '    ')}${after}`;
  const [resource] = resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources;
  if (resource === undefined) throw new Error('no policy');
  const { policy, problems } = compilePolicy(resource, queries);
  if (policy === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return evaluatePolicy(policy, { operation: 'CREATE', object, ...asked }, { queries, ...asked });
}

function pod(spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec };
}

const denyLatest = `
validate:
  message: "no latest in {{ request.object.metadata.name }}"
  deny:
    conditions:
      any:
      - {key: "{{ images.containers.*.tag }}", operator: AnyIn, value: latest}`;

function image(reference: string): JsonObject {
  return pod({ containers: [{ name: 'c', image: reference }] });
}

describe('rules', () => {
  it('say nothing of objects that they do not match', () => {
    expect(said(denyLatest, { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } })).toEqual([]);
  });

  it('deny by conditions, with variables in their message', () => {
    expect(said(denyLatest, image('nginx'))).toEqual(['fail: no latest in web']);
    expect(said(denyLatest, image('nginx:1.27'))).toEqual(["pass: validation rule 'r' passed."]);
  });

  it('hold patterns against the object', () => {
    const rule = `
validate:
  message: labels
  pattern: {metadata: {labels: {team: "?*"}}}`;
    expect(said(rule, pod())[0]).toMatch(/^fail: validation error: labels/);
    expect(said(rule, pod({}, { labels: { team: 'a' } }))).toEqual(["pass: validation rule 'r' passed."]);
  });

  it('are skipped when their preconditions do not hold', () => {
    const rule = `
preconditions:
  all: [{key: "{{ request.operation }}", operator: Equals, value: DELETE}]
validate: {message: m, deny: {}}`;
    expect(said(rule, pod())[0]).toMatch(/^skip: preconditions not met/);
  });

  it('are errors where a variable cannot be resolved', () => {
    const rule = `
validate:
  message: m
  deny: {conditions: {all: [{key: "{{ request.object.nowhere.at }}", operator: Equals, value: 1}]}}`;
    expect(said(rule, pod())[0]).toMatch(/^error: failed to check deny conditions/);
  });
});

describe('loops', () => {
  const rule = `
validate:
  message: every container needs a tag
  foreach:
  - list: request.object.spec.containers
    deny:
      conditions:
        all: [{key: "{{ element.image }}", operator: NotEquals, value: "*:*"}]`;

  it('judge each element', () => {
    expect(said(rule, image('nginx'))[0]).toMatch(/^fail: validation failure: /);
    expect(said(rule, image('nginx:1'))).toEqual(['pass: rule passed']);
  });

  it('say nothing without elements', () => {
    expect(said(rule, pod({ containers: [] }))).toEqual([]);
  });
});

describe('context', () => {
  const rule = `
context:
- {name: settings, configMap: {name: settings, namespace: shop}}
validate:
  message: "not {{ settings.data.team }}"
  deny: {conditions: {all: [{key: "{{ request.object.metadata.name }}", operator: NotEquals, value: "{{ settings.data.team }}"}]}}`;

  it('comes from the data provider', () => {
    const configMap = () => ({ kind: 'found' as const, value: { data: { team: 'red' } } });
    expect(said(rule, pod(), { data: { ...noData, configMap } })).toEqual(['fail: not red']);
  });

  it('may be stood in for by values', () => {
    const ruleValues = () => ({ 'settings.data.team': 'web' });
    expect(said(rule, pod(), { ruleValues })).toEqual(["pass: validation rule 'r' passed."]);
  });

  it('is an error where nobody can look it up', () => {
    expect(said(rule, pod())[0]).toMatch(/^error: /);
  });
});

describe('exceptions', () => {
  it('skip the rules they name', () => {
    const compiled = compileException({
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'x', namespace: 'shop' },
      spec: {
        exceptions: [{ policyName: 'p', ruleNames: ['r'] }],
        match: { any: [{ resources: { kinds: ['Pod'], names: ['web'] } }] },
      },
    });
    if (compiled.kind !== 'exception') throw new Error(compiled.message);
    const exceptions = [compiled.exception];
    expect(outcomes(denyLatest, image('nginx'), { exceptions })).toMatchObject([
      { status: 'skip', exceptions: ['shop/x'] },
    ]);
  });
});

describe('updates', () => {
  it('of objects already in breach are let through by rules that enforce', () => {
    const rule = `${denyLatest}\n  failureAction: Enforce`;
    const oldObject = image('nginx');
    expect(said(rule, image('nginx'), { operation: 'UPDATE', oldObject })[0]).toMatch(/pre-existing violations/);
    expect(said(rule, image('nginx'), { operation: 'UPDATE', oldObject: image('nginx:1') })[0]).toMatch(/^fail/);
  });
});

describe('mutation', () => {
  it('merges patterns with anchors', () => {
    const rule = `
mutate:
  patchStrategicMerge:
    metadata: {labels: {+(team): blue}}`;
    const [result] = outcomes(rule, pod(), {});
    expect(result).toMatchObject({ type: 'mutate', status: 'pass', message: 'mutated Pod/web in namespace shop' });
    expect(result?.patched?.['metadata']).toEqual({ name: 'web', namespace: 'shop', labels: { team: 'blue' } });
    expect(said(rule, pod({}, { labels: { team: 'red' } }))).toEqual(['skip: no patches applied']);
  });

  it('applies JSON Patches to each element', () => {
    const rule = `
mutate:
  foreach:
  - list: request.object.spec.containers
    patchesJson6902: |-
      - {op: add, path: "/spec/containers/{{elementIndex}}/imagePullPolicy", value: Always}`;
    const [result] = outcomes(rule, image('nginx'), {});
    expect(result?.patched?.['spec']).toEqual({
      containers: [{ name: 'c', image: 'nginx', imagePullPolicy: 'Always' }],
    });
  });

  it('keeps the order of lists that loops merge into', () => {
    const rule = `
mutate:
  foreach:
  - list: request.object.spec.containers
    patchStrategicMerge:
      spec: {containers: [{(name): "{{ element.name }}", imagePullPolicy: Always}]}`;
    const containers = ['a', 'b', 'c'].map((name) => ({ name, image: 'i' }));
    const [result] = outcomes(rule, pod({ containers }), {});
    const spec = result?.patched?.['spec'] as { readonly containers: readonly JsonObject[] };
    expect(spec.containers.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('is an error where a patch cannot be applied', () => {
    const rule = `
mutate:
  patchesJson6902: |-
    - {op: replace, path: /spec/nowhere/at, value: 1}`;
    expect(said(rule, pod())[0]).toMatch(/^error: failed to patch resource/);
  });

  it('changes the object for the rules after it', () => {
    const rule = `
mutate: {patchStrategicMerge: {metadata: {labels: {team: blue}}}}`;
    const after = `
  - name: second
    match: {any: [{resources: {kinds: [Pod]}}]}
    validate: {message: m, pattern: {metadata: {labels: {team: blue}}}}`;
    expect(outcomes(rule, pod(), { after }).map(({ status }) => status)).toEqual(['pass', 'pass']);
    expect(outcomes(rule, pod(), { after, spec: 'applyRules: One' })).toHaveLength(1);
    expect(outcomes(rule, pod(), { after, only: 'validate' })).toMatchObject([{ rule: 'second', status: 'fail' }]);
  });
});

describe('mutation of other objects', () => {
  const rule = `
mutate:
  targets:
  - apiVersion: v1
    kind: Secret
    name: "{{ request.object.metadata.name }}-*"
    preconditions: {all: [{key: "{{ target.metadata.labels.keep || '' }}", operator: NotEquals, value: "yes"}]}
  patchStrategicMerge: {metadata: {labels: {of: "{{ target.metadata.name }}"}}}`;
  const secret = (name: string, labels: JsonObject = {}): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, labels },
  });

  it('takes the targets from the data provider', () => {
    const value = [secret('web-a'), secret('web-b', { keep: 'yes' }), secret('db-a')];
    const data = { ...noData, objects: () => ({ kind: 'found' as const, value }) };
    const [result] = outcomes(rule, pod(), { data });
    expect(result).toMatchObject({
      status: 'pass',
      targets: [{ metadata: { name: 'web-a', labels: { of: 'web-a' } } }],
    });
    expect(result?.patched).toBeUndefined();
  });

  it('is an error where they cannot be looked up', () => {
    expect(said(rule, pod())[0]).toMatch(/^error: /);
  });
});

describe('generation', () => {
  const source = (name: string, labels: JsonObject = {}): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default', labels, uid: 'u', resourceVersion: '7' },
    data: { key: 'dg==' },
  });
  const data = {
    ...noData,
    objects: () => ({ kind: 'found' as const, value: [source('a', { copy: 'yes' }), source('b')] }),
  };

  it('makes objects from data', () => {
    const rule = `
generate:
  apiVersion: v1
  kind: ConfigMap
  name: "of-{{ request.object.metadata.name }}"
  namespace: shop
  data: {metadata: {labels: {a: b}}, data: {k: "{{ request.operation }}"}}`;
    expect(outcomes(rule, pod(), {})[0]?.generated).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'of-web', namespace: 'shop', labels: { a: 'b' } },
        data: { k: 'CREATE' },
      },
    ]);
    expect(outcomes(rule, pod(), { operation: 'DELETE' })).toEqual([]);
  });

  it('copies a source without its identity', () => {
    const rule = `
generate: {apiVersion: v1, kind: Secret, name: copy, namespace: shop, clone: {namespace: default, name: a}}`;
    expect(outcomes(rule, pod(), { data })[0]?.generated).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'copy', namespace: 'shop', labels: { copy: 'yes' } },
        data: { key: 'dg==' },
      },
    ]);
    expect(said(rule.replace('name: a}', 'name: c}'), pod(), { data })).toEqual(['error: source default/c not found']);
    expect(said(rule, pod())[0]).toMatch(/^error: /);
  });

  it('copies all of some kinds, and for each element of a list', () => {
    const rule = `
generate:
  foreach:
  - list: "['x', 'y']"
    namespace: "{{ element }}"
    cloneList: {namespace: default, kinds: [v1/Secret], selector: {matchLabels: {copy: "yes"}}}`;
    const generated = outcomes(rule, pod(), { data })[0]?.generated ?? [];
    expect(generated.map(({ metadata }) => metadata)).toEqual([
      { name: 'a', namespace: 'x', labels: { copy: 'yes' } },
      { name: 'a', namespace: 'y', labels: { copy: 'yes' } },
    ]);
  });
});
