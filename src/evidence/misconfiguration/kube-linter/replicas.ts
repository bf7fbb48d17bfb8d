// SPDX-License-Identifier: Apache-2.0
// Numbers and selectors of workloads as KubeLinter takes them out of objects: replicas, what autoscalers keep, integers or percentages.

import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { isOfKind } from './object-kinds.ts';

const scaled = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'DeploymentConfig'] as const;

/** Replicas an object asks for; undefined for kinds without any. A DeploymentConfig without a number has none at all, the others one. */
export function replicasOf(resource: KubernetesResource): number | undefined {
  if (!isOfKind(resource, scaled)) return undefined;
  const written = specOf(resource)['replicas'];
  if (typeof written === 'number') return written;
  return resource.kind === 'DeploymentConfig' ? 0 : 1;
}

export function specOf(resource: KubernetesResource): JsonObject {
  return asObject(resource.object['spec']) ?? {};
}

export function leastReplicasOf(resource: KubernetesResource): number | undefined {
  const member = isOfKind(resource, ['HorizontalPodAutoscaler'])
    ? 'minReplicas'
    : isOfKind(resource, ['ScaledObject'])
      ? 'minReplicaCount'
      : undefined;
  if (member === undefined) return undefined;
  const written = specOf(resource)[member];
  return typeof written === 'number' ? written : 1;
}

/** The selector an object looks for its Pods with; undefined for kinds that have none of that form. */
export function selectorOf(resource: KubernetesResource): { readonly selector: JsonObject | undefined } | undefined {
  const spec = specOf(resource);
  switch (resource.kind) {
    case 'Pod':
    case 'ReplicationController':
      return undefined;
    case 'DeploymentConfig':
      return { selector: { matchLabels: asObject(spec['selector']) ?? {} } };
    case 'CronJob':
      return { selector: asObject(asObject(asObject(spec['jobTemplate'])?.['spec'])?.['selector']) };
    default:
      return { selector: asObject(spec['selector']) };
  }
}

export type IntOrPercent = { readonly value: number; readonly isPercent: boolean };

/** An integer or a percentage as Kubernetes writes them in strategies and budgets; undefined for anything else. */
export function readIntOrPercent(written: unknown): IntOrPercent | undefined {
  if (typeof written === 'number') return { value: written, isPercent: false };
  const match = typeof written === 'string' ? /^([+-]?[0-9]{1,9})(%?)$/.exec(written) : null;
  return match === null ? undefined : { value: Number(match[1]), isPercent: match[2] === '%' };
}
