// SPDX-License-Identifier: Apache-2.0
// All namespaces with what policies look at: names, labels, annotations. Ten thousand of them take about 10 MB.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../../formats/document.ts';
import type { KubeClient, KubeResource } from '../../../io/kube/client.ts';
import type { KubeUnknown } from '../../../io/kube/outcome.ts';
import { bareObject } from './bare-object.ts';
import type { SettledWatch } from './settled-watch.ts';
import { settledWatch } from './settled-watch.ts';

export const namespaceKind: KubeResource = {
  apiVersion: 'v1',
  kind: 'Namespace',
  resource: 'namespaces',
  namespaced: false,
};

/** Characters of the annotations of one namespace that are kept; one with more is read again for each review that asks for it. */
const mostAnnotations = 4_096;

export interface WatchedNamespaces extends SettledWatch<KeptNamespace> {
  /** Undefined: not among those that are kept, which does not mean that there is none. */
  get(name: string): JsonObject | undefined;
}

/** The object, or `large`: too large to be kept. */
type KeptNamespace = JsonObject | 'large';

export function watchNamespaces(client: KubeClient, failed: (unknown: KubeUnknown) => void): WatchedNamespaces {
  const opened = settledWatch(client, namespaceKind, { handler: { project: projectNamespace, failed } });
  return {
    ...opened,
    get: (name) => {
      const kept = opened.watch.objects.get(name);
      return kept === 'large' ? undefined : kept;
    },
  };
}

function projectNamespace(object: JsonObject, intern: (text: string) => string): KeptNamespace {
  const metadata = asObject(bareObject(object)['metadata']) ?? {};
  const texts = (value: unknown): JsonObject =>
    Object.fromEntries(entriesOf(value).map(([key, text]) => [intern(key), intern(asString(text) ?? '')]));
  const annotations = metadata['annotations'];
  if (annotations !== undefined && JSON.stringify(annotations).length > mostAnnotations) return 'large';
  const { name, uid, creationTimestamp, deletionTimestamp } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid,
      creationTimestamp,
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      labels: texts(metadata['labels']),
      ...(annotations === undefined ? {} : { annotations: texts(annotations) }),
    },
    spec: object['spec'] ?? {},
    status: { phase: intern(asString(asObject(object['status'])?.['phase']) ?? 'Active') },
  };
}
