// SPDX-License-Identifier: Apache-2.0
// What runs in the cluster, from the manifests of the same tree: workloads with their images, and Argo CD applications with the folder they apply.
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { Location } from '../../../model/location.ts';

export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly path: string;
  readonly location: Location;
  readonly images: readonly { readonly text: string; readonly location: Location }[];
}

export interface Application {
  readonly name: string;
  /** Folder of the repository that it applies. */
  readonly folder: string;
  readonly location: Location;
}

const podPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  Rollout: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

export function workloadsIn(resources: readonly KubernetesResource[]): readonly Workload[] {
  return resources.flatMap((resource): Workload[] => {
    const at = Object.hasOwn(podPaths, resource.kind) ? podPaths[resource.kind] : undefined;
    if (at === undefined) return [];
    let spec: unknown = resource.object;
    for (const key of at) spec = asObject(spec)?.[key];
    const location = resource.locate(['metadata', 'name']);
    const images = ['initContainers', 'containers'].flatMap((key) =>
      asArray(asObject(spec)?.[key]).flatMap((container, index) => {
        const text = asString(asObject(container)?.['image']);
        return text === undefined ? [] : [{ text, location: resource.locate([...at, key, index, 'image']) }];
      }),
    );
    const { kind, namespace } = resource;
    return [
      {
        kind,
        name: resource.name ?? '',
        path: location.path,
        location,
        images,
        ...(namespace === undefined ? {} : { namespace }),
      },
    ];
  });
}

export function applicationsIn(resources: readonly KubernetesResource[]): readonly Application[] {
  return resources.flatMap((resource): Application[] => {
    if (resource.kind !== 'Application' || !resource.apiVersion.startsWith('argoproj.io/')) return [];
    const spec = asObject(resource.object['spec']);
    const sources = [spec?.['source'], ...asArray(spec?.['sources'])];
    return sources.flatMap((source) => {
      const folder = asString(asObject(source)?.['path']);
      return folder === undefined
        ? []
        : [
            {
              name: resource.name ?? '',
              folder: folder.replace(/^\.?\//, '').replace(/\/+$/, ''),
              location: resource.locate(['metadata', 'name']),
            },
          ];
    });
  });
}
