// SPDX-License-Identifier: Apache-2.0
// What was once wrong in Kyverno, each by the name it was published under. Those about registries and signatures stand in src/apps/policy.
import { describe, expect, it } from 'vitest';
import { compiled, podOf, policyOf, verdictOf } from '../../../test/support/kyverno-rule.ts';
import type { JsonObject } from '../../formats/document.ts';
import type { ApiCall } from '../data-provider.ts';
import { apiPathFault } from './api-path.ts';
import { failOpenRemarks } from './fail-open.ts';

const refusing = { validate: { pattern: { spec: { hostPID: 'false' } } } };

describe('CVE-2024-48921: exceptions from any namespace', () => {
  const exception = (apiVersion: string, namespace: string): JsonObject => ({
    apiVersion,
    kind: 'PolicyException',
    metadata: { name: 'x', namespace },
    spec: {
      exceptions: [{ policyName: 'p', ruleNames: ['*'] }],
      match: { any: [{ resources: { kinds: ['Pod'] } }] },
      policyRefs: [{ name: 'p', kind: 'ValidatingPolicy' }],
    },
  });
  const validating: JsonObject = {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'ValidatingPolicy',
    metadata: { name: 'p' },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
      validations: [{ expression: '!has(object.spec.hostPID) || !object.spec.hostPID' }],
    },
  };

  it.each([
    ['kyverno.io/v2', policyOf(refusing)],
    ['policies.kyverno.io/v1', validating],
  ])('%s: only those of namespaces that were named count', (apiVersion, policy) => {
    const verdict = (namespace: string, allowed: readonly string[] | undefined): string | undefined =>
      verdictOf(
        compiled(
          [policy, exception(apiVersion, namespace)],
          allowed === undefined ? {} : { exceptionNamespaces: allowed },
        ),
        podOf({ hostPID: true }),
      ).split(' ')[0];

    expect(verdict('shop', ['exceptions'])).toBe('fail');
    expect(verdict('exceptions', ['exceptions'])).toBe('skip');
    expect(verdict('shop', ['*'])).toBe('skip');
    expect(verdict('shop', undefined)).toBe('skip');
  });

  it('with strict hardening none counts unless its namespace was named, and that is told', () => {
    const engine = compiled([policyOf(refusing), exception('kyverno.io/v2', 'shop')], { hardening: 'strict' });

    expect(verdictOf(engine, podOf({ hostPID: true }))).toMatch(/^fail /);
    expect(engine.problems).toMatchObject([
      { message: expect.stringContaining('does not count') as string, hidesFindings: false },
    ]);
  });

  it('is named by lint, but for exceptions of their own namespace', () => {
    const own = exception('kyverno.io/v2', 'shop');
    const match = { any: [{ resources: { kinds: ['Pod'], namespaces: ['shop'] } }] };
    const bounded = { ...own, spec: { ...(own['spec'] as JsonObject), match } };

    expect(failOpenRemarks(own).map(({ code }) => code)).toEqual(['exception-of-any-namespace']);
    expect(failOpenRemarks(bounded)).toEqual([]);
  });
});

describe('CVE-2023-33191: seccomp in podSecurity', () => {
  const runtime = { seccompProfile: { type: 'RuntimeDefault' } };
  const unconfined = { seccompProfile: { type: 'Unconfined' } };
  const fine = { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } };
  const pod = (own: JsonObject, container: JsonObject, init?: JsonObject): JsonObject =>
    podOf({
      securityContext: own,
      containers: [{ name: 'a', image: 'ghcr.io/a:1', securityContext: { ...fine, ...container } }],
      ...(init === undefined
        ? {}
        : { initContainers: [{ name: 'i', image: 'ghcr.io/i:1', securityContext: { ...fine, ...init } }] }),
    });
  const verdict = (object: JsonObject, exclude: readonly JsonObject[] = [], version = 'latest'): string | undefined =>
    verdictOf(
      compiled([policyOf({ validate: { podSecurity: { level: 'restricted', version, exclude } } })]),
      object,
    ).split(' ')[0];

  it.each([
    ['no profile at all', pod({}, {})],
    ['no confinement for the Pod', pod(unconfined, {})],
    ['no confinement for the Pod, with a profile for its container', pod(unconfined, runtime)],
    ['no confinement for one container', pod(runtime, unconfined)],
    ['no confinement for an init container', pod(runtime, {}, unconfined)],
    ['a profile for one container of two', pod({}, runtime, {})],
  ])('refuses %s', (_, object) => {
    for (const version of ['latest', 'v1.25', 'v1.29']) expect(verdict(object, [], version)).toBe('fail');
  });

  it('takes a profile of the Pod, and one of each container', () => {
    expect([pod(runtime, {}), pod({}, runtime), pod({}, runtime, runtime)].map((object) => verdict(object))).toEqual([
      'pass',
      'pass',
      'pass',
    ]);
  });

  it.each([
    ['another control', { controlName: 'Capabilities', images: ['*'] }],
    ['other images', { controlName: 'Seccomp', images: ['docker.io/*'] }],
    [
      'another field',
      {
        controlName: 'Seccomp',
        images: ['*'],
        restrictedField: 'spec.initContainers[*].securityContext.seccompProfile.type',
        values: ['Unconfined'],
      },
    ],
    [
      'another value',
      {
        controlName: 'Seccomp',
        images: ['*'],
        restrictedField: 'spec.containers[*].securityContext.seccompProfile.type',
        values: ['Localhost'],
      },
    ],
    [
      'the field of the Pod',
      { controlName: 'Seccomp', restrictedField: 'spec.securityContext.seccompProfile.type', values: ['Unconfined'] },
    ],
  ])('is not let off by an exclusion of %s', (_, exclusion) => {
    expect(verdict(pod(runtime, unconfined), [exclusion])).toBe('fail');
  });

  it('is let off by its own exclusion', () => {
    const field = 'spec.containers[*].securityContext.seccompProfile.type';
    const exclusion = { controlName: 'Seccomp', images: ['ghcr.io/*'], restrictedField: field, values: ['Unconfined'] };

    expect(verdict(pod(runtime, unconfined), [exclusion])).toBe('pass');
  });

  it.each([
    [[{ controlName: 'Capabilities', images: ['*'] }], 'fail'],
    [[{ controlName: 'Seccomp', images: ['docker.io/*'] }], 'fail'],
    [[{ controlName: 'Seccomp', images: ['ghcr.io/*'] }], 'skip'],
    [[], 'skip'],
  ])('an exception for some controls excepts no others: %j', (podSecurity, expected) => {
    const exception = {
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'x', namespace: 'shop' },
      spec: {
        exceptions: [{ policyName: 'p', ruleNames: ['r'] }],
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        ...(podSecurity.length === 0 ? {} : { podSecurity }),
      },
    };
    const policy = policyOf({ validate: { podSecurity: { level: 'restricted', version: 'latest' } } });

    expect(verdictOf(compiled([policy, exception]), pod(runtime, unconfined)).split(' ')[0]).toBe(expected);
  });
});

describe('exclusions of Pod Security by values', () => {
  it.each([
    [['/var/lib1'], 'pass'],
    [['/var/lib1', '/etc'], 'fail'],
    [['/etc'], 'fail'],
  ])('let off volumes of the host by their paths: %j', (paths, expected) => {
    const exclude = [
      { controlName: 'HostPath Volumes', restrictedField: 'spec.volumes[*].hostPath', values: ['/var/lib1'] },
    ];
    const volumes = paths.map((path, index) => ({ name: `v${index}`, hostPath: { path, type: 'Directory' } }));
    const policy = policyOf({ validate: { podSecurity: { level: 'baseline', version: 'latest', exclude } } });

    expect(verdictOf(compiled([policy]), podOf({ volumes, containers: [] })).split(' ')[0]).toBe(expected);
  });
});

describe('GHSA-8p9x-46gm-qfx2: calls of the API server', () => {
  const asked = (urlPath: string, labels: JsonObject, policy: JsonObject): readonly [string, readonly ApiCall[]] => {
    const calls: ApiCall[] = [];
    const rule = {
      context: [{ name: 'found', apiCall: { urlPath } }],
      validate: { deny: { conditions: { any: [{ key: '{{ found.a }}', operator: 'NotEquals', value: 'x' }] } } },
    };
    const provider = {
      apiCall: (call: ApiCall) => {
        calls.push(call);
        return { kind: 'found' as const, value: { a: 'x' } };
      },
    };
    return [verdictOf(compiled([policyOf(rule, policy)]), podOf({}, { labels }), { provider }), calls];
  };
  const ofShop = { kind: 'Policy', metadata: { name: 'p', namespace: 'shop' } };

  it.each([
    '/api/v1/namespaces/kube-system/secrets',
    '/api/v1/secrets',
    '/api/v1/nodes',
    '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    '/api/v1/namespaces',
    '/api/v1/namespaces/shop/../kube-system/secrets',
    '/api/v1/namespaces/shop-other/configmaps',
    '/version',
  ])('a Policy of a namespace does not reach %s', (path) => {
    const [said, calls] = asked(path, {}, ofShop);

    expect(said).toMatch(/^error /);
    expect(calls).toEqual([]);
  });

  it.each([
    '/api/v1/namespaces/shop',
    '/api/v1/namespaces/shop/configmaps/a',
    '/apis/apps/v1/namespaces/shop/deployments?limit=1',
  ])('a Policy of a namespace reaches %s', (path) => {
    expect(asked(path, {}, ofShop)[0]).toMatch(/^pass /);
  });

  it('a Policy of a namespace calls no services, and reads no ConfigMaps of others', () => {
    const deny = { deny: { conditions: { any: [{ key: '{{ a.data.b }}', operator: 'NotEquals', value: 'x' }] } } };
    const verdict = (entry: JsonObject): string =>
      verdictOf(compiled([policyOf({ context: [{ name: 'a', ...entry }], validate: deny }, ofShop)]), podOf(), {
        provider: {
          apiCall: () => ({ kind: 'found', value: { data: { b: 'x' } } }),
          configMap: () => ({ kind: 'found', value: { data: { b: 'x' } } }),
        },
      });

    expect(verdict({ apiCall: { service: { url: 'https://a.example' } } })).toMatch(/^error .*calls no services/);
    expect(verdict({ configMap: { name: 'm', namespace: 'kube-system' } })).toMatch(/^error .*that namespace only/);
    expect(verdict({ configMap: { name: 'm', namespace: 'shop' } })).toMatch(/^pass /);
  });

  it.each(['../../kube-system/secrets', '..', '.', '%2e%2e/x', 'a%2fb', 'a\\b', 'a#', 'a b', '', 'a\u0000', 'é'])(
    'a value of the object does not lead a path of any policy elsewhere: %j',
    (team) => {
      const path = '/api/v1/namespaces/{{ request.object.metadata.labels.team }}/configmaps/limits';
      const [said, calls] = asked(path, { team }, {});

      expect(said).toMatch(/^error .*does not lead where it says/);
      expect(calls).toEqual([]);
    },
  );

  it('a query may hold what a path may not', () => {
    expect(apiPathFault('/api/v1/pods?labelSelector=a%2fb%3D..', '')).toBeUndefined();
  });
});
