// SPDX-License-Identifier: Apache-2.0
// Whether the disruption budget of a Deployment wants more Pods than its autoscaler keeps.

import { asObject } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { ManifestFault, ManifestSet } from '../manifest-check.ts';
import { polarisViewOf } from './view.ts';

export function budgetOverScaler(resource: KubernetesResource, set: ManifestSet): readonly ManifestFault[] {
  if (polarisViewOf(resource) === undefined) return [];
  const budget = budgetOf(resource, set);
  const least = asObject(scalerOf(resource, set)?.object['spec'])?.['minReplicas'];
  const wanted = asObject(budget?.object['spec'])?.['minAvailable'];
  if (typeof least !== 'number') return [];
  const available = availableOf(wanted, least);
  if (available === undefined || available <= least) return [];
  const name = budget?.name ?? '(no name)';
  return [
    {
      message: `the PodDisruptionBudget ${name} keeps ${available} Pods available, the autoscaler only ${least}`,
      at: ['metadata', 'name'],
    },
  ];
}

/** A budget that shares one label with the Pods, of any namespace: so Polaris has it. */
function budgetOf(resource: KubernetesResource, set: ManifestSet): KubernetesResource | undefined {
  const template = asObject(asObject(resource.object['spec'])?.['template']);
  const labels = asObject(asObject(template?.['metadata'])?.['labels']) ?? {};
  return set.ofKind('PodDisruptionBudget').find(({ object }) => {
    const selected = asObject(asObject(asObject(object['spec'])?.['selector'])?.['matchLabels']) ?? {};
    return Object.entries(selected).some(([key, value]) => labels[key] === value);
  });
}

function scalerOf({ name }: KubernetesResource, set: ManifestSet): KubernetesResource | undefined {
  return set.ofKind('HorizontalPodAutoscaler').find(({ object }) => {
    const target = asObject(asObject(object['spec'])?.['scaleTargetRef']);
    return target?.['kind'] === 'Deployment' && target['name'] === name;
  });
}

/** A number, or a percentage of the replicas rounded up. */
function availableOf(wanted: unknown, replicas: number): number | undefined {
  if (typeof wanted === 'number') return wanted;
  const match = typeof wanted === 'string' ? /^([0-9]{1,4})%$/.exec(wanted) : null;
  return match === null ? undefined : Math.ceil((replicas * Number(match[1])) / 100);
}
