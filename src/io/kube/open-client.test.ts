// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, namespaceKind, podKind, widgetKind } from '../../../test/support/kube-client.ts';
import type { Fault } from '../../../test/support/kube-server.ts';
import { KubeServer } from '../../../test/support/kube-server.ts';
import type { KubeClient } from './client.ts';
import { KubeError } from './outcome.ts';

const pod = (name: string, namespace = 'shop') =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { nodeName: 'one' } }) as const;

/** Faults for the first requests, one each; then it works. */
function first(...faults: readonly Fault[]): (request: { readonly path: string }) => Fault | undefined {
  const left = [...faults];
  return ({ path }) => (path === '/api/v1' ? undefined : left.shift());
}

const throttled: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '2' } };

describe('the client of a cluster', () => {
  let server: KubeServer;
  let client: KubeClient;
  const pace = hurriedPace();

  beforeEach(async () => {
    server = await new KubeServer([podKind, namespaceKind, widgetKind]).listen();
    client = clientOf(server.url, pace);
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });

  it('finds where a kind lives and reads an object', async () => {
    server.put(pod('web'));

    const outcome = await client.get({ apiVersion: 'v1', kind: 'Pod' }, 'web', { namespace: 'shop' });

    expect(outcome).toMatchObject({ kind: 'found', value: { metadata: { name: 'web' } } });
  });

  it('says that an object is not there only when the API server says so', async () => {
    const absent = await client.get(podKind, 'web');
    server.fault = first({ kind: 'status', status: 404, body: '<html>not here</html>' });
    const proxy = await client.get(podKind, 'web');

    expect(absent).toEqual({ kind: 'none' });
    expect(proxy).toMatchObject({ kind: 'unknown', fault: 'invalid', status: 404 });
  });

  it('says that a kind is not there', async () => {
    server.fault = ({ path }) =>
      path === '/apis/shop.example/v2' ? { kind: 'status', status: 404, body: '404 page not found\n' } : undefined;

    expect(await client.resourceOf({ apiVersion: 'shop.example/v2', kind: 'Widget' })).toEqual({ kind: 'none' });
    expect(await client.resourceOf({ apiVersion: 'v1', kind: 'Gadget' })).toEqual({ kind: 'none' });
  });

  it('waits as long as a throttling server asks for', async () => {
    server.put(pod('web'));
    server.fault = first(throttled, throttled);
    const before = pace.pauses.length;

    const outcome = await client.get(podKind, 'web', { namespace: 'shop' });

    expect(outcome.kind).toBe('found');
    expect(pace.pauses.slice(before).every((pause) => pause >= 2_000)).toBe(true);
  });

  it('gives up a throttling server when the time is over, and calls it unknown', async () => {
    server.fault = () => ({ kind: 'status', status: 429, headers: { 'retry-after': '30' } });

    const outcome = await client.get(podKind, 'web', { time: 1_000 });

    expect(outcome).toMatchObject({ kind: 'unknown', fault: 'throttled', retryAfter: 30 });
  });

  it.each<Fault['kind']>(['cut', 'cut-body'])(
    'asks again after a connection was %s when only reading',
    async (kind) => {
      server.put(pod('web'));
      server.fault = first({ kind } as Fault);

      expect((await client.get(podKind, 'web', { namespace: 'shop' })).kind).toBe('found');
    },
  );

  it('does not know what became of a creation whose connection broke', async () => {
    server.fault = first({ kind: 'cut' });

    const change = await client.create(pod('web'));

    expect(change).toMatchObject({ kind: 'unknown', fault: 'unreachable' });
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('creates again after being throttled, because nothing was done', async () => {
    server.fault = first(throttled);

    expect((await client.create(pod('web'))).kind).toBe('done');
  });

  it('ends a question whose answer never comes, by the time of the caller', async () => {
    server.fault = () => ({ kind: 'silence' });

    const outcome = await client.get(podKind, 'web', { time: 50 });

    expect(outcome).toMatchObject({ kind: 'unknown', fault: 'ended' });
  });

  it('gives the refusal of a change as the server said it, with its warnings', async () => {
    server.fault = first({
      kind: 'status',
      status: 403,
      headers: { warning: '299 - "use \\"v2\\""' },
      body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no privileged pods' },
    });

    const change = await client.create(pod('web'));

    expect(change).toMatchObject({
      kind: 'refused',
      reason: 'Forbidden',
      message: 'no privileged pods',
      warnings: ['use "v2"'],
    });
  });

  it('refuses an update of an object that somebody else changed', async () => {
    const stored = server.put(pod('web'));
    server.put(pod('web'));

    expect(await client.update(stored)).toMatchObject({ kind: 'refused', reason: 'Conflict' });
  });

  it('applies without the fields that the server keeps itself', async () => {
    const object = { ...pod('web'), metadata: { ...pod('web').metadata, managedFields: [{}], resourceVersion: '7' } };

    await client.apply(object, { fieldManager: 'landwaiter', force: true, dryRun: true });

    const { body, query, headers } = server.requests.at(-1) ?? {};
    expect(JSON.parse(body ?? '')).toMatchObject({ metadata: { name: 'web', namespace: 'shop' } });
    expect(body).not.toContain('managedFields');
    expect(body).not.toContain('resourceVersion');
    expect(query?.toString()).toBe('force=true&dryRun=All&fieldManager=landwaiter');
    expect(headers?.['content-type']).toBe('application/apply-patch+yaml');
  });

  it('sends preconditions with a deletion', async () => {
    server.put(pod('web'));

    await client.delete(podKind, 'web', { namespace: 'shop', preconditions: { uid: 'u' }, dryRun: true });

    expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toMatchObject({
      preconditions: { uid: 'u' },
      dryRun: ['All'],
    });
  });

  it.each(['..', 'a/b', '', 'a%2fb'])('does not make another address of the name "%s"', async (name) => {
    const outcome = await client.get(podKind, name);

    expect(outcome).toMatchObject({ kind: 'unknown', fault: 'invalid' });
    expect(server.requests).toEqual([]);
  });

  it('reads a list page by page and names the kind of each item', async () => {
    for (let index = 0; index < 25; index += 1) server.put(pod(`web-${index}`));

    const objects = await Array.fromAsync(client.list(podKind, { page: 10 }));

    expect(objects).toHaveLength(25);
    expect(objects[0]).toMatchObject({ apiVersion: 'v1', kind: 'Pod' });
    expect(server.requests.map(({ query }) => query.get('limit'))).toEqual(['10', '10', '10']);
  });

  it('goes on with a list whose beginning the server has forgotten', async () => {
    for (let index = 0; index < 25; index += 1) server.put(pod(`web-${index}`));
    const names: string[] = [];

    for await (const object of client.list(podKind, { page: 10 })) {
      if (names.length === 10) server.compact();
      names.push((object as unknown as { metadata: { name: string } }).metadata.name);
    }

    expect(names).toHaveLength(25);
    expect(new Set(names).size).toBe(25);
  });

  it('throws in the middle of a list that breaks off, and never ends it early', async () => {
    for (let index = 0; index < 25; index += 1) server.put(pod(`web-${index}`));
    server.fault = ({ query }) =>
      query.has('continue') ? { kind: 'status', status: 403, body: { kind: 'Status', message: 'no more' } } : undefined;

    const reading = Array.fromAsync(client.list(podKind, { page: 10 }));

    await expect(reading).rejects.toThrow(KubeError);
    await expect(reading).rejects.toThrow(/no more/);
  });

  it.each(['null', '[]', '{"items":{}}', '{"metadata":{},"items":7}', 'not json'])(
    'does not take %s for a list',
    async (text) => {
      server.fault = () => ({ kind: 'text', text });

      await expect(Array.fromAsync(client.list(podKind))).rejects.toThrow(/not a list/);
    },
  );

  it('asks whether this account may', async () => {
    server.fault = () => ({ kind: 'status', status: 201, body: { status: { allowed: false } } });

    const outcome = await client.mayI({ verb: 'list', resource: 'secrets' });

    expect(outcome).toEqual({ kind: 'found', value: false });
    expect(server.requests[0]?.body).toContain('"verb":"list"');
  });
});
