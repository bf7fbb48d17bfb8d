// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { needsOf } from './needed-objects.ts';

const admission = 'admissionregistration.k8s.io/v1';
const clusterPolicy = (rule: object): object => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'a' },
  spec: { rules: [rule] },
});
const needs = (...documents: readonly object[]): ReturnType<typeof needsOf> =>
  needsOf(documents as Parameters<typeof needsOf>[0]);

describe('what installed policies look up', () => {
  const policy = {
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'limits' },
    spec: { paramKind: { apiVersion: 'shop.example/v1', kind: 'Limit' } },
  };
  const binding = (paramRef: object): object => ({
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: { policyName: 'limits', paramRef },
  });

  it('is the params of bindings, as narrow as they are named', () => {
    const base = { apiVersion: 'shop.example/v1', kind: 'Limit' };

    expect(needs(policy, binding({ name: 'a', namespace: 'shop' })).objects).toEqual([
      { ...base, namespace: 'shop', name: 'a' },
    ]);
    expect(needs(policy, binding({ name: 'a' })).objects).toEqual([{ ...base, name: 'a' }]);
    expect(
      needs(
        policy,
        binding({
          selector: {
            matchLabels: { app: 'web' },
            matchExpressions: [
              { key: 'tier', operator: 'In', values: ['a', 'b'] },
              { key: 'old', operator: 'DoesNotExist' },
            ],
          },
        }),
      ).objects,
    ).toEqual([{ ...base, labelSelector: 'app=web,tier in (a,b),!old' }]);
    expect(needs(policy, binding({ selector: {} })).objects).toEqual([base]);
  });

  it('is nothing for a policy that no binding gives params', () => {
    expect(needs(policy).objects).toEqual([]);
  });

  it('is ConfigMaps whose names hold no variables, in loops too', () => {
    const found = needs(
      clusterPolicy({
        context: [
          { name: 'a', configMap: { name: 'allowed', namespace: 'policies' } },
          { name: 'b', configMap: { name: '{{ request.namespace }}' } },
        ],
        validate: { foreach: [{ context: [{ name: 'c', configMap: { name: 'inner' } }] }] },
      }),
    );

    expect(found.objects).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'policies', name: 'allowed' },
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'inner' },
    ]);
  });

  it('is Secrets with keys and credentials', () => {
    const found = needs(
      clusterPolicy({
        verifyImages: [
          {
            attestors: [
              { entries: [{ keys: { publicKeys: 'k8s://keys/cosign' } }, { keys: { secret: { name: 'own' } } }] },
            ],
            imageRegistryCredentials: { secrets: ['shop/pull', 'pull'] },
          },
        ],
      }),
    );

    expect(found.objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`).sort()).toEqual([
      'Secret keys/cosign',
      'Secret kyverno/own',
      'Secret kyverno/pull',
      'Secret shop/pull',
    ]);
  });

  it('is roles only where a rule is about them', () => {
    expect(needs(clusterPolicy({ match: { any: [{ clusterRoles: ['admin'] }] } })).roles).toBe(true);
    expect(needs(clusterPolicy({ validate: { message: '{{ request.roles }}' } })).roles).toBe(true);
    expect(needs(clusterPolicy({ match: { any: [{ resources: { kinds: ['ClusterRole'] } }] } })).roles).toBe(false);
  });

  it('is the entries of the global context that are installed', () => {
    const entry = { apiVersion: 'kyverno.io/v2', kind: 'GlobalContextEntry', metadata: { name: 'e' }, spec: {} };

    expect(needs(entry, policy).entries).toEqual([entry]);
  });
});
