// SPDX-License-Identifier: Apache-2.0
// Objects with Pods by namespace, sorted out once for each set of manifests: what Services, policies and budgets are about is looked for here. Kinds
// that KubeLinter does not know (a Rollout, a Knative Service) count as well, so that a Service in front of one does not seem to lead nowhere.

import type { JsonObject } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestSet } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';
import { podViewOf } from './pods.ts';

export interface Workload {
  readonly resource: KubernetesResource;
  /** Of its Pods. */
  readonly labels: JsonObject;
}

const workloads = new WeakMap<ManifestSet, ReadonlyMap<string, readonly Workload[]>>();

/** Objects with Pods of the namespace of another object. */
export function workloadsBeside({ namespace = '' }: KubernetesResource, set: ManifestSet): readonly Workload[] {
  const known = workloads.get(set) ?? workloadsByNamespace(set);
  workloads.set(set, known);
  return known.get(namespace) ?? [];
}

function workloadsByNamespace(set: ManifestSet): ReadonlyMap<string, readonly Workload[]> {
  const all = set.resources.flatMap((resource): Workload[] => {
    const labels = podViewOf(resource)?.labels ?? podTemplateOf(resource)?.labels;
    return labels === undefined ? [] : [{ resource, labels }];
  });
  return Map.groupBy(all, ({ resource: { namespace = '' } }) => namespace);
}
