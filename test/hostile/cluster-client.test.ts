// SPDX-License-Identifier: Apache-2.0
// Servers that are not what they seem: whatever comes, the client gives an outcome and stays within its bounds.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseKubeconfigFiles } from '../../src/formats/kubeconfig.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';
import { KubeError } from '../../src/io/kube/outcome.ts';
import { defaultLimits } from '../../src/model/limits.ts';
import { clientOf, podKind, until } from '../support/kube-client.ts';
import type { Fault } from '../support/kube-server.ts';
import { KubeServer } from '../support/kube-server.ts';

const pod = (name: string, padding = '') =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, padding }) as const;

describe('a hostile API server', () => {
  let server: KubeServer;
  let client: KubeClient;

  beforeEach(async () => {
    server = await new KubeServer([podKind]).listen();
    client = clientOf(server.url);
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });

  it('never makes reading throw, whatever it answers', async () => {
    const answer = fc.oneof(
      fc.json().map((text): Fault => ({ kind: 'text', text })),
      fc.string().map((text): Fault => ({ kind: 'text', text })),
      fc
        .record({ status: fc.constantFrom(200, 204, 301, 400, 401, 403, 404, 409, 410, 422), body: fc.jsonValue() })
        .map(({ status, body }): Fault => ({ kind: 'status', status, body })),
    );
    await fc.assert(
      fc.asyncProperty(answer, async (fault) => {
        server.fault = () => fault;
        const outcomes = await Promise.all([
          client.get(podKind, 'web'),
          client.resourceOf({ apiVersion: 'v1', kind: 'Service' }),
          client.resources(),
          client.version(),
          client.mayI({ verb: 'get', resource: 'pods' }),
          client.create(pod('web')),
          client.delete(podKind, 'web'),
        ]);
        const listed = await Array.fromAsync(client.list(podKind)).catch((error: unknown) => error);

        expect(outcomes.every(({ kind }) => ['found', 'none', 'unknown', 'done', 'refused'].includes(kind))).toBe(true);
        expect(Array.isArray(listed) || listed instanceof KubeError).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('does not lead the client in a circle when it forgets every list', async () => {
    server.fault = ({ query }) => ({
      kind: 'status',
      status: 410,
      body: { kind: 'Status', code: 410, metadata: { continue: query.get('continue') ?? 'again' } },
    });

    const reading = Array.fromAsync(client.list(podKind));

    await expect(reading).rejects.toThrow('410');
    expect(server.requests.length).toBeLessThan(4);
  });

  it('does not lead the client in a circle when it names the same continuation again', async () => {
    server.fault = () => ({
      kind: 'status',
      status: 200,
      body: { kind: 'PodList', metadata: { resourceVersion: '1', continue: 'same' }, items: [pod('web')] },
    });

    await expect(Array.fromAsync(client.list(podKind))).rejects.toThrow('does not go on');
    expect(server.requests.length).toBeLessThan(4);
  });

  it('is asked for smaller pages when a page is too large', async () => {
    const large = 'x'.repeat(4 * 1024 * 1024);
    for (let index = 0; index < 20; index += 1) server.put(pod(`web-${index}`, large));

    const names: unknown[] = [];
    for await (const object of client.list(podKind, { page: 20 })) names.push(object['metadata']);

    expect(names).toHaveLength(20);
    expect(server.requests.map(({ query }) => query.get('limit'))).toEqual(['20', '5', '5', '5', '5']);
  });

  it('is given up when one event is larger than is read, and what was known stays', async () => {
    const failures: string[] = [];
    server.put(pod('web'));
    const watch = client.watch(podKind, { project: () => 1, failed: ({ fault }) => failures.push(fault) });
    await watch.synced;
    await until(() => server.watchers > 0);

    server.say('x'.repeat(defaultLimits.kubeEventBytes + 1));
    await until(() => failures.includes('limit'));

    expect(watch.objects.size).toBe(1);
  });
});

describe('configurations of kubectl', () => {
  it('never throw, whatever they hold', () => {
    const member = fc.constantFrom(
      'exec',
      'token',
      'tokenFile',
      'client-certificate-data',
      'as',
      'as-groups',
      'server',
    );
    const configuration = fc.record({
      'current-context': fc.constant('c'),
      contexts: fc.constant([{ name: 'c', context: { cluster: 'k', user: 'u' } }]),
      clusters: fc
        .dictionary(member, fc.jsonValue())
        .map((cluster) => [{ name: 'k', cluster: { server: 'https://k', ...cluster } }]),
      users: fc.dictionary(member, fc.jsonValue()).map((user) => [{ name: 'u', user }]),
    });
    fc.assert(
      fc.property(configuration, fc.string(), (value, text) => {
        const files = [JSON.stringify(value), text].map((content) => ({ text: content, path: 'config' }));
        for (const file of files)
          expect(['parsed', 'malformed']).toContain(parseKubeconfigFiles([file], { programs: 'named' }).kind);
      }),
    );
  });
});
