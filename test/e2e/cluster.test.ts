// SPDX-License-Identifier: Apache-2.0
// The cluster client and the admission engines against a real kube-apiserver on loopback. Run by `npm run e2e` only; skipped with a reason where Go is
// missing. The first run builds the control plane, which takes minutes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/formats/document.ts';
import { asObject, asString } from '../../src/formats/document.ts';
import { findClusterAccess } from '../../src/io/kube/access.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { electLeader } from '../../src/io/kube/leader-election.ts';
import { openKubeClient } from '../../src/io/kube/open-client.ts';
import { rootOf } from '../conformance/unpack.ts';
import { eachOf } from '../support/admission-comparison.ts';
import type { ControlPlane } from '../support/control-plane.ts';
import { startControlPlane } from '../support/control-plane.ts';
import { controlPlanePrograms } from '../support/control-plane-build.ts';
import { until } from '../support/kube-client.ts';
import { compareParams } from './params-comparison.ts';
import { comparePodSecurity } from './pod-security-comparison.ts';
import { compareChanges, compareMutations, comparePolicyCases, compareWrittenPolicies } from './policy-comparison.ts';
import { compareShippedPolicies } from './shipped-comparison.ts';
import { compareVapPack } from './vap-comparison.ts';

const isWanted = process.env['LANDWAITER_E2E'] === '1';
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const programs = isWanted ? await controlPlanePrograms(say) : undefined;
if (programs?.kind === 'missing') say(`test/e2e/cluster.test.ts is skipped: ${programs.reason}`);
const folder = programs?.kind === 'built' ? programs.folder : '';
/** Every so-manieth case of the large packs; 1 is all of them. */
const step = Number(process.env['LANDWAITER_E2E_STEP'] ?? 4);

const configMap = { apiVersion: 'v1', kind: 'ConfigMap' } as const;
const mapOf = (name: string, data: JsonObject, namespace = 'default'): JsonObject => ({
  ...configMap,
  metadata: { name, namespace },
  data,
});
const nameIn = (object: JsonObject): string => asString(asObject(object['metadata'])?.['name']) ?? '';

describe.skipIf(folder === '')('a real API server', { timeout: 180_000 }, () => {
  let plane: ControlPlane;
  let client: KubeClient;

  beforeAll(async () => {
    const started = performance.now();
    plane = await startControlPlane({ programs: folder, controllers: 'off' });
    say(`kube-apiserver was ready after ${Math.round(performance.now() - started)} ms`);
    client = openKubeClient({
      access: findClusterAccess({ environment: {}, home: undefined, kubeconfig: plane.kubeconfig }),
      environment: {},
    });
  }, 180_000);
  afterAll(async () => {
    client?.close();
    if (plane !== undefined) say(`memory: ${JSON.stringify(plane.memory())}`);
    await plane?.stop();
  });

  // First: the API server does not see params of a built-in kind again once the last policy with that kind was deleted.
  it('decides as our evaluator does with the shipped policies', async () => {
    const result = await compareShippedPolicies(client);

    say(`shipped policies: ${result.policies}, ${result.compared} objects compared, ${result.denied} denied`);
    expect(result.differences).toEqual([]);
    expect(result.denied).toBeGreaterThan(15);
  });

  it('creates, reads, replaces, patches and deletes', async () => {
    const created = await client.create(mapOf('crud', { a: '1' }));
    const again = await client.create(mapOf('crud', { a: '1' }));
    const version = created.kind === 'done' ? asString(asObject(created.value['metadata'])?.['resourceVersion']) : '';
    const updated = await client.update(mapOf('crud', { a: '2' }));
    const stale = await client.update({
      ...mapOf('crud', { a: '3' }),
      metadata: { name: 'crud', namespace: 'default', resourceVersion: version },
    });
    const merged = await client.patch(configMap, 'crud', { type: 'merge', value: { data: { b: '3' } } });
    const patched = await client.patch(configMap, 'crud', {
      type: 'json',
      value: [{ op: 'remove', path: '/data/a' }],
    });
    const wrong = await client.delete(configMap, 'crud', { preconditions: { uid: 'another' } });
    const dry = await client.delete(configMap, 'crud', { dryRun: true });
    const deleted = await client.delete(configMap, 'crud');
    const gone = await client.get(configMap, 'crud');

    expect([created, updated, merged, patched, dry, deleted].map(({ kind }) => kind)).toEqual(Array(6).fill('done'));
    expect(again).toMatchObject({ kind: 'refused', reason: 'AlreadyExists' });
    expect(stale).toMatchObject({ kind: 'refused', reason: 'Conflict' });
    expect(wrong).toMatchObject({ kind: 'refused', reason: 'Conflict' });
    expect(patched).toMatchObject({ value: { data: { b: '3' } } });
    expect(gone).toEqual({ kind: 'none' });
  });

  it('applies server-side, with conflicts between managers', async () => {
    await client.apply(mapOf('applied', { a: 'one' }), { fieldManager: 'one' });
    const refused = await client.apply(mapOf('applied', { a: 'two' }), { fieldManager: 'two' });
    const forced = await client.apply(mapOf('applied', { a: 'two' }), { fieldManager: 'two', force: true });

    expect(refused).toMatchObject({ kind: 'refused', reason: 'Conflict' });
    expect(refused.kind === 'refused' && refused.causes[0]?.field).toBe('.data.a');
    expect(forced).toMatchObject({ kind: 'done', value: { data: { a: 'two' } } });
  });

  it('finds kinds that are defined while it runs, and their status', async () => {
    await client.apply(widgetDefinition, { fieldManager: 'e2e' });
    const widget = { apiVersion: 'shop.example/v1', kind: 'Widget' };
    await untilFound(client, widget);
    const object = { ...widget, metadata: { name: 'one', namespace: 'default' }, spec: { size: 1 } };
    const created = await client.create(object);
    const status = await client.patch(
      widget,
      'one',
      { type: 'merge', value: { status: { ready: true } } },
      { subresource: 'status' },
    );
    const strict = await client.create(
      { ...object, metadata: { name: 'two' }, other: 1 },
      { fieldValidation: 'Strict', dryRun: true },
    );
    const all = await client.resources();

    expect(created.kind).toBe('done');
    expect(status).toMatchObject({ kind: 'done', value: { status: { ready: true } } });
    expect(strict.kind).toBe('refused');
    expect(all.kind === 'found' && all.value.resources.some(({ kind }) => kind === 'Widget')).toBe(true);
  });

  it('reads 2,000 objects in pages', async () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `page-${String(index).padStart(4, '0')}`);
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'pages' } }, { fieldManager: 'e2e' });
    await eachOf(names, (name) => client.create(mapOf(name, { name }, 'pages')));

    const read: string[] = [];
    for await (const object of client.list(configMap, { namespace: 'pages', page: 300, parts: 'metadata' }))
      read.push(nameIn(object));

    expect(read).toEqual(names);
  });

  it('watches through a restart of the API server, with and without initial events', async () => {
    const watches = (['auto', 'pages'] as const).map((initial) =>
      client.watch(
        configMap,
        { project: (object) => asString(asObject(object['data'])?.['state']) ?? '' },
        { namespace: 'default', initial },
      ),
    );
    await Promise.all(watches.map(({ synced }) => synced));
    await client.apply(mapOf('watched', { state: 'before' }), { fieldManager: 'e2e' });
    await until(() => watches.every(({ objects }) => objects.get('default/watched') === 'before'));

    await plane.stopServer();
    await until(() => watches.every(({ state }) => state.phase === 'behind'));
    await plane.startServer();
    await client.apply(mapOf('watched', { state: 'after' }), { fieldManager: 'e2e' });
    await until(() => watches.every(({ objects }) => objects.get('default/watched') === 'after'));

    // The cache of a server that was just started begins later than where the watches were: it answers 410 once, and they read a new list.
    expect(watches.map(({ state }) => state.phase)).toEqual(['live', 'live']);
    expect(watches.every(({ state }) => state.lists <= 2)).toBe(true);
    for (const watch of watches) watch.close();
  });

  it('answers what an account may, by client certificate and by role', async () => {
    const account = plane.client('auditor');
    const access = findClusterAccess({ environment: {}, home: undefined, kubeconfig: plane.kubeconfig });
    const { token: _token, ...rest } = access;
    const limited = openKubeClient({
      access: {
        ...rest,
        token: undefined,
        client: { certificate: { text: account.certificate }, key: { text: account.key } },
      },
      environment: {},
    });
    const question = { verb: 'list', resource: 'pods' } as const;

    const before = await limited.mayI(question);
    const forbidden = await limited.get(configMap, 'applied');
    await client.apply(auditorRole, { fieldManager: 'e2e' });
    await client.apply(auditorBinding, { fieldManager: 'e2e' });
    let after = await limited.mayI(question);
    for (let tries = 0; tries < 50 && after.kind === 'found' && !after.value; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      after = await limited.mayI(question);
    }
    limited.close();

    expect(before).toEqual({ kind: 'found', value: false });
    expect(forbidden).toMatchObject({ kind: 'unknown', fault: 'forbidden' });
    expect(after).toEqual({ kind: 'found', value: true });
  });

  it('lets one of two lead, and the other after it', async () => {
    const leads: string[] = [];
    const run = (identity: string): ReturnType<typeof electLeader> =>
      electLeader(client, {
        namespace: 'default',
        name: 'e2e-lead',
        identity,
        leaseSeconds: 5,
        renewSeconds: 3,
        retrySeconds: 1,
        acquired: () => leads.push(identity),
        lost: () => undefined,
      });

    const first = run('one');
    await until(() => first.isLeader);
    const second = run('two');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const isAlone = !second.isLeader;
    await first.close();
    await until(() => second.isLeader);
    await second.close();

    expect(isAlone).toBe(true);
    expect(leads).toEqual(['one', 'two']);
  });

  it('decides as our evaluator does at the corners of the specification, word for word', async () => {
    const result = await comparePolicyCases(client);

    say(`corner cases: ${result.compared} compared`);
    expect(result.differences).toEqual([]);
  });

  it('decides as our evaluator does when objects are changed and deleted', async () => {
    const result = await compareChanges(client);

    say(`changes and deletions: ${result.compared} compared`);
    expect(result.differences).toEqual([]);
  });

  it('finds the params that our evaluator finds', async () => {
    const result = await compareParams(client);

    say(`params: ${result.compared} compared`);
    expect(result.differences).toEqual([]);
  });

  it('takes and refuses the same policies when they are written', async () => {
    expect((await compareWrittenPolicies(client)).differences).toEqual([]);
  });

  it('changes objects as our evaluator does', async () => {
    const result = await compareMutations(client);

    say(`mutations: ${result.compared} compared`);
    expect(result.differences).toEqual([]);
  });

  const vap = rootOf('vap', undefined);
  it.skipIf(vap === undefined)('decides as our evaluator does on the vap pack, word for word', async () => {
    const result = await compareVapPack(client, vap ?? '', step);

    say(
      `vap pack: ${result.compared} compared, ${result.denied} denied, ${result.warned} warned of, ${result.notTaken.length} not taken`,
    );
    expect(result.differences).toEqual([]);
    expect(result.packDifferences).toEqual([]);
  });

  const pss = rootOf('pss', undefined);
  it.skipIf(pss === undefined)('enforces and warns of Pod Security labels as our engine does', async () => {
    const result = await comparePodSecurity(client, pss ?? '', step * 2);

    say(`pss pack: ${result.compared} compared, ${result.denied} denied, ${result.notTaken} not taken by this server`);
    expect(result.differences).toEqual([]);
  });
});

const widgetDefinition: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.shop.example' },
  spec: {
    group: 'shop.example',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'integer' } } },
              status: { type: 'object', properties: { ready: { type: 'boolean' } } },
            },
          },
        },
      },
    ],
  },
};

const auditorRole: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'auditor' },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
};

const auditorBinding: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'auditor' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'auditor' },
  subjects: [{ kind: 'User', name: 'auditor' }],
};

async function untilFound(
  client: KubeClient,
  kind: { readonly apiVersion: string; readonly kind: string },
): Promise<void> {
  while ((await client.resourceOf(kind)).kind !== 'found') await new Promise((resolve) => setTimeout(resolve, 200));
}
