// SPDX-License-Identifier: Apache-2.0
// Pods as KubeLinter takes them out of objects: typed reading, so a Deployment without a template has an empty one, and containers come with the
// init containers first. Not here: what a container really runs with (workload.ts).

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestFault } from '../manifest-check.ts';
import { objectAt } from '../workload.ts';
import { isOfKind } from './object-kinds.ts';
import type { TemplateRun } from './template.ts';

export interface PodView {
  readonly spec: JsonObject;
  readonly specAt: DocumentPath;
  readonly labels: JsonObject;
  readonly securityContext: JsonObject;
  readonly containers: readonly ContainerView[];
}

export interface ContainerView {
  readonly name: string;
  readonly at: DocumentPath;
  readonly container: JsonObject;
  readonly securityContext: JsonObject;
  readonly isInit: boolean;
}

const nothing: JsonObject = {};

/** Checks that follow references ask for the same Pods again and again. */
const views = new WeakMap<KubernetesResource, PodView>();

/** The Pod that an object is or makes; undefined for objects that make none. */
export function podViewOf(resource: KubernetesResource): PodView | undefined {
  const known = views.get(resource);
  if (known !== undefined) return known;
  if (!isOfKind(resource, ['DeploymentLike'])) return undefined;
  const view = readPodView(resource);
  views.set(resource, view);
  return view;
}

function readPodView(resource: KubernetesResource): PodView {
  const at = templatePathOf(resource.kind);
  const template = objectAt(resource.object, at);
  const spec = asObject(template?.['spec']) ?? nothing;
  const specAt = [...at, 'spec'];
  return {
    spec,
    specAt,
    labels: asObject(asObject(template?.['metadata'])?.['labels']) ?? nothing,
    securityContext: asObject(spec['securityContext']) ?? nothing,
    containers: [
      ...containersOf(spec['initContainers'], [...specAt, 'initContainers']),
      ...containersOf(spec['containers'], [...specAt, 'containers']),
      ...containersOf(spec['ephemeralContainers'], [...specAt, 'ephemeralContainers']),
    ],
  };
}

function templatePathOf(kind: string): DocumentPath {
  if (kind === 'Pod') return [];
  return kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
}

function containersOf(list: unknown, at: DocumentPath): ContainerView[] {
  return asArray(list).flatMap((item, index): ContainerView[] => {
    const container = asObject(item);
    if (container === undefined) return [];
    return [
      {
        name: asString(container['name']) ?? '',
        at: [...at, index],
        container,
        securityContext: asObject(container['securityContext']) ?? nothing,
        isInit: at.at(-1) === 'initContainers',
      },
    ];
  });
}

/** Judges each Pod by itself. */
export function perPod(judge: (pod: PodView, resource: KubernetesResource) => readonly ManifestFault[]): TemplateRun {
  return (resource) => {
    const pod = podViewOf(resource);
    return pod === undefined ? [] : judge(pod, resource);
  };
}

/** Judges each container, the init containers first. */
export function perContainer(judge: (container: ContainerView, pod: PodView) => readonly ManifestFault[]): TemplateRun {
  return perPod((pod) => pod.containers.flatMap((container) => judge(container, pod)));
}

/** Judges the containers that run the whole life of the Pod. */
export function perMainContainer(judge: (container: ContainerView) => readonly ManifestFault[]): TemplateRun {
  return perPod((pod) => pod.containers.filter(({ at }) => at.at(-2) === 'containers').flatMap(judge));
}

/** Entries of a list of objects with their places. */
export function objectsIn(
  list: unknown,
  at: DocumentPath,
): { readonly value: JsonObject; readonly at: DocumentPath }[] {
  return asArray(list).flatMap((item, index) => {
    const value = asObject(item);
    return value === undefined ? [] : [{ value, at: [...at, index] }];
  });
}

/** Namespaces are compared as written; an absent one is empty. */
export function isInSameNamespace(left: KubernetesResource, right: KubernetesResource): boolean {
  return (left.namespace ?? '') === (right.namespace ?? '');
}
