// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, podKind, until } from '../../../test/support/kube-client.ts';
import { KubeServer } from '../../../test/support/kube-server.ts';
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { KubeClient, Watch, WatchOptions } from './client.ts';
import type { KubeUnknown } from './outcome.ts';

const pod = (name: string, node = 'one') =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec: { nodeName: node } }) as const;
const nodeOf = (object: JsonObject): string => asString(asObject(object['spec'])?.['nodeName']) ?? '';

describe.each(['answered', 'refused', 'ignored'] as const)('a watch, where initial events are %s', (initialEvents) => {
  let server: KubeServer;
  let client: KubeClient;
  const seen: string[] = [];
  const failures: KubeUnknown[] = [];

  beforeEach(async () => {
    seen.length = 0;
    failures.length = 0;
    server = await new KubeServer([podKind]).listen();
    server.initialEvents = initialEvents;
    client = clientOf(server.url, hurriedPace());
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });

  /** Servers that ignore the question are noticed by their silence only, which is too long for a test. */
  const options: WatchOptions = initialEvents === 'ignored' ? { initial: 'pages' } : {};
  const watchPods = (more: WatchOptions = {}): Watch<string> =>
    client.watch(
      podKind,
      {
        project: nodeOf,
        changed: ({ type, key }) => seen.push(`${type} ${key}`),
        synced: () => seen.push('synced'),
        failed: (unknown) => failures.push(unknown),
        isSame: (before, after) => before === after,
      },
      { ...options, ...more },
    );

  it('knows all objects once it is synced, in pages where there are many', async () => {
    for (let index = 0; index < 25; index += 1) server.put(pod(`web-${index}`));

    const watch = watchPods({ page: 10 });
    await watch.synced;

    expect(watch.objects.size).toBe(25);
    expect(watch.objects.get('shop/web-7')).toBe('one');
    expect(watch.state).toMatchObject({ phase: 'live', lists: initialEvents === 'refused' ? 2 : 1 });
  });

  it('tells what is added, changed and deleted, and not what means the same', async () => {
    server.put(pod('web'));
    const watch = watchPods();
    await watch.synced;
    await until(() => server.watchers > 0);

    server.put(pod('web'));
    server.put(pod('api'));
    server.put(pod('web', 'two'));
    server.remove(pod('api'));
    await until(() => seen.includes('deleted shop/api'));

    expect(seen).toEqual(['added shop/web', 'synced', 'added shop/api', 'changed shop/web', 'deleted shop/api']);
    expect([...watch.objects]).toEqual([['shop/web', 'two']]);
  });

  it('goes on where a stream ended, without a new list', async () => {
    server.put(pod('web'));
    const watch = watchPods();
    await watch.synced;
    await until(() => server.watchers > 0);
    const { lists } = watch.state;

    server.cut();
    server.put(pod('api'));
    await until(() => watch.objects.size === 2);

    expect(watch.state.lists).toBe(lists);
    expect(watch.state.resumptions).toBeGreaterThan(0);
  });

  it('begins again when the server has forgotten where it was, and tells the differences', async () => {
    server.put(pod('web'));
    server.put(pod('old'));
    const watch = watchPods();
    await watch.synced;
    await until(() => server.watchers > 0);
    seen.length = 0;

    server.fault = ({ query }) => (query.has('watch') ? { kind: 'cut' } : undefined);
    server.cut();
    server.remove(pod('old'));
    server.put(pod('new'));
    server.compact();
    server.fault = () => undefined;
    await until(() => seen.includes('synced'));

    expect(seen).toEqual(['deleted shop/old', 'added shop/new', 'synced']);
    expect(failures.some(({ fault }) => fault === 'expired')).toBe(true);
  });

  it('resumes at the bookmark, not at the last object', async () => {
    server.put(pod('web'));
    const watch = watchPods();
    await watch.synced;
    await until(() => server.watchers > 0);

    server.compact();
    server.bookmark();
    await until(() => watch.state.resourceVersion === '102');
    const { lists } = watch.state;
    server.endWatches();
    await until(() => watch.state.resumptions > 0 && server.watchers > 0);

    expect(watch.state.lists).toBe(lists);
  });

  it.each(['not json\n', '{"type":"ADDED"}\n', '[]\n', '{"type":"ERROR","object":{"kind":"Status","code":500}}\n'])(
    'survives %j in the stream',
    async (line) => {
      const watch = watchPods();
      await watch.synced;
      await until(() => server.watchers > 0);

      server.say(line);
      await until(() => failures.length > 0 && server.watchers > 0);
      server.put(pod('web'));
      await until(() => watch.objects.size === 1);

      expect(watch.state.phase).toBe('live');
    },
  );

  it('is behind while the server cannot be asked, and keeps what it knew', async () => {
    server.put(pod('web'));
    const watch = watchPods();
    await watch.synced;
    await until(() => server.watchers > 0);

    server.fault = () => ({ kind: 'status', status: 503 });
    server.cut();
    await until(() => watch.state.phase === 'behind');

    expect(watch.objects.size).toBe(1);
    expect(watch.state.lastFailure).toBeDefined();
  });

  it('does not sync with half a list', async () => {
    for (let index = 0; index < 25; index += 1) server.put(pod(`web-${index}`));
    server.fault = ({ query }) =>
      query.has('continue') || query.has('sendInitialEvents') ? { kind: 'status', status: 403 } : undefined;

    const watch = watchPods({ page: 10 });
    await until(() => failures.length > 2);

    expect(watch.state.phase).toBe('starting');
    expect(watch.objects.size).toBe(0);
  });

  it('stops at once when it is closed, and says so to those who wait for it', async () => {
    server.fault = () => ({ kind: 'silence' });
    const watch = watchPods();

    watch.close();

    await expect(watch.synced).rejects.toThrow('was closed');
    expect(watch.state.phase).toBe('closed');
  });

  it('tells of an object that the reader cannot read, and reads the others', async () => {
    server.put(pod('bad'));
    server.put(pod('web'));

    const watch = client.watch(
      podKind,
      {
        project: (object) => {
          if (asString(asObject(object['metadata'])?.['name']) === 'bad') throw new Error('what is this');
          return nodeOf(object);
        },
        failed: (unknown) => failures.push(unknown),
      },
      options,
    );
    await watch.synced;

    expect([...watch.objects.keys()]).toEqual(['shop/web']);
    expect(failures.map(({ reason }) => reason).join()).toContain('shop/bad could not be read: what is this');
  });
});

describe('a watch', () => {
  it('reads pages after a server that refuses initial events, and asks only once for them', async () => {
    const server = await new KubeServer([podKind]).listen();
    const client = clientOf(server.url);

    const watch = client.watch(podKind, { project: nodeOf });
    await watch.synced;
    await until(() => server.watchers > 0);
    server.compact();
    server.cut();
    await until(() => watch.state.lists > 2);

    const asked = server.requests.filter(({ query }) => query.has('sendInitialEvents'));
    client.close();
    await server.close();
    expect(asked).toHaveLength(1);
  });
});
