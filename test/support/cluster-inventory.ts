// SPDX-License-Identifier: Apache-2.0
// Everything that a cluster holds, by name: what was there before and after can be compared.
import { asObject, asString } from '../../src/formats/document.ts';
import type { KubeClient } from '../../src/io/kube/client.ts';

/** Written by the system on its own at any time. */
const passing = new Set([
  'Event',
  'Lease',
  'EndpointSlice',
  'Endpoints',
  'APIService',
  'ControllerRevision',
  'ComponentStatus',
]);

/** `KIND NAMESPACE/NAME` of all objects of all kinds that can be listed. Throws when something cannot be listed. */
export async function inventoryOf(client: KubeClient): Promise<ReadonlySet<string>> {
  const served = await client.resources();
  if (served.kind !== 'found') throw new Error('the kinds of the cluster are unknown');
  const found = new Set<string>();
  for (const resource of served.value.resources) {
    if (resource.verbs?.includes('list') !== true || passing.has(resource.kind)) continue;
    for await (const { metadata } of client.list(resource, { parts: 'metadata' })) {
      const { name, namespace } = asObject(metadata) ?? {};
      found.add(`${resource.kind} ${asString(namespace) ?? ''}/${asString(name)}`);
    }
  }
  return found;
}
