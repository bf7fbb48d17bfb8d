// SPDX-License-Identifier: Apache-2.0
// What controllers and audits keep of a Pod: who it is, who owns it, which images run in it, and its security settings. About a tenth of the Pod as the API
// server tells it; everything else is read again when it is needed.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../formats/document.ts';

export interface ProjectedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `ReplicaSet/web-7d9f`: the controller; undefined: a bare Pod. */
  readonly owner: string | undefined;
  readonly serviceAccount: string;
  readonly node: string | undefined;
  readonly phase: string;
  /** `hostNetwork`, `hostPID`, `hostIPC`: those that are on. */
  readonly host: readonly string[];
  readonly containers: readonly ProjectedContainer[];
}

export interface ProjectedContainer {
  readonly name: string;
  /** As written. */
  readonly image: string;
  /** As the node runs it: `sha256:…`; undefined while it does not run. */
  readonly digest: string | undefined;
  /** Own settings over those of the Pod, as JSON: most containers of a cluster share a few. */
  readonly security: string;
}

/** A projection for `KubeClient.watch`. */
export function projectPod(pod: JsonObject, intern: (text: string) => string): ProjectedPod {
  const metadata = asObject(pod['metadata']) ?? {};
  const spec = asObject(pod['spec']) ?? {};
  const status = asObject(pod['status']) ?? {};
  const digests = digestsOf(status, intern);
  const shared = asObject(spec['securityContext']) ?? {};
  const kept = (value: unknown): string => intern(asString(value) ?? '');
  const controller = asArray(metadata['ownerReferences'])
    .map(asObject)
    .find((owner) => owner?.['controller'] === true);
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    asArray(spec[list]).map((item): ProjectedContainer => {
      const container = asObject(item) ?? {};
      const name = kept(container['name']);
      const own = asObject(container['securityContext']) ?? {};
      return {
        name,
        image: kept(container['image']),
        digest: digests.get(name),
        security: intern(JSON.stringify({ ...shared, ...own })),
      };
    }),
  );
  const node = asString(spec['nodeName']);
  return {
    namespace: kept(metadata['namespace']),
    name: asString(metadata['name']) ?? '',
    labels: Object.fromEntries(entriesOf(metadata['labels']).map(([key, value]) => [intern(key), kept(value)])),
    owner: controller === undefined ? undefined : intern(`${kept(controller['kind'])}/${kept(controller['name'])}`),
    serviceAccount: kept(spec['serviceAccountName']),
    node: node === undefined ? undefined : intern(node),
    phase: kept(status['phase']),
    host: hostSettings(spec),
    containers,
  };
}

const none: readonly string[] = [];

function hostSettings(spec: JsonObject): readonly string[] {
  const on = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name] === true);
  return on.length === 0 ? none : on;
}

/** By name of the container; `imageID` is `registry/image@sha256:…` or `docker-pullable://…`. */
function digestsOf(status: JsonObject, intern: (text: string) => string): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  for (const list of ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'])
    for (const item of asArray(status[list])) {
      const container = asObject(item);
      const digest = /sha256:[0-9a-f]{64}$/.exec(asString(container?.['imageID']) ?? '')?.[0];
      if (digest !== undefined) digests.set(asString(container?.['name']) ?? '', intern(digest));
    }
  return digests;
}
