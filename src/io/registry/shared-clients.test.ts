// SPDX-License-Identifier: Apache-2.0
// What clients of one server share, and what keeps a server from growing or waiting for ever.

import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closeAfterEach, closing, reference, testClient, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { HostGates } from './retry.ts';
import { nodeTransport } from './transport.ts';

closeAfterEach();

const image = imageOf();

describe('gates of hosts', () => {
  it('that clients share let no more through than one of them would', async () => {
    const registry = await testRegistry();
    registry.put('team/app', image, 'latest');
    let [waiting, most] = [0, 0];
    const wait = async (): Promise<void> => {
      waiting += 1;
      most = Math.max(most, waiting);
      await new Promise((wake) => setTimeout(wake, 10));
      waiting -= 1;
    };
    registry.fail({ path: /manifests/, effect: { kind: 'meanwhile', run: wait } });
    const gates = new HostGates(2);
    const transport = closing(nodeTransport({ stall: 2_000, environment: {}, certificatesFor: () => undefined }));
    const clients = Array.from({ length: 6 }, () => testClient({ gates, transport }));

    const outcomes = await Promise.all(
      clients.map((client) => client.manifest(reference(`${registry.host}/team/app`))),
    );

    expect(outcomes.every(({ kind }) => kind === 'found')).toBe(true);
    expect(most).toBe(2);
    expect(gates.of(registry.host).isIdle).toBe(true);
  });

  it('of hosts that nobody asks any more are forgotten, and one where somebody waits is not', async () => {
    const gates = new HostGates(1);
    const leave = await gates.of('busy.example').enter();
    const busy = gates.of('busy.example');
    const idle = gates.of('idle.example');
    for (let index = 0; index < 1_500; index += 1) gates.of(`${index}.example`);

    expect(gates.of('busy.example')).toBe(busy);
    expect(gates.of('idle.example')).not.toBe(idle);
    leave();
  });
});

describe('registries that strangers name', () => {
  const names = 'from strangers' as const;

  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]'])(
    'are not asked on this machine (%s)',
    async (host) => {
      const registry = await testRegistry();
      registry.put('team/app', image, 'latest');
      const port = registry.host.split(':').at(-1);

      const outcome = await testClient({ names }).manifest({
        ...reference('registry.example/team/app'),
        registry: `${host}:${port}`,
      });

      expect(outcome).toMatchObject({ kind: 'unknown', code: 'REGISTRY_INVALID' });
      expect(registry.requests).toEqual([]);
    },
  );

  it('are not asked on this machine by a name that leads there', async () => {
    const registry = await testRegistry();
    const lookup: LookupFunction = (_name, options, answer) =>
      options.all === true ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4);
    const port = registry.host.split(':').at(-1);

    const outcome = await testClient({ names }, { lookup }).manifest(reference(`inside.example:${port}/team/app`));

    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('may not be asked') });
    expect(registry.requests).toEqual([]);
  });

  it('are asked on this machine where the configuration knows of them', async () => {
    const registry = await testRegistry();
    registry.put('team/app', image, 'latest');
    const rules = [{ prefix: registry.host, insecure: true, blocked: false, mirrors: [] }];

    const outcome = await testClient({ names, rules }).manifest(reference(`${registry.host}/team/app`));

    expect(outcome.kind).toBe('found');
  });
});

it('an answer that comes steadily and never ends is given up', async () => {
  const registry = await testRegistry();
  registry.put('team/app', image, 'latest');
  // Enough bytes each time that nothing seems to stall.
  registry.fail({ path: /manifests/, effect: { kind: 'slow', bytes: 4, pause: 50 } });
  const patience = { stall: 1_000, minimumBytes: 1, longest: 120 };
  const began = performance.now();

  const outcome = await testClient({ retry: { attempts: 1, first: 1, longest: 1 } }, patience).manifest(
    reference(`${registry.host}/team/app`),
  );

  expect(outcome).toMatchObject({ kind: 'unknown' });
  expect(performance.now() - began).toBeLessThan(900);
});

it('connections to hosts that somebody makes up are not kept for ever', async () => {
  const registry = await testRegistry();
  registry.put('team/app', image, 'latest');
  const transport = closing(nodeTransport({ stall: 500, environment: {}, certificatesFor: () => undefined }));
  const client = testClient({ transport, retry: { attempts: 1, first: 1, longest: 1 } });
  const app = reference(`${registry.host}/team/app`);
  await client.manifest(app);
  for (let port = 1; port <= 300; port += 1) await client.manifest(reference(`127.0.0.1:${port}/team/app`));

  expect((await client.manifest(app)).kind).toBe('found');
});
