// SPDX-License-Identifier: Apache-2.0
// The Lease by which one replica of the controller leads, and how all of them are made to stand down before an uninstallation: whoever kept the registration of the
// webhooks while it is taken away would put it back, and then be gone.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import type { KubeClient, KubeResource } from '../../../io/kube/client.ts';

export const controllerLease = 'landwaiter-controller';

const lease: KubeResource = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  resource: 'leases',
  namespaced: true,
};

/** Nobody leads for so long (seconds): until the controller is removed, and not much longer, for it may be installed again. */
const standDownSeconds = 300;
const attempts = 10;

export type StandDown =
  | { readonly kind: 'done' }
  /** There is no controller. */
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Takes the Lease over in nobody's name. Replicas notice within three seconds; the caller waits. */
export async function standDown(
  client: KubeClient,
  { namespace, now }: { readonly namespace: string; readonly now: number },
): Promise<StandDown> {
  let reason = '';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = await client.get(lease, controllerLease, { namespace });
    if (found.kind === 'none') return { kind: 'none' };
    if (found.kind === 'unknown') return { kind: 'failed', reason: found.reason };
    const time = new Date(now).toISOString().replace('Z', '000Z');
    const spec: JsonObject = {
      ...asObject(found.value['spec']),
      holderIdentity: 'nobody: landwaiter is being removed',
      leaseDurationSeconds: standDownSeconds,
      acquireTime: time,
      renewTime: time,
    };
    const updated = await client.update({ ...found.value, spec });
    if (updated.kind === 'done') return { kind: 'done' };
    reason = updated.kind === 'refused' ? updated.message : updated.reason;
    // The leader renews every two seconds; whoever is later tries again.
    if (updated.kind === 'unknown' || updated.reason !== 'Conflict') break;
  }
  return { kind: 'failed', reason };
}
