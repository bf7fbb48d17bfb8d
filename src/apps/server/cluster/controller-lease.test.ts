// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, hurriedPace, until } from '../../../../test/support/kube-client.ts';
import { KubeServer } from '../../../../test/support/kube-server.ts';
import type { KubeClient, KubeResource } from '../../../io/kube/client.ts';
import type { Election } from '../../../io/kube/leader-election.ts';
import { electLeader } from '../../../io/kube/leader-election.ts';
import { controllerLease, standDown } from './controller-lease.ts';

const lease: KubeResource = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  resource: 'leases',
  namespaced: true,
};
const namespace = 'landwaiter-system';

describe('the controller before an uninstallation', () => {
  let server: KubeServer;
  let client: KubeClient;
  const elections: Election[] = [];

  beforeEach(async () => {
    server = await new KubeServer([lease]).listen();
    client = clientOf(server.url, hurriedPace());
  });
  afterEach(async () => {
    for (const election of elections.splice(0)) await election.close();
    client.close();
    await server.close();
  });
  const elect = (identity: string): Election => {
    const election = electLeader(client, {
      namespace,
      name: controllerLease,
      identity,
      acquired: () => undefined,
      lost: () => undefined,
      retrySeconds: 0.01,
    });
    elections.push(election);
    return election;
  };

  it('stands down, and no other replica takes its place', async () => {
    const [one, two] = [elect('one'), elect('two')];
    await until(() => one.isLeader || two.isLeader);

    expect(await standDown(client, { namespace, now: Date.now() })).toEqual({ kind: 'done' });
    await until(() => !one.isLeader && !two.isLeader);
    await new Promise((wake) => setTimeout(wake, 100));
    expect([one.isLeader, two.isLeader]).toEqual([false, false]);
    expect(await client.get(lease, controllerLease, { namespace })).toMatchObject({
      value: { spec: { leaseDurationSeconds: 300 } },
    });
  });

  it('is not missed where there is none, and is told of where it cannot be reached', async () => {
    expect(await standDown(client, { namespace, now: 0 })).toEqual({ kind: 'none' });
    server.fault = () => ({ kind: 'status', status: 403 });
    expect(await standDown(client, { namespace, now: 0 })).toMatchObject({ kind: 'failed' });
  });
});
