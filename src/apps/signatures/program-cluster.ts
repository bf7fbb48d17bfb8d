// SPDX-License-Identifier: Apache-2.0
// The cluster of kubectl for k8s:// keys, where the user allowed that a configuration names a program for its credentials (`exec`).

import { findClusterAccess } from '../../io/kube/access.ts';
import { openKubeClient } from '../../io/kube/open-client.ts';
import { KubeError } from '../../io/kube/outcome.ts';
import type { KubernetesApi } from '../../io/kubernetes-api.ts';
import type { Environment } from '../../io/registry/proxy.ts';
import type { ServiceAnswer } from '../../io/service.ts';

/** Throws CONFIG_INVALID; the program is run when the first object is asked for. */
export function programCluster(environment: Environment): KubernetesApi {
  const access = findClusterAccess({ environment, home: environment['HOME'], programs: 'allowed' });
  const ask = async (method: 'GET' | 'POST' | 'PUT', path: string, object?: unknown): Promise<ServiceAnswer> => {
    const client = openKubeClient({ access, environment });
    try {
      const body = object === undefined ? {} : { body: JSON.stringify(object) };
      const answer = await client.raw({ method, path, ...body });
      if ('fault' in answer) throw new KubeError(answer);
      return answer;
    } finally {
      client.close();
    }
  };
  return {
    server: new URL(access.server).origin,
    get: (path) => ask('GET', path),
    create: (path, object) => ask('POST', path, object),
    replace: (path, object) => ask('PUT', path, object),
  };
}
