// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, namespaceKind, until } from '../../../../../test/support/kube-client.ts';
import type { KubeObject } from '../../../../../test/support/kube-server.ts';
import { KubeServer } from '../../../../../test/support/kube-server.ts';
import type { JsonObject } from '../../../../formats/document.ts';
import { systemClock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { createLogger } from '../../../../io/log.ts';
import { BackgroundWrites } from './background-writes.ts';
import type { GeneratedFrom } from './generated-marks.ts';
import { GeneratedObjects } from './generated-objects.ts';
import { KnownPolicies } from './known-policies.ts';

const verbs = ['get', 'list', 'watch', 'create', 'delete'];
const secrets: KubeResource = { apiVersion: 'v1', kind: 'Secret', resource: 'secrets', namespaced: true, verbs };
const value = Buffer.from('swordfish').toString('base64');
const secret = (namespace: string, uid?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'regcred', namespace, ...(uid === undefined ? {} : { uid }) },
  data: { password: value },
});
const trigger: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', uid: 't-1' } };
const policy: JsonObject = {
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'copies' },
  spec: {
    rules: [
      {
        name: 'regcred',
        generate: { kind: 'Secret', synchronize: true, clone: { namespace: 'platform', name: 'regcred' } },
      },
    ],
  },
};
const place = { apiVersion: 'v1', kind: 'Secret', namespace: 'platform', name: 'regcred' };
const from: GeneratedFrom = {
  policy: { kind: 'ClusterPolicy', name: 'copies' },
  rule: 'regcred',
  trigger: { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'shop', uid: 't-1' },
  source: place,
  withoutPolicy: 'keep',
};

describe('copies of a Secret, with rights to single Secrets only', () => {
  let server: KubeServer;
  let client: KubeClient;
  let generated: GeneratedObjects;
  let mayReadSource: boolean;
  let mayWatchSource: boolean;
  const lines: string[] = [];
  const touched: string[] = [];
  const log = createLogger({ write: (text) => void lines.push(text), format: 'text', level: 'debug', now: () => 0 });

  beforeEach(async () => {
    server = await new KubeServer([namespaceKind, secrets]).listen();
    server.initialEvents = 'answered';
    client = clientOf(server.url, hurriedPace());
    [mayReadSource, mayWatchSource] = [true, true];
    for (const list of [lines, touched]) list.length = 0;
    server.fault = ({ path, query }) => {
      const isWatched = mayWatchSource && query.get('fieldSelector') === 'metadata.name=regcred';
      const isRefused = path.endsWith('/secrets')
        ? !isWatched
        : path.endsWith('/namespaces/platform/secrets/regcred') && !mayReadSource;
      return isRefused ? { kind: 'status', status: 403 } : undefined;
    };
    server.put(trigger);
    server.put(secret('platform', 's-1'));
  });
  afterEach(async () => {
    await generated.close();
    client.close();
    await server.close();
  });
  async function make({ sweepEvery = 1_800_000 } = {}): Promise<void> {
    const pause = (milliseconds: number): Promise<void> =>
      new Promise((wake) => setTimeout(wake, Math.min(milliseconds, 2)));
    const shared = {
      client,
      clock: systemClock,
      log,
      acts: true,
      isLeader: () => true,
      exemptNamespaces: new Set<string>(),
      pause,
    };
    const known = new KnownPolicies({ documents: [policy], refused: [], kinds: new Set(['ClusterPolicy']) });
    const touching = (at: { readonly name: string }): void => void touched.push(at.name);
    generated = new GeneratedObjects({
      ...shared,
      policies: () => known,
      touched: touching,
      every: 2,
      grace: 20,
      sweepEvery,
    });
    const object = secret('shop', 'made');
    generated.mayBear(object, from);
    server.fault = (
      (usual) => (request) =>
        request.method === 'POST' ? undefined : usual(request)
    )(server.fault);
    const writes = new BackgroundWrites(shared);
    const write = { policy: 'copies', rule: 'regcred', kind: 'make', object } as const;
    writes.offer(write, { isKept: true, afterOwn: false, because: 'u', from, policyKind: 'ClusterPolicy' });
    await writes.idle();
    expect(copy()).toMatchObject({ data: { password: value } });
  }
  const copy = () => server.find(secrets, 'regcred', 'shop');
  const rounds = () => new Promise((wake) => setTimeout(wake, 150));

  it('are judged again when the one source is changed, which is watched by its name', async () => {
    await make();
    await until(() => server.watchers === 1);
    await rounds();
    touched.length = 0;
    server.put({ ...secret('platform', 's-1'), data: { password: 'bmV3' } });
    await until(() => touched.length > 0);

    expect(touched).toEqual(['shop']);
  });

  it('are judged again with each sweep where the source may not be watched', async () => {
    mayWatchSource = false;
    await make({ sweepEvery: 40 });
    await until(() => touched.length > 2);

    expect(new Set(touched)).toEqual(new Set(['shop']));
  });

  it.each([
    ['source', () => server.remove(secret('platform'))],
    [
      'trigger',
      () => {
        server.remove(trigger);
        if (from.trigger !== 'several') generated.gone(from.trigger);
      },
    ],
  ])('go with their %s', async (_what, lose) => {
    await make();
    lose();
    await until(() => lines.some((line) => line.includes('Secret shop/regcred was generated and has been deleted')));

    expect(copy()).toBeUndefined();
    expect(lines.join('')).not.toContain(value);
  });

  it('stay where the right to read the source is gone, or was never there', async () => {
    await make({ sweepEvery: 40 });
    mayReadSource = false;
    mayWatchSource = false;
    generated.gone(place);
    await rounds();

    expect(copy()).toBeDefined();
    expect(lines.join('')).toMatch(/whether Secret platform\/regcred is still there could not be asked/);
  });

  it('are left alone when somebody else made what is there', async () => {
    await make();
    server.put(secret('shop', 'another'));
    server.remove(secret('platform'));
    await rounds();

    expect(copy()).toMatchObject({ metadata: { uid: 'another' } });
  });

  it('are asked for by their names: what was made from others is not read', async () => {
    await make({ sweepEvery: 40 });
    await rounds();
    const reads = server.requests.filter(({ method, path }) => method === 'GET' && /\/secrets\/./.test(path));

    // The write looked once, the sweeps at the source only.
    expect(reads.filter(({ path }) => path.includes('/shop/')).length).toBe(1);
    expect(new Set(reads.map(({ path }) => path.split('/').at(-1)))).toEqual(new Set(['regcred']));
  });
});
