// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace } from '../../../../../test/support/kube-client.ts';
import { KubeServer } from '../../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import { systemClock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { createLogger } from '../../../../io/log.ts';
import type { PolicyWrite } from '../../../../policy/engine.ts';
import type { ToldWrite } from './background-writes.ts';
import { BackgroundWrites } from './background-writes.ts';

const configMaps: KubeResource = { apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespaced: true };
const map = (data: JsonObject, namespace = 'shop', more: JsonObject = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'made', namespace, ...more },
  data,
});
const make = (data: JsonObject, namespace?: string): PolicyWrite => ({
  policy: 'p',
  rule: 'r',
  kind: 'make',
  object: map(data, namespace),
});

const keep = { isKept: true, afterOwn: false, because: 'uid' };
const once = { ...keep, isKept: false };

describe('what policies write in the background', () => {
  let server: KubeServer;
  let client: KubeClient;
  let writes: BackgroundWrites;
  const lines: string[] = [];
  const told: ToldWrite[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'info', now: () => 0 });

  beforeEach(async () => {
    server = await new KubeServer([configMaps, { ...configMaps, kind: 'Secret', resource: 'secrets' }]).listen();
    client = clientOf(server.url, hurriedPace());
    lines.length = 0;
    told.length = 0;
    start(true);
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });
  function start(acts: boolean): void {
    writes = new BackgroundWrites({
      client,
      clock: systemClock,
      log,
      acts,
      isLeader: () => true,
      exemptNamespaces: new Set(['kube-system']),
      pause: () => Promise.resolve(),
      told: (write) => void told.push(write),
    });
  }
  const stored = async (): Promise<JsonObject | undefined> => {
    const found = await client.get(configMaps, 'made', { namespace: 'shop' });
    return found.kind === 'found' ? found.value : undefined;
  };

  it('is only told without the permission to act, once', async () => {
    start(false);
    writes.offer(make({ a: '1' }), keep);
    writes.offer(make({ a: '1' }), keep);
    await writes.idle();

    expect(await stored()).toBeUndefined();
    expect(lines).toEqual(['warn: p/r makes ConfigMap shop/made; it is not written (--act)\n']);
  });

  it('is made where it is missing, with the name of who wants it', async () => {
    writes.offer(make({ a: '1' }), once);
    await writes.idle();

    expect(await stored()).toMatchObject({
      data: { a: '1' },
      metadata: { annotations: { 'landwaiter.dev/made-by': 'p/r' } },
    });
  });

  it('is told to whoever wants to hear of it, also what could not be written', async () => {
    writes.offer(make({ a: '1' }), { ...once, policyKind: 'ClusterPolicy' });
    await writes.idle();
    server.fault = ({ method }) =>
      method === 'PATCH'
        ? { kind: 'status', status: 403, body: { kind: 'Status', message: 'no', code: 403 } }
        : undefined;
    writes.offer(make({ a: '2' }), keep);
    await writes.idle();

    expect(told).toMatchObject([
      { policyKind: 'ClusterPolicy', outcome: { kind: 'written', object: { metadata: { name: 'made' } } } },
      { write: { policy: 'p', rule: 'r' }, outcome: { kind: 'failed', why: 'no' } },
    ]);
  });

  it('is kept only where the policy says so', async () => {
    server.put(map({ a: 'other' }));
    writes.offer(make({ a: '1' }), once);
    await writes.idle();
    expect(await stored()).toMatchObject({ data: { a: 'other' } });

    writes.offer(make({ a: '1' }), keep);
    await writes.idle();
    expect(await stored()).toMatchObject({ data: { a: '1' } });
  });

  it('is nothing where everything is as it is wanted', async () => {
    server.put(map({ a: '1', b: '2' }, 'shop', { labels: { more: 'x' } }));
    writes.offer(make({ a: '1' }), keep);
    await writes.idle();

    expect(writes.counts.done).toBe(0);
  });

  it('changes only the version that the policies saw', async () => {
    const { metadata } = server.put(map({ a: '1' }));
    server.put(map({ a: '2' }));
    const change = (version: string | undefined): PolicyWrite => ({
      ...make({ a: '3' }),
      kind: 'change',
      object: map({ a: '3' }, 'shop', { resourceVersion: version }),
    });
    writes.offer(change(metadata.resourceVersion), keep);
    await writes.idle();
    expect(await stored()).toMatchObject({ data: { a: '2' } });
    expect(writes.counts.failed).toBe(1);
  });

  it('is left alone after a few times: somebody else puts it back', async () => {
    for (let round = 0; round < 10; round += 1) {
      server.put(map({ a: 'back' }));
      writes.offer(make({ a: '1' }), keep);
      await writes.idle();
    }

    expect(writes.counts).toEqual({ done: 5, failed: 0, stopped: 5 });
    expect(lines.filter((line) => line.includes('is left alone')).length).toBe(1);
  });

  it('is no reason to write on: rules that go on from what they made never end', async () => {
    server.fault = ({ method }) =>
      method === 'POST'
        ? { kind: 'status', status: 201, body: { ...map({}), metadata: { name: 'made', uid: 'own' } } }
        : undefined;
    writes.offer(make({ a: '1' }), once);
    await writes.idle();
    writes.offer(make({ a: '2' }), { ...once, because: 'own' });
    await writes.idle();
    expect(writes.counts.done).toBe(1);

    writes.offer(make({ a: '2' }), { ...once, because: 'own', afterOwn: true });
    await writes.idle();
    expect(writes.counts.done).toBe(2);
  });

  it.each([
    [
      'secrets is forbidden: User "landwaiter" cannot create resource "secrets" in API group "" in the namespace "shop"',
      'secrets is forbidden: User "landwaiter" cannot create resource "secrets" in API group "" in the namespace "shop"',
    ],
    ['Secret in version "v1" cannot be handled: ...|:"c3dvcmRmaXNo"|...', 'what it says of a Secret is not repeated'],
    ['admission webhook "x" denied the request: swordfish is a bad password', 'not repeated'],
  ])('tells nothing of the values of a Secret that the server refuses: %s', async (message, expected) => {
    const body = { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message };
    server.fault = ({ method }) => (method === 'POST' ? { kind: 'status', status: 403, body } : undefined);
    const object = { ...map({ password: 'c3dvcmRmaXNo' }), kind: 'Secret' };
    writes.offer({ ...make({}), object }, keep);
    await writes.idle();

    expect(lines.join('')).toContain(expected);
    const shown = lines.join('') + JSON.stringify(told.map(({ outcome }) => outcome));
    expect(shown).not.toMatch(/c3dvcmRmaXNo|swordfish/);
    expect(told).toMatchObject([{ outcome: { kind: 'failed' } }]);
  });

  it('never reaches a namespace of the system', async () => {
    writes.offer(make({ a: '1' }, 'kube-system'), keep);
    await writes.idle();

    expect(server.requests).toEqual([]);
    expect(lines.join('')).toContain('nothing is written to this namespace');
  });
});
