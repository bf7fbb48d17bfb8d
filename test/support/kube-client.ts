// SPDX-License-Identifier: Apache-2.0
// The cluster client as tests use it: against a test server, with time that passes at once and no chance.
import type { KubeClient, KubeResource } from '../../src/io/kube/client.ts';
import { openKubeClient } from '../../src/io/kube/open-client.ts';
import type { KubePace } from '../../src/io/kube/pace.ts';

export const podKind: KubeResource = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true };
export const namespaceKind: KubeResource = {
  apiVersion: 'v1',
  kind: 'Namespace',
  resource: 'namespaces',
  namespaced: false,
};
export const widgetKind: KubeResource = {
  apiVersion: 'shop.example/v1',
  kind: 'Widget',
  resource: 'widgets',
  namespaced: true,
};

export interface HurriedPace extends KubePace {
  /** Milliseconds of all pauses, in order. */
  readonly pauses: readonly number[];
}

/** Pauses take a millisecond, and are remembered at their full length. */
export function hurriedPace(): HurriedPace {
  const pauses: number[] = [];
  let waited = 0;
  return {
    pauses,
    now: () => Date.now() + waited,
    random: () => 0.5,
    pause: (milliseconds) => {
      pauses.push(milliseconds);
      waited += milliseconds;
      return new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
}

export function clientOf(server: string, pace: KubePace = hurriedPace(), token?: string): KubeClient {
  return openKubeClient({
    access: {
      server,
      authority: undefined,
      verification: 'on',
      client: undefined,
      token: token === undefined ? undefined : { text: token },
      namespace: 'default',
    },
    environment: {},
    pace,
  });
}

/** Waits until something holds; tests fail by their own time when it never does. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
