// SPDX-License-Identifier: Apache-2.0
// Templates of KubeLinter about disruption budgets: those that let no Pod go keep nodes from being drained.

import { asObject } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { readLabelSelector, selects } from '../label-selector.ts';
import type { ManifestFault, ManifestSet } from '../manifest-check.ts';
import { printed, quoted } from './go-text.ts';
import { isOfKind } from './object-kinds.ts';
import { isInSameNamespace, podViewOf } from './pods.ts';
import { leastReplicasOf, readIntOrPercent, replicasOf, selectorOf, specOf } from './replicas.ts';
import { defineTemplate, fault } from './template.ts';
import { workloadsBeside } from './workload-index.ts';

export const budgetMaxUnavailableTemplate = defineTemplate({
  name: 'pdb-max-unavailable',
  kinds: ['PodDisruptionBudget'],
  parameters: [],
  instantiate: () => (resource) => {
    if (!isOfKind(resource, ['PodDisruptionBudget'])) return [];
    const written = specOf(resource)['maxUnavailable'];
    if (written === undefined || written === null) return [];
    const at = ['spec', 'maxUnavailable'];
    const read = readIntOrPercent(written);
    if (read === undefined || (typeof written === 'string' && !read.isPercent))
      return [fault(at, `maxUnavailable has invalid value [${printed(written)}]`)];
    return read.value === 0
      ? [fault(at, 'MaxUnavailable is set to 0', 'maxUnavailable is 0, so no Pod may ever be evicted')]
      : [];
  },
});

export const budgetMinAvailableTemplate = defineTemplate({
  name: 'pdb-min-available',
  kinds: ['PodDisruptionBudget'],
  parameters: [],
  instantiate: () => (resource, set) => {
    if (!isOfKind(resource, ['PodDisruptionBudget'])) return [];
    const spec = specOf(resource);
    const written = spec['minAvailable'];
    if (written === undefined || written === null) return [];
    const at = ['spec', 'minAvailable'];
    const read = readIntOrPercent(written);
    if (read === undefined) {
      const text = printed(written);
      const reason = text.endsWith('%')
        ? `invalid value ${quoted(text)}`
        : `invalid type: string ${quoted(text)} is not a percentage`;
      return [fault(at, `PDB has invalid MinAvailable value: ${reason}`)];
    }
    if (read.isPercent && read.value === 100)
      return [
        fault(
          at,
          'PDB has minimum available replicas set to 100 percent of replicas',
          'minAvailable is 100 %, so no Pod may ever be evicted',
        ),
      ];
    const selector = readLabelSelector(asObject(spec['selector']));
    if (selector.kind === 'invalid') return [fault(at, `PDB has invalid label selector: ${selector.reason}`)];
    if (asObject(spec['selector']) === undefined) return [];
    return workloadsBeside(resource, set)
      .map(({ resource: other }) => other)
      .filter((other) => {
        const own = podViewOf(other) === undefined ? undefined : selectorOf(other);
        return own !== undefined && selects(selector, asObject(own.selector?.['matchLabels']) ?? {});
      })
      .flatMap((other): ManifestFault[] => {
        const replicas = effectiveReplicas(other, set);
        const least = read.isPercent ? Math.ceil(replicas * (read.value / 100)) : read.value;
        if (replicas > least) return [];
        return [
          fault(
            at,
            `The current number of replicas for deployment ${other.name ?? ''} is equal to or lower than the minimum number of replicas specified by its PDB.`,
            `minAvailable leaves none of the replicas of ${other.kind} ${other.name ?? ''} to be evicted`,
          ),
        ];
      });
  },
});

/** Replicas as written, or what an autoscaler keeps where only one is. */
function effectiveReplicas(resource: KubernetesResource, set: ManifestSet): number {
  const replicas = replicasOf(resource) ?? 0;
  if (replicas !== 1) return replicas;
  const scaler = [...set.ofKind('HorizontalPodAutoscaler'), ...set.ofKind('ScaledObject')].findLast(
    (other) =>
      isInSameNamespace(other, resource) && asObject(specOf(other)['scaleTargetRef'])?.['name'] === resource.name,
  );
  return scaler === undefined ? replicas : (leastReplicasOf(scaler) ?? replicas);
}

export const budgetEvictionPolicyTemplate = defineTemplate({
  name: 'pdb-unhealthy-pod-eviction-policy',
  kinds: ['PodDisruptionBudget'],
  parameters: [],
  instantiate: () => (resource) => {
    if (!isOfKind(resource, ['PodDisruptionBudget'])) return [];
    const written = specOf(resource)['unhealthyPodEvictionPolicy'];
    if (written !== undefined && written !== null) return [];
    return [fault(['spec', 'unhealthyPodEvictionPolicy'], 'unhealthyPodEvictionPolicy is not explicitly set')];
  },
});
