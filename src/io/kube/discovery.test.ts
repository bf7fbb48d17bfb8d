// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clientOf, podKind, widgetKind } from '../../../test/support/kube-client.ts';
import { KubeServer } from '../../../test/support/kube-server.ts';
import type { KubeClient } from './client.ts';

let server: KubeServer;
let client: KubeClient;
beforeEach(async () => {
  server = await new KubeServer([podKind, widgetKind]).listen();
  client = clientOf(server.url);
});
afterEach(async () => {
  client.close();
  await server.close();
});

it('tells all kinds, and that all could be asked for', async () => {
  const served = await client.resources();

  expect(served).toMatchObject({ kind: 'found', value: { unknown: [] } });
  expect(served.kind === 'found' && served.value.resources.map(({ kind }) => kind)).toEqual(['Pod', 'Widget']);
});

it('an extension server that is down used to hide everything, or, where discovery is aggregated, its own kinds in silence', async () => {
  server.fault = ({ path }) =>
    path === `/apis/${widgetKind.apiVersion}` ? { kind: 'status', status: 503, body: 'gone' } : undefined;
  const oneByOne = await client.resources();
  server.fault = ({ path }) =>
    path === '/apis'
      ? {
          kind: 'status',
          status: 200,
          body: {
            kind: 'APIGroupDiscoveryList',
            items: [
              {
                metadata: { name: 'metrics.k8s.io' },
                versions: [{ version: 'v1beta1', freshness: 'Stale', resources: [] }],
              },
            ],
          },
        }
      : undefined;
  const aggregated = await client.resources();

  expect(oneByOne).toMatchObject({ value: { unknown: [widgetKind.apiVersion], resources: [{ kind: 'Pod' }] } });
  expect(aggregated).toMatchObject({ value: { unknown: ['metrics.k8s.io/v1beta1'], resources: [{ kind: 'Pod' }] } });
});
