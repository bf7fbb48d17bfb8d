// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../formats/document.ts';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import type { Operation } from '../../admission-policy/request.ts';
import { requestFor } from '../../admission-policy/request.ts';
import type { DataProvider } from '../../data-provider.ts';
import { noData } from '../../data-provider.ts';
import type { RuleOutcome } from '../rule.ts';
import { compileDeletingPolicy, evaluateDeletingPolicy } from './deleting-policy.ts';
import type { CelException } from './exceptions.ts';
import { compileCelException } from './exceptions.ts';
import { compileMutatingPolicy, evaluateMutatingPolicy } from './mutating-policy.ts';
import { compileValidatingPolicy, evaluateValidatingPolicy } from './validating-policy.ts';

function document(kind: string, spec: string): KubernetesResource {
  const text = `apiVersion: policies.kyverno.io/v1
kind: ${kind}
metadata: {name: p}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods]}]
${spec.replace(/^/gm, '  ')}`;
  const [resource] = resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources;
  if (resource === undefined) throw new Error('no policy');
  return resource;
}

interface World {
  readonly operation?: Operation;
  readonly data?: DataProvider;
  readonly exceptions?: readonly CelException[];
}

function evaluation(object: JsonObject, { operation = 'CREATE', data = noData, exceptions = [] }: World) {
  return { request: requestFor(object, operation), namespace: undefined, namespaceLabels: {}, data, exceptions };
}

function validate(spec: string, object: JsonObject, world: World = {}): RuleOutcome | undefined {
  const { policy, problems } = compileValidatingPolicy(document('ValidatingPolicy', spec));
  if (policy === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return evaluateValidatingPolicy(policy, evaluation(object, world));
}

function mutate(spec: string, object: JsonObject, world: World = {}): RuleOutcome | undefined {
  const { policy, problems } = compileMutatingPolicy(document('MutatingPolicy', spec));
  if (policy === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return evaluateMutatingPolicy(policy, evaluation(object, world));
}

function pod(spec: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec };
}

const hostNetwork = `
validations:
- {expression: "!object.spec.?hostNetwork.orValue(false)", message: no host network}`;

describe('ValidatingPolicy', () => {
  it('judges Pods and what makes them', () => {
    expect(validate(hostNetwork, pod({}))).toMatchObject({ status: 'pass' });
    expect(validate(hostNetwork, pod({ hostNetwork: true }))).toMatchObject({
      status: 'fail',
      message: 'no host network',
    });
    const spec = { template: { spec: { hostNetwork: true } } };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec };
    expect(validate(hostNetwork, deployment)).toMatchObject({ status: 'fail' });
    expect(validate(hostNetwork, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } })).toBeUndefined();
  });

  it('asks the data provider, in either spelling', () => {
    const apiCall = () => ({ kind: 'found' as const, value: { data: { name: 'web' } } });
    const data = { ...noData, apiCall };
    for (const name of ['resource.Get', 'resource.get']) {
      const spec = `validations: [{expression: '${name}("v1", "configmaps", "shop", "c").data.name == object.metadata.name'}]`;
      expect(validate(spec, pod({}), { data })).toMatchObject({ status: 'pass' });
      expect(validate(spec, pod({}))).toMatchObject({ status: 'error' });
    }
  });

  it('is skipped by exceptions whose conditions hold', () => {
    const compiled = compileCelException({
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'PolicyException',
      metadata: { name: 'x' },
      spec: {
        policyRefs: [{ name: 'p', kind: 'ValidatingPolicy' }],
        matchConditions: [{ name: 'n', expression: "object.metadata.name == 'web'" }],
      },
    });
    if (compiled.kind !== 'exception') throw new Error(compiled.message);
    const exceptions = [compiled.exception];
    expect(validate(hostNetwork, pod({ hostNetwork: true }), { exceptions })).toMatchObject({ status: 'skip' });
  });

  it('of mode JSON judges anything', () => {
    const spec = `evaluation: {mode: JSON}\nvalidations: [{expression: "object.size > 3"}]`;
    expect(validate(spec, { size: 4 })).toMatchObject({ status: 'pass' });
  });

  it('is refused when it cannot be compiled', () => {
    const { policy, problems } = compileValidatingPolicy(
      document('ValidatingPolicy', 'evaluation: {mode: Envoy}\nvalidations: [{expression: "nowhere"}]'),
    );
    expect(policy).toBeUndefined();
    expect(problems).toHaveLength(2);
  });
});

describe('MutatingPolicy', () => {
  it('merges configurations', () => {
    const spec = `
mutations:
- patchType: ApplyConfiguration
  applyConfiguration: {expression: 'Object{metadata: Object.metadata{labels: {"team": "blue"}}}'}`;
    expect(mutate(spec, pod({}))?.patched?.['metadata']).toEqual({
      name: 'web',
      namespace: 'shop',
      labels: { team: 'blue' },
    });
    expect(mutate(spec, pod({}), { operation: 'DELETE' })).toBeUndefined();
  });

  it('applies JSON Patches, each to what the one before it made', () => {
    const spec = `
variables: [{name: next, expression: "int(object.spec.?priority.orValue(0)) + 1"}]
mutations:
- {patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: "add", path: "/spec/priority", value: variables.next}]'}}
- {patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: "add", path: "/spec/priority", value: variables.next}]'}}`;
    expect(mutate(spec, pod({}))?.patched?.['spec']).toEqual({ priority: 2 });
  });

  it('leaves alone what its conditions, with variables, exclude', () => {
    const spec = `
matchConditions: [{name: c, expression: "variables.isWeb"}]
variables: [{name: isWeb, expression: "object.metadata.name == 'db'"}]
mutations:
- {patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: "remove", path: "/spec"}]'}}`;
    expect(mutate(spec, pod({}))).toBeUndefined();
  });

  it('is an error where a patch cannot be applied', () => {
    const spec = `
mutations:
- {patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: "remove", path: "/spec/nowhere"}]'}}`;
    expect(mutate(spec, pod({}))).toMatchObject({ status: 'error' });
  });
});

describe('DeletingPolicy', () => {
  const spec = 'schedule: "0 1 * * *"\nconditions: [{name: c, expression: "object.metadata.name == \'web\'"}]';
  const judged = (object: JsonObject, text = spec): RuleOutcome | undefined => {
    const { policy, problems } = compileDeletingPolicy(document('DeletingPolicy', text));
    if (policy === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
    return evaluateDeletingPolicy(policy, evaluation(object, {}));
  };

  it('tells what is to be deleted', () => {
    expect(judged(pod({}))).toMatchObject({ status: 'pass' });
    expect(judged({ ...pod({}), metadata: { name: 'db' } })).toMatchObject({ status: 'fail' });
    expect(judged({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' } })).toBeUndefined();
  });

  it('needs a schedule', () => {
    expect(() => judged(pod({}), 'conditions: []')).toThrow('schedule');
  });
});
