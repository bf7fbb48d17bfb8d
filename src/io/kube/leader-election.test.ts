// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, until } from '../../../test/support/kube-client.ts';
import { KubeServer } from '../../../test/support/kube-server.ts';
import type { KubeClient } from './client.ts';
import type { Election } from './leader-election.ts';
import { electLeader } from './leader-election.ts';

const leases = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', resource: 'leases', namespaced: true } as const;

describe('an election', () => {
  let server: KubeServer;
  let client: KubeClient;
  let time = 0;
  const running: Election[] = [];
  const said: string[] = [];

  beforeEach(async () => {
    time = 1_000_000;
    said.length = 0;
    server = await new KubeServer([leases]).listen();
    client = clientOf(server.url);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((election) => election.close()));
    client.close();
    await server.close();
  });

  /** Time stands still but for what a test adds; pauses are short. */
  function run(identity: string): Election {
    const election = electLeader(client, {
      namespace: 'shop',
      name: 'lead',
      identity,
      acquired: () => said.push(`${identity} leads`),
      lost: () => said.push(`${identity} lost`),
      pace: { now: () => time, random: () => 0, pause: () => new Promise((resolve) => setTimeout(resolve, 2)) },
    });
    running.push(election);
    return election;
  }

  it('has one leader, and another once it gives up', async () => {
    const one = run('one');
    await until(() => one.isLeader);
    const two = run('two');
    await until(() => two.leader === 'one');

    const before = two.isLeader;
    await one.close();
    time += 2_000;
    await until(() => two.isLeader);

    expect(before).toBe(false);
    expect(said).toEqual(['one leads', 'one lost', 'two leads']);
  });

  it('passes to another when the leader has not renewed for its whole duration, by the own clock', async () => {
    server.put({
      ...leases,
      metadata: { name: 'lead', namespace: 'shop' },
      spec: { holderIdentity: 'gone', leaseDurationSeconds: 15, renewTime: '2099-01-01T00:00:00.000000Z' },
    });
    const two = run('two');
    await until(() => two.leader === 'gone');

    time += 14_000;
    await new Promise((resolve) => setTimeout(resolve, 20));
    const early = two.isLeader;
    time += 2_000;
    await until(() => two.isLeader);

    expect(early).toBe(false);
  });

  it('is lost by a leader that cannot renew', async () => {
    const one = run('one');
    await until(() => one.isLeader);

    server.fault = () => ({ kind: 'status', status: 403 });
    time += 11_000;
    await until(() => said.includes('one lost'));

    expect(one.isLeader).toBe(false);
  });
});
