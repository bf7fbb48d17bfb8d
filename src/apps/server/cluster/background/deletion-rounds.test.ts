// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, namespaceKind } from '../../../../../test/support/kube-client.ts';
import type { KubeObject } from '../../../../../test/support/kube-server.ts';
import { KubeServer } from '../../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import type { Clock } from '../../../../io/clock.ts';
import { systemClock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { createLogger } from '../../../../io/log.ts';
import type { EngineDocument } from '../../../../policy/engine.ts';
import { Asking } from '../../admission/asking/asking.ts';
import { ClusterData } from '../cluster-data.ts';
import { DeletionRounds } from './deletion-rounds.ts';
import type { ToldDeletion } from './told-deletion.ts';

const verbs = ['get', 'list', 'watch', 'create', 'delete'];
const configMaps: KubeResource = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
  verbs,
};
const cleanup = (schedule: string, more: JsonObject = {}): EngineDocument => {
  const location = { path: 'p' };
  const object: JsonObject = {
    apiVersion: 'kyverno.io/v2',
    kind: 'ClusterCleanupPolicy',
    metadata: { name: 'old' },
    spec: {
      schedule,
      match: { any: [{ resources: { kinds: ['ConfigMap'], selector: { matchLabels: { old: 'yes' } } } }] },
      ...more,
    },
  };
  return { object, locate: () => location, locateValue: () => location };
};
const map = (name: string, labels: Record<string, string> = {}, namespace = 'shop'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' },
});

describe('what is cleaned up', () => {
  let server: KubeServer;
  let client: KubeClient;
  let data: ClusterData;
  let rounds: DeletionRounds;
  let now: number;
  let isLeader: boolean;
  const lines: string[] = [];
  const told: ToldDeletion[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'info', now: () => 0 });
  const clock: Clock = { now: () => now, elapsed: () => systemClock.elapsed() };

  beforeEach(async () => {
    server = await new KubeServer([namespaceKind, configMaps]).listen();
    server.initialEvents = 'answered';
    client = clientOf(server.url, hurriedPace());
    now = Date.parse('2026-03-01T11:59:30Z');
    isLeader = true;
    lines.length = 0;
    told.length = 0;
    for (const name of ['shop', 'kube-system']) server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    data = new ClusterData({ client, clock, log, surroundings: { now: () => now, random: () => 0 } });
    await data.follow([], 2_000);
  });
  afterEach(async () => {
    await rounds.close();
    data.close();
    client.close();
    await server.close();
  });
  function start(acts: boolean, ...policies: readonly EngineDocument[]): void {
    const asking = new Asking({ waiting: 4, atOnce: 4, report: () => undefined });
    rounds = new DeletionRounds({
      client,
      clock,
      log,
      asking,
      data: () => data.lookups((name, look) => asking.ask(name, look), 'background'),
      acts,
      isLeader: () => isLeader,
      exemptNamespaces: new Set(['kube-system']),
      pause: () => Promise.resolve(),
      told: (deletion) => void told.push(deletion),
      every: 10,
      labelRounds: 2,
    });
    rounds.setPolicies(policies);
  }
  const there = async (): Promise<readonly string[]> => {
    const names: string[] = [];
    for await (const object of client.list(configMaps)) names.push(String((object['metadata'] as JsonObject)['name']));
    return names.sort();
  };
  const eventually = async (check: () => void | Promise<void>): Promise<void> => {
    const end = Date.now() + 5_000;
    for (;;)
      try {
        return await check();
      } catch (error) {
        if (Date.now() > end) throw error;
        await new Promise((wake) => setTimeout(wake, 10));
      }
  };
  const rest = (): Promise<void> => new Promise((wake) => setTimeout(wake, 100));

  it('is what a policy says when its time has come, and not before', async () => {
    server.put(map('old', { old: 'yes' }));
    server.put(map('new'));
    server.put(map('system', { old: 'yes' }, 'kube-system'));
    start(true, cleanup('0 12 * * *'));
    await rest();
    expect(await there()).toEqual(['new', 'old', 'system']);

    now = Date.parse('2026-03-01T12:00:10Z');
    await eventually(async () => expect(await there()).toEqual(['new', 'system']));
    expect(rounds.deleted).toBe(1);
    expect(told).toMatchObject([{ policy: { kind: 'ClusterCleanupPolicy' }, object: { metadata: { name: 'old' } } }]);
    server.put(map('again', { old: 'yes' }));
    await rest();
    expect(await there()).toContain('again');
  });

  it('is only told without the permission to act', async () => {
    server.put(map('old', { old: 'yes' }));
    start(false, cleanup('0 12 * * *'));
    now = Date.parse('2026-03-01T12:00:10Z');

    await eventually(() =>
      expect(lines.join('')).toContain(
        'ClusterCleanupPolicy old deletes ConfigMap shop/old; it is not deleted (--act)',
      ),
    );
    expect(await there()).toEqual(['old']);
  });

  it('is objects whose label has run out', async () => {
    server.put(map('dead', { 'cleanup.kyverno.io/ttl': '1h' }));
    server.put(map('alive', { 'cleanup.kyverno.io/ttl': '2027-01-01' }));
    server.put(map('unlabelled'));
    start(true);

    await eventually(async () => expect(await there()).toEqual(['alive', 'unlabelled']));
  });

  it('is left to the next leader while another one leads', async () => {
    server.put(map('old', { old: 'yes' }));
    isLeader = false;
    start(true, cleanup('0 12 * * *'));
    now = Date.parse('2026-03-01T12:00:10Z');
    await rest();

    expect(await there()).toEqual(['old']);
  });

  it('is nothing where a look-up failed, though the policy goes on with its default', async () => {
    const user = { name: 'user', apiCall: { urlPath: '/api/v1/namespaces/shop/configmaps/user', default: {} } };
    const unused = { all: [{ key: '{{ user.kind || `none` }}', operator: 'Equals', value: 'none' }] };
    server.put(map('old', { old: 'yes' }));
    server.put(map('user'));
    server.fault = ({ path }) => (path.endsWith('/configmaps/user') ? { kind: 'status', status: 403 } : undefined);
    start(true, cleanup('* * * * *', { context: [user], conditions: unused }));
    now = Date.parse('2026-03-01T12:00:10Z');
    await eventually(() => expect(lines.join('')).toContain('ClusterCleanupPolicy old: a look-up failed'));
    expect(await there()).toEqual(['old', 'user']);

    server.fault = () => undefined;
    server.remove(map('user'));
    now = Date.parse('2026-03-01T12:01:10Z');
    await eventually(async () => expect(await there()).toEqual([]));
  });

  it('is kept when it was changed after it was judged', async () => {
    server.put(map('old', { old: 'yes' }));
    server.fault = ({ method }) =>
      method === 'DELETE'
        ? { kind: 'status', status: 409, body: { kind: 'Status', code: 409, reason: 'Conflict', message: 'changed' } }
        : undefined;
    start(true, cleanup('0 12 * * *'));
    now = Date.parse('2026-03-01T12:00:10Z');
    await eventually(() => expect(server.requests.some(({ method }) => method === 'DELETE')).toBe(true));
    const [request] = server.requests.filter(({ method }) => method === 'DELETE');

    expect(JSON.parse(request?.body ?? '')).toMatchObject({ preconditions: { uid: 'uid-old' } });
    expect(rounds.deleted).toBe(0);
  });
});
