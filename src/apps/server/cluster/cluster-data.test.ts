// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, namespaceKind, podKind, until } from '../../../../test/support/kube-client.ts';
import { KubeServer } from '../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../formats/document.ts';
import { systemClock } from '../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../io/kube/client.ts';
import { createLogger } from '../../../io/log.ts';
import type { Lookup } from '../../../policy/data-provider.ts';
import { Asking } from '../admission/asking/asking.ts';
import { ClusterData } from './cluster-data.ts';
import type { ClusterLookups } from './cluster-lookups.ts';

const kindOf = (kind: string, apiVersion: string, resource: string, namespaced = true): KubeResource => ({
  apiVersion,
  kind,
  resource,
  namespaced,
});
const rbac = 'rbac.authorization.k8s.io/v1';
const kinds = [
  namespaceKind,
  podKind,
  kindOf('ConfigMap', 'v1', 'configmaps'),
  kindOf('Secret', 'v1', 'secrets'),
  kindOf('RoleBinding', rbac, 'rolebindings'),
  kindOf('ClusterRoleBinding', rbac, 'clusterrolebindings', false),
  kindOf('Limit', 'shop.example/v1', 'limits'),
];
const namespace = (name: string, labels: Record<string, string> = {}, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels, ...more },
});
const configMap = (name: string, data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'policies' },
  data,
});
const policyWith = (rule: object): JsonObject => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'p' },
  spec: { rules: [rule] },
});
const readsConfigMap = policyWith({
  context: [{ name: 'a', configMap: { name: 'allowed', namespace: 'policies' } }],
});

describe('what policies look up in a cluster', () => {
  let server: KubeServer;
  let client: KubeClient;
  let data: ClusterData;
  const log = createLogger({ write: () => undefined, format: 'text', level: 'silent', now: () => 0 });

  beforeEach(async () => {
    server = await new KubeServer(kinds).listen();
    server.initialEvents = 'answered';
    client = clientOf(server.url, hurriedPace());
    server.put(namespace('shop', { team: 'one' }));
    data = new ClusterData({
      client,
      clock: systemClock,
      log,
      surroundings: { now: () => 0, random: () => 0 },
      questionTime: 500,
    });
  });
  afterEach(async () => {
    data.close();
    client.close();
    await server.close();
  });

  const asking = new Asking({
    waiting: 10,
    atOnce: 4,
    report: (error) => {
      throw error;
    },
  });
  const review = (purpose: 'admission' | 'background' = 'admission'): ClusterLookups =>
    data.lookups((name, look) => asking.ask(name, look), purpose);
  /** As a review does: again until nothing is pending. */
  const settled = async <T>(ask: (lookups: ClusterLookups) => T, lookups = review()): Promise<T> =>
    asking.judge(() => ask(lookups), { time: 0, milliseconds: 5_000 });
  const asked = (path: string): number => server.requests.filter((request) => request.path === path).length;

  it('is namespaces with their labels, at once', async () => {
    await data.follow([], 2_000);

    expect(review().cluster.namespace('shop')).toMatchObject({ metadata: { labels: { team: 'one' } } });
    expect(asked('/api/v1/namespaces/shop')).toBe(0);
  });

  it('is a namespace that was made a moment ago, by asking for it', async () => {
    server.fault = ({ query }) => (query.has('watch') ? { kind: 'silence' } : undefined);
    data.close();
    data = new ClusterData({ client, clock: systemClock, log, surroundings: { now: () => 0, random: () => 0 } });
    const seen: unknown[] = [];
    const of = (name: string): Promise<unknown> =>
      settled(({ cluster }) => {
        const found = cluster.namespace(name);
        seen.push(found);
        return found;
      });

    expect(await of('shop')).toMatchObject({ kind: 'Namespace' });
    expect(seen.length).toBe(2);
    expect(seen[0]).toBeUndefined();
    expect(await of('none')).toBeUndefined();
  });

  it('is a fault of the review when a namespace cannot be asked for: selectors would take no labels for an answer', async () => {
    await data.follow([], 2_000);
    server.fault = ({ path }) => (path.endsWith('/namespaces/new') ? { kind: 'status', status: 403 } : undefined);

    await expect(settled(({ cluster }) => cluster.namespace('new'))).rejects.toThrow(/403/);
  });

  it('is a namespace with large annotations, asked for each time', async () => {
    server.put(namespace('large', {}, { annotations: { notes: 'x'.repeat(10_000) } }));
    await data.follow([], 2_000);

    const found = await settled(({ cluster }) => cluster.namespace('large'));
    expect(JSON.stringify(found).length).toBeGreaterThan(10_000);
  });

  it('is ConfigMaps that policies name, watched; others are asked for', async () => {
    server.put(configMap('allowed', { images: 'a' }));
    server.put(configMap('other', { images: 'b' }));
    expect(await data.follow([readsConfigMap], 2_000)).toBe(true);

    expect(review().provider.configMap('policies', 'allowed')).toMatchObject({
      kind: 'found',
      value: { data: { images: 'a' } },
    });
    expect(await settled(({ provider }) => provider.configMap('policies', 'other'))).toMatchObject({
      value: { data: { images: 'b' } },
    });
    expect(await settled(({ provider }) => provider.configMap('policies', 'none'))).toEqual({ kind: 'absent' });

    server.put(configMap('allowed', { images: 'c' }));
    const now = (): string => JSON.stringify(review().provider.configMap('policies', 'allowed'));
    await until(() => now().includes('"c"'));
    server.remove(configMap('allowed', {}));
    await until(() => now() === '{"kind":"absent"}');
  });

  it('asks anew for each review, and once in each', async () => {
    server.put(configMap('other', { images: 'b' }));
    await data.follow([], 2_000);
    const ask = ({ provider }: ClusterLookups): Lookup<unknown> => {
      provider.configMap('policies', 'other');
      return provider.configMap('policies', 'other');
    };
    await settled(ask);
    await settled(ask);

    expect(asked('/api/v1/namespaces/policies/configmaps/other')).toBe(2);
  });

  it('is calls of the API server, found, absent or failed', async () => {
    server.put({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' } });
    await data.follow([], 2_000);
    const call = (urlPath: string): Promise<Lookup<unknown>> =>
      settled(({ provider }) => provider.apiCall({ method: 'GET', urlPath }));

    expect(await call('/api/v1/namespaces/shop/pods')).toMatchObject({ kind: 'found', value: { items: [{}] } });
    expect(await call('/api/v1/namespaces/shop/pods/none')).toEqual({ kind: 'absent' });
    expect(await call('/api/v1/namespaces/shop/../kube-system/secrets')).toMatchObject({ kind: 'failed' });
    server.fault = () => ({ kind: 'status', status: 403, body: { kind: 'Status', message: 'no rights' } });
    expect(await call('/api/v1/pods')).toMatchObject({ kind: 'failed', message: expect.stringContaining('no rights') });
    expect(
      await settled(({ provider }) => provider.apiCall({ method: 'GET', url: 'https://elsewhere' })),
    ).toMatchObject({ kind: 'failed' });
    expect(
      await settled(({ provider }) => provider.apiCall({ method: 'POST', urlPath: '/api/v1/namespaces/shop/pods' })),
    ).toMatchObject({ kind: 'failed' });
  });

  it('is a failure when an answer is larger than a context takes', async () => {
    await data.follow([], 2_000);
    server.fault = ({ path }) =>
      path === '/api/v1/pods' ? { kind: 'text', text: `{"items":["${'x'.repeat(3_000_000)}"]}` } : undefined;

    expect(await settled(({ provider }) => provider.apiCall({ method: 'GET', urlPath: '/api/v1/pods' }))).toMatchObject(
      { kind: 'failed', message: expect.stringContaining('more than') },
    );
  });

  it('is a failure, not silence, when the API server does not answer', async () => {
    await data.follow([], 2_000);
    server.fault = ({ path }) => (path.includes('configmaps') ? { kind: 'silence' } : undefined);

    expect(await settled(({ provider }) => provider.configMap('policies', 'other'))).toMatchObject({
      kind: 'failed',
    });
  });

  it('is params as bindings name them; what is not known yet is not taken for none', async () => {
    const paramKind = { apiVersion: 'shop.example/v1', kind: 'Limit' };
    const documents: JsonObject[] = [
      { kind: 'ValidatingAdmissionPolicy', metadata: { name: 'p' }, spec: { paramKind } },
      {
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: 'b' },
        spec: { policyName: 'p', paramRef: { name: 'own', namespace: 'shop' } },
      },
    ];
    server.put({ ...paramKind, metadata: { name: 'own', namespace: 'shop', managedFields: [{}] }, max: 3 });
    server.put({ ...paramKind, metadata: { name: 'other', namespace: 'shop' }, max: 4 });

    expect(review().cluster.objects(paramKind)).toBeUndefined();
    await data.follow(documents, 2_000);
    expect(review().cluster.objects(paramKind)).toMatchObject([{ max: 3 }]);
    expect(JSON.stringify(review().cluster.objects(paramKind))).not.toContain('managedFields');
    await data.follow([], 2_000);
    expect(review().cluster.objects(paramKind)).toBeUndefined();
  });

  it('is not waited for when the server says that it has no such kind, or that it may not be read', async () => {
    server.fault = ({ path }) => (path.includes('configmaps') ? { kind: 'status', status: 403 } : undefined);
    const started = performance.now();
    const documents: JsonObject[] = [
      {
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: 'p' },
        spec: { paramKind: { apiVersion: 'no/v1', kind: 'No' } },
      },
      {
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: 'b' },
        spec: { policyName: 'p', paramRef: { name: 'own', namespace: 'shop' } },
      },
      readsConfigMap,
    ];
    await data.follow(documents, 20_000);

    expect(performance.now() - started).toBeLessThan(5_000);
    expect(review().cluster.objects({ apiVersion: 'no/v1', kind: 'No' })).toBeUndefined();
    expect(await settled(({ provider }) => provider.configMap('policies', 'allowed'))).toMatchObject({
      kind: 'failed',
    });
  });

  it('is all objects of a kind for whoever writes, not the one that some other policy names', async () => {
    server.put(configMap('allowed', {}));
    server.put(configMap('other', {}));
    await data.follow([readsConfigMap], 2_000);
    const found = await settled(({ provider }) => provider.objects?.('v1', 'ConfigMap'), review('background'));

    expect(found).toMatchObject({
      kind: 'found',
      value: [{ metadata: { name: 'allowed' } }, { metadata: { name: 'other' } }],
    });
    expect(review().provider.objects?.('v1', 'ConfigMap')).toMatchObject({
      value: [{ metadata: { name: 'allowed' } }],
    });
  });

  it('is no Secrets that nobody listed, which whoever writes must not take for none', () => {
    expect(review('background').provider.objects?.('v1', 'Secret')).toMatchObject({ kind: 'failed' });
  });

  it('is not the one Secret that an image policy names for whoever copies all of them', async () => {
    const metadata = { name: 'key', namespace: 'platform' };
    server.put({ apiVersion: 'v1', kind: 'Secret', metadata, data: {} });
    await data.follow([policyWith({ verifyImages: [{ key: 'k8s://platform/key' }] })], 2_000);
    const { provider } = review('background');

    expect(provider.objects?.('v1', 'Secret')).toEqual({ kind: 'failed', message: 'Secrets are not listed here' });
    expect(provider.objects?.('v1', 'Secret', 'named')).toMatchObject({ kind: 'found', value: [{ metadata }] });
  });

  it('is one Secret by its name for whoever copies it, without what kubectl keeps of it, and none for reviews', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'c3dvcmRmaXNo' };
    const place = { apiVersion: 'v1', kind: 'Secret', namespace: 'platform', name: 'regcred' };
    const metadata = { name: 'regcred', namespace: 'platform', annotations };
    server.put({ apiVersion: 'v1', kind: 'Secret', metadata, data: { password: 'c3dvcmRmaXNo' } });
    const ask = (name = 'regcred') =>
      settled(({ provider }) => provider.object?.({ ...place, name }), review('background'));
    const found = await ask();

    expect(found).toMatchObject({ kind: 'found', value: { data: { password: 'c3dvcmRmaXNo' } } });
    expect(JSON.stringify(found)).not.toContain('last-applied');
    expect(await ask('other')).toEqual({ kind: 'absent' });
    expect(Object.keys(review().provider)).not.toContain('object');
    const paths = server.requests.map(({ path }) => path).filter((path) => path.includes('secrets'));
    expect(paths.every((path) => /\/namespaces\/platform\/secrets\/[a-z]+$/.test(path))).toBe(true);

    server.fault = ({ path }) => (path.includes('secrets') ? { kind: 'status', status: 403 } : undefined);
    expect(await ask()).toMatchObject({ kind: 'failed' });
  });

  it('is roles of users, groups and service accounts, only while a policy asks', async () => {
    const subjects = [
      { kind: 'User', name: 'alice' },
      { kind: 'ServiceAccount', name: 'builder' },
      { kind: 'Group', name: 'team' },
    ];
    const metadata = { name: 'b', namespace: 'shop' };
    server.put({ apiVersion: rbac, kind: 'RoleBinding', metadata, subjects, roleRef: { kind: 'Role', name: 'edit' } });
    server.put({
      apiVersion: rbac,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'c' },
      subjects: [{ kind: 'Group', name: 'team' }],
      roleRef: { kind: 'ClusterRole', name: 'view' },
    });
    const asks = policyWith({ match: { any: [{ clusterRoles: ['view'] }] } });
    await data.follow([], 2_000);
    expect('rolesOf' in review().provider).toBe(false);

    await data.follow([asks], 2_000);
    const of = (userInfo: JsonObject) => review().provider.rolesOf?.(userInfo);
    expect(of({ username: 'alice', groups: ['team'] })).toEqual({ roles: ['shop:edit'], clusterRoles: ['view'] });
    expect(of({ username: 'system:serviceaccount:shop:builder' })).toEqual({ roles: ['shop:edit'], clusterRoles: [] });
    expect(of({ username: 'bob', groups: [] })).toEqual({ roles: [], clusterRoles: [] });
  });

  it('refuses to say that somebody has no roles while bindings are not known', async () => {
    server.fault = ({ path }) => (path.includes('rolebindings') ? { kind: 'status', status: 403 } : undefined);
    const asks = policyWith({ match: { any: [{ roles: ['shop:edit'] }] } });

    await data.follow([asks], 20_000);
    expect(() => review().provider.rolesOf?.({ username: 'alice' })).toThrow(/roles of the user are not known/);
  });

  it('is entries of the global context with their projections, worked out again when something changes', async () => {
    const pod = (name: string, image: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop' },
      spec: { containers: [{ image }] },
    });
    server.put(pod('one', 'a:1'));
    const entry: JsonObject = {
      kind: 'GlobalContextEntry',
      metadata: { name: 'pods' },
      spec: {
        kubernetesResource: { version: 'v1', resource: 'pods', namespace: 'shop' },
        projections: [{ name: 'images', jmesPath: '[].spec.containers[].image' }],
      },
    };
    const called: JsonObject = {
      kind: 'GlobalContextEntry',
      metadata: { name: 'called' },
      spec: { apiCall: { urlPath: '/api/v1/namespaces/shop' } },
    };
    expect(await data.follow([entry, called], 2_000)).toBe(true);
    const globalContext = (name: string, projection: string | undefined): Lookup<unknown> =>
      review().provider.globalContext(name, projection);

    expect(globalContext('pods', undefined)).toMatchObject({ kind: 'found', value: [{ kind: 'Pod' }] });
    expect(globalContext('pods', 'images')).toEqual({ kind: 'found', value: ['a:1'] });
    expect(globalContext('called', undefined)).toMatchObject({ kind: 'found', value: { kind: 'Namespace' } });
    expect(globalContext('pods', 'none')).toMatchObject({ kind: 'failed' });
    expect(globalContext('none', undefined)).toEqual({ kind: 'absent' });
    server.put(pod('two', 'b:1'));
    await until(() => JSON.stringify(globalContext('pods', 'images')).includes('b:1'));
  });

  it('is what somebody may do, as the API server answers; no answer is none', async () => {
    const said: Record<string, object> = {
      delete: { allowed: true, reason: 'by a role' },
      get: { allowed: false, denied: true },
      list: { allowed: false },
    };
    server.fault = ({ path, body }) => {
      if (!path.endsWith('/subjectaccessreviews')) return undefined;
      const { spec } = JSON.parse(body) as {
        spec: { user: string; groups: string[]; resourceAttributes: { verb: string } };
      };
      heard.push(`${spec.user} ${spec.groups.join()} ${spec.resourceAttributes.verb}`);
      const status = said[spec.resourceAttributes.verb];
      return status === undefined ? { kind: 'status', status: 403 } : { kind: 'status', status: 201, body: { status } };
    };
    const heard: string[] = [];
    const alice = { username: 'alice', groups: ['team'] };
    const may = (verb: string, more: object = {}, user: JsonObject | undefined = alice): Promise<unknown> =>
      settled(({ cluster }) => cluster.authorize?.({ verb, group: '', resource: 'pods', ...more }, user));

    expect(await may('delete')).toEqual({ decision: 'allow', reason: 'by a role' });
    expect(await may('get')).toEqual({ decision: 'deny' });
    expect(await may('list', { serviceAccount: { namespace: 'shop', name: 'builder' } })).toEqual({
      decision: 'no-opinion',
    });
    expect(heard).toEqual([
      'alice team delete',
      'alice team get',
      'system:serviceaccount:shop:builder system:serviceaccounts,system:serviceaccounts:shop,system:authenticated list',
    ]);
    await expect(may('watch')).rejects.toThrow(/could not be asked/);
    expect(review().cluster.authorize?.({ verb: 'get' }, undefined)).toMatchObject({
      error: expect.any(String) as string,
    });
  });

  it('lists all objects of a kind only for the background', async () => {
    server.put({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' } });
    await data.follow([], 2_000);

    expect(review().provider.objects?.('v1', 'Pod')).toEqual({ kind: 'found', value: [] });
    expect(await settled(({ provider }) => provider.objects?.('v1', 'Pod'), review('background'))).toMatchObject({
      kind: 'found',
      value: [{ kind: 'Pod' }],
    });
  });
});
